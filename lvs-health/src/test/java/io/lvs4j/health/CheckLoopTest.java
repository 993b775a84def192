package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.Ticker;
import io.lvs4j.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every 10 s, timeout 2 s, 2 retries 3 s apart, first attempt at once; times are milliseconds since the start. */
class CheckLoopTest {
    private final ManualTime time = new ManualTime();
    private final ScriptedProbe probe = new ScriptedProbe(time);
    private final List<String> verdicts = new ArrayList<>();
    private final TcpCheck.Builder check = TcpCheck.builder()
            .delayLoop(Duration.ofSeconds(10))
            .connectTimeout(Duration.ofSeconds(2))
            .retries(2)
            .delayBeforeRetry(Duration.ofSeconds(3))
            .warmup(Duration.ZERO);

    @Test
    void theFirstPassIsTheFirstVerdict() {
        probe.script("p");

        start();
        time.advance(Duration.ofSeconds(25));

        assertThat(verdicts).containsExactly("0 up: fine");
        assertThat(probe.begunMillis).containsExactly(0L, 10_000L, 20_000L);
    }

    @Test
    void theFirstAttemptHasNoRetries() {
        probe.script("f");

        start();
        time.advance(Duration.ofSeconds(25));

        assertThat(verdicts).containsExactly("0 down: connect: refused");
        assertThat(probe.begunMillis).containsExactly(0L, 10_000L, 20_000L);
    }

    @Test
    void aServerThatIsUpIsDownAfterAllRetriesFailed() {
        probe.script("pf");

        start();
        time.advance(Duration.ofSeconds(30));

        assertThat(verdicts).containsExactly("0 up: fine", "16000 down: connect: refused");
        assertThat(probe.begunMillis).containsExactly(0L, 10_000L, 13_000L, 16_000L, 26_000L);
    }

    @Test
    void onePassAmongTheRetriesIsEnough() {
        probe.script("pffpffp");

        start();
        time.advance(Duration.ofSeconds(45));

        assertThat(verdicts).containsExactly("0 up: fine");
        assertThat(probe.begunMillis)
                .containsExactly(0L, 10_000L, 13_000L, 16_000L, 26_000L, 29_000L, 32_000L, 42_000L);
    }

    @Test
    void aServerThatIsDownIsUpAfterOnePass() {
        probe.script("ffp");

        start();
        time.advance(Duration.ofSeconds(30));

        assertThat(verdicts).containsExactly("0 down: connect: refused", "20000 up: fine");
    }

    @Test
    void riseCountsPassesInARow() {
        check.rise(3);
        probe.script("fppfppp");

        start();
        time.advance(Duration.ofSeconds(100));

        assertThat(verdicts).containsExactly("0 down: connect: refused", "60000 up: fine");
    }

    @Test
    void anInconclusiveResultCountsNeitherWayAndWaitsForTheDelayLoop() {
        probe.script("ipfiffp");

        start();
        time.advance(Duration.ofSeconds(60));

        // The failures at 20 s, 33 s and 36 s make three, whatever happened at 23 s.
        assertThat(verdicts).containsExactly("10000 up: fine", "36000 down: connect: refused", "46000 up: fine");
    }

    @Test
    void silenceIsAFailureAtTheDeadlineAndTheRetryWaitsFromThereOn() {
        probe.script("ps");

        start();
        time.advance(Duration.ofSeconds(30));

        assertThat(probe.begunMillis).containsExactly(0L, 10_000L, 15_000L, 20_000L, 30_000L);
        assertThat(verdicts).containsExactly("0 up: fine", "22000 down: connect: no answer within 2s");
        assertThat(probe.aborted).isEqualTo(3);
    }

    @Test
    void aDeadlineThatIsNoticedLateIsExcusedOnce() {
        probe.script("ps");
        check.retries(0);
        CheckLoop loop = loop(() -> time.nanos() + Duration.ofMillis(101).toNanos() * probe.open);
        loop.start(0);

        time.advance(Duration.ofSeconds(15));
        assertThat(loop.latest()).contains(CheckResult.inconclusive("the deadline was noticed 101ms late"));
        assertThat(verdicts).containsExactly("0 up: fine");

        time.advance(Duration.ofSeconds(10));
        assertThat(verdicts).containsExactly("0 up: fine", "22000 down: connect: no answer within 2s");
    }

    @Test
    void aDeadlineThatIsNoticedALittleLateIsNotExcused() {
        probe.script("ps");
        check.retries(0);
        CheckLoop loop = loop(() -> time.nanos() + Duration.ofMillis(100).toNanos() * probe.open);
        loop.start(0);

        time.advance(Duration.ofSeconds(15));

        assertThat(verdicts).containsExactly("0 up: fine", "12000 down: connect: no answer within 2s");
    }

    @Test
    void anAnswerAfterTheDeadlineIsIgnored() {
        probe.answer(CheckResult.passed("late"), Duration.ofMillis(2_500));

        start();
        time.advance(Duration.ofSeconds(9));

        assertThat(verdicts).containsExactly("2000 down: connect: no answer within 2s");
    }

    @Test
    void anAttemptLongerThanTheDelayLoopDelaysTheNextToRightAfterIt() {
        check.delayLoop(Duration.ofSeconds(1));
        probe.answer(CheckResult.passed("slow"), Duration.ofMillis(1_500));

        start();
        time.advance(Duration.ofSeconds(5));

        assertThat(probe.begunMillis).containsExactly(0L, 1_500L, 3_000L, 4_500L);
        assertThat(probe.mostOpen).isOne();
    }

    @Test
    void closingAbortsTheRunningAttemptAndLeavesNothingDue() {
        probe.script("s");
        CheckLoop loop = start();
        time.advance(Duration.ofSeconds(1));

        loop.close();
        loop.close();

        assertThat(probe.aborted).isOne();
        assertThat(time.pending()).isZero();
        time.advance(Duration.ofMinutes(1));
        assertThat(probe.begunMillis).hasSize(1);
        assertThat(verdicts).isEmpty();
    }

    @Test
    void closingBetweenAttemptsLeavesNothingDue() {
        probe.script("p");
        CheckLoop loop = start();
        time.advance(Duration.ofSeconds(1));

        loop.close();

        assertThat(time.pending()).isZero();
    }

    @Test
    void theListenerMayCloseTheWatch() {
        probe.script("p");
        List<CheckLoop> loops = new ArrayList<>();
        CheckLoop loop = new CheckLoop(
                ServerKey.of("192.0.2.1", 80),
                check.build().timing(),
                probe,
                (up, cause) -> loops.get(0).close(),
                time,
                time);
        loops.add(loop);

        loop.start(0);
        time.advance(Duration.ofMinutes(1));

        assertThat(probe.begunMillis).hasSize(1);
        assertThat(time.pending()).isZero();
    }

    @Test
    void latestIsEmptyBeforeTheFirstResultAndThenTheLatest() {
        probe.script("pfp");
        CheckLoop loop = start();
        assertThat(loop.latest()).isEmpty();

        time.advance(Duration.ZERO);
        assertThat(loop.latest()).contains(CheckResult.passed("fine"));

        time.advance(Duration.ofSeconds(10));
        assertThat(loop.latest()).contains(CheckResult.failed("connect", "refused"));
    }

    @Test
    void firstAttemptsSpreadEvenlyOverTheWarmup() {
        check.warmup(Duration.ofMinutes(1)).delayLoop(Duration.ofMinutes(10));
        probe.script("p");
        Spread spread = new Spread(0.3);
        for (int i = 0; i < 1_000; i++) {
            loop().start(spread.next());
        }

        int busiest = 0;
        for (int i = 0; i < 600; i++) {
            int before = probe.begunMillis.size();
            time.advance(Duration.ofMillis(100));
            busiest = Math.max(busiest, probe.begunMillis.size() - before);
        }

        assertThat(probe.begunMillis).hasSize(1_000);
        assertThat(busiest).isLessThanOrEqualTo(2 * 1_000 / 600); // twice the mean
    }

    @Test
    void aServerThatRecoversFastIsAskedAgainAfterTheRetryDelayOnceItHasPassed() {
        check.rise(3).fastRecovery();
        probe.script("fpfppp");

        start();
        time.advance(Duration.ofSeconds(60));

        assertThat(probe.begunMillis).startsWith(0L, 10_000L, 13_000L, 23_000L, 26_000L, 29_000L, 39_000L);
        assertThat(verdicts).containsExactly("0 down: connect: refused", "29000 up: fine");
    }

    @Test
    void newAdviceOfAServerThatIsUpIsToldAndTheSameAdviceIsNot() {
        check.rise(2).retries(0);
        CheckResult half = CheckResult.passed("half", new Advice.Percent(50));
        CheckResult whole = CheckResult.passed("whole", new Advice.Percent(100));
        CheckResult refused = ScriptedProbe.of('f');
        for (CheckResult result : List.of(half, half, whole, refused, half, half, whole, ScriptedProbe.of('p'))) {
            probe.answer(result, Duration.ZERO);
        }

        start();
        time.advance(Duration.ofSeconds(100));

        assertThat(verdicts)
                .containsExactly(
                        "0 up: half",
                        "20000 up: whole",
                        "30000 down: connect: refused",
                        "50000 up: half",
                        "60000 up: whole",
                        "70000 up: fine");
    }

    @Test
    void aStepThatFailsIsNotTheLast() {
        probe.script("p");
        List<Long> begunMillis = new ArrayList<>();
        Probe failing = (server, outcome) -> {
            begunMillis.add(probe.millis());
            if (begunMillis.size() == 1) {
                throw new NoClassDefFoundError("a class of this test cannot be loaded");
            }
            return probe.begin(server, outcome);
        };

        loop(failing, time).start(0);
        time.advance(Duration.ofSeconds(25));

        assertThat(begunMillis).containsExactly(0L, 10_000L, 20_000L);
        assertThat(verdicts).containsExactly("10000 up: fine");
    }

    @Test
    void aResultThatCannotBeToldIsNotTheLast() {
        probe.script("pf");
        List<String> told = new ArrayList<>();
        CheckLoop loop = new CheckLoop(
                ServerKey.of("192.0.2.1", 80),
                check.retries(0).build().timing(),
                probe,
                (up, cause) -> {
                    told.add(probe.millis() + " " + cause);
                    throw new NoClassDefFoundError("a class of this test cannot be loaded");
                },
                time,
                time);

        loop.start(0);
        time.advance(Duration.ofSeconds(25));

        assertThat(told).containsExactly("0 fine", "10000 connect: refused");
        assertThat(probe.begunMillis).containsExactly(0L, 10_000L, 20_000L);
        assertThat(probe.mostOpen).isOne();
    }

    private CheckLoop start() {
        CheckLoop loop = loop();
        loop.start(0);
        return loop;
    }

    private CheckLoop loop() {
        return loop(time);
    }

    private CheckLoop loop(Ticker ticker) {
        return loop(probe, ticker);
    }

    private CheckLoop loop(Probe asking, Ticker ticker) {
        return new CheckLoop(
                ServerKey.of("192.0.2.1", 80),
                check.build().timing(),
                asking,
                (up, cause) -> verdicts.add(probe.millis() + (up ? " up: " : " down: ") + cause),
                ticker,
                time);
    }
}
