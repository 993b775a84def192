package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every 10 s, no retries, first attempt at once. */
class SharedChecksTest {
    private static final ServerKey SERVER = ServerKey.of("192.0.2.1", 80);
    private static final HealthCheck CHECK = TcpCheck.builder()
            .delayLoop(Duration.ofSeconds(10))
            .retries(0)
            .warmup(Duration.ZERO)
            .build();

    private final ManualTime time = new ManualTime();
    private final ScriptedProbe probe = new ScriptedProbe(time);
    private final List<String> told = new ArrayList<>();
    private final SharedChecks checks = new SharedChecks(
            time,
            (question, listener) ->
                    new CheckLoop(question.server(), question.check().timing(), probe, listener, time, time),
            new Spread(0));

    private HealthMonitor.Watch watch(String name, ServerKey server) {
        return checks.watch(
                new SharedChecks.Question(server, CHECK, Optional.empty()),
                (up, cause) -> told.add(name + (up ? " up" : " down")));
    }

    @Test
    void aServerOfTwoServicesIsAskedOnceAndBothHearOfIt() {
        probe.script("pf");
        HealthMonitor.Watch a = watch("a", SERVER);
        HealthMonitor.Watch b = watch("b", SERVER);

        time.advance(Duration.ofSeconds(15));

        assertThat(probe.begunMillis).containsExactly(0L, 10_000L);
        assertThat(told).containsExactly("a up", "b up", "a down", "b down");
        assertThat(a.latest()).isPresent().isEqualTo(b.latest());
    }

    @Test
    void whoAsksForEachAttemptHearsOfItBeforeItsVerdict() {
        probe.script("ppif");
        for (String name : List.of("a", "b")) {
            checks.watch(new SharedChecks.Question(SERVER, CHECK, Optional.empty()), new HealthMonitor.Listener() {
                @Override
                public void verdict(boolean up, CheckResult cause) {
                    told.add(name + (up ? " up" : " down"));
                }

                @Override
                public void attempt(CheckResult result) {
                    told.add(name + " " + result);
                    throw new IllegalStateException("a listener of this test throws on purpose");
                }
            });
        }

        time.advance(Duration.ofSeconds(35));

        assertThat(told.stream().filter(each -> each.startsWith("a")))
                .containsExactly(
                        "a fine", "a up", "a fine", "a inconclusive: no socket", "a connect: refused", "a down");
        assertThat(told.stream().filter(each -> each.startsWith("b"))).hasSize(6);
    }

    @Test
    void whoComesLaterIsToldAtOnceWhatIsKnown() {
        probe.script("f");
        watch("a", SERVER);
        time.advance(Duration.ofSeconds(1));

        watch("b", SERVER);
        time.advance(Duration.ZERO);

        assertThat(told).containsExactly("a down", "b down");
        assertThat(probe.begunMillis).hasSize(1);
    }

    @Test
    void whoComesWhileNothingIsKnownIsToldOnce() {
        probe.script("p");
        watch("a", SERVER);
        watch("b", SERVER);

        time.advance(Duration.ofSeconds(35));

        assertThat(told).containsExactly("a up", "b up");
    }

    @Test
    void aCheckGoesOnUntilTheLastWatchOnItHasEnded() {
        probe.script("pfpf");
        HealthMonitor.Watch a = watch("a", SERVER);
        HealthMonitor.Watch b = watch("b", SERVER);
        time.advance(Duration.ofSeconds(5));

        a.close();
        a.close();
        time.advance(Duration.ofSeconds(10));
        assertThat(told).containsExactly("a up", "b up", "b down");

        b.close();
        assertThat(time.pending()).isZero();
    }

    @Test
    void aCheckThatHasEndedBeginsAnew() {
        probe.script("pf");
        watch("a", SERVER).close();

        watch("b", SERVER);
        time.advance(Duration.ofSeconds(5));

        assertThat(told).containsExactly("b up");
        assertThat(time.pending()).isOne();
    }

    @Test
    void otherServersAreAskedThemselves() {
        probe.script("p");
        watch("a", SERVER);
        watch("b", ServerKey.of("192.0.2.2", 80));

        time.advance(Duration.ofSeconds(9));

        assertThat(probe.begunMillis).hasSize(2);
        assertThat(told).containsExactlyInAnyOrder("a up", "b up");
    }

    @Test
    void aListenerThatThrowsKeepsNothingFromTheOthers() {
        probe.script("p");
        checks.watch(new SharedChecks.Question(SERVER, CHECK, Optional.empty()), (up, cause) -> {
            throw new IllegalStateException("a listener of this test throws on purpose");
        });
        watch("b", SERVER);

        time.advance(Duration.ZERO);

        assertThat(told).containsExactly("b up");
    }
}
