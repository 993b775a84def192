package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.FlapDamping;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.CustomCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Many verdicts at once. */
class DirectorVerdictBurstTest {
    /** A director on a backend that counts updates, with two services that have the same servers. */
    private static final class Scene implements AutoCloseable {
        final FailingBackend backend = new FailingBackend();
        final ManualTime time = new ManualTime();
        final ScriptedHealthMonitor health = new ScriptedHealthMonitor();
        final List<DirectorEvent> events = new CopyOnWriteArrayList<>();
        final List<ServerKey> servers = new ArrayList<>();
        final Director director = Director.builder()
                .backend(backend)
                .healthMonitor(health)
                .ticker(time)
                .timers(time)
                .listener(events::add)
                .build();
        final ServiceHandle plain;
        final ServiceHandle ruled;

        Scene(int size) {
            for (int i = 0; i < size; i++) {
                servers.add(ServerKey.of("10.1." + i / 250 + "." + (i % 250 + 1), 80));
            }
            plain = director.add(service(1));
            ruled = director.add(service(2).toBuilder()
                    .quorum(size / 2, 1)
                    .sorryServer("10.2.0.1:80")
                    .panicThreshold(20)
                    .slowStart(Duration.ofMinutes(1))
                    .flapDamping(new FlapDamping(Duration.ofSeconds(10), Duration.ofMinutes(1)))
                    .build());
        }

        private VirtualService service(int number) {
            VirtualService.Builder service = VirtualService.builder()
                    .listen("10.0.0." + number, 80)
                    .scheduler("rr")
                    .healthCheck(TcpCheck.create());
            for (int i = 0; i < servers.size(); i++) {
                service.realServer(
                        RealServer.builder(servers.get(i)).priority(i % 2).build());
            }
            return service.build();
        }

        void takeOver() {
            time.advance(Duration.ZERO);
        }

        /** What has been told, without the time; all of it, because the last service is told to be gone. */
        List<String> told() {
            director.close();
            return events.stream()
                    .map(event -> event.toString().replaceFirst("time=[^,]*, ", ""))
                    .toList();
        }

        @Override
        public void close() {
            director.close();
        }
    }

    @Test
    void aThousandVerdictsThatWaitAreOneUpdateOfABackend() {
        try (Scene scene = new Scene(1_000)) {
            int before = scene.backend.updates;
            scene.servers.subList(0, 600).forEach(scene.health::fail);
            scene.health.pass(scene.servers.get(0));
            scene.takeOver();
            assertThat(scene.backend.updates - before).isEqualTo(2); // one for each service
            assertThat(scene.backend.members(scene.plain.key()).stream().filter(Pool.Member::serving))
                    .hasSize(201); // of the first priority: the one that passed again, and those that did not fail
            scene.takeOver();
            assertThat(scene.backend.updates - before).isEqualTo(2);
        }
    }

    @Test
    void whatIsToldOfABurstIsWhatIsToldOneByOne() {
        try (Scene oneByOne = new Scene(12);
                Scene bursts = new Scene(12)) {
            Random random = new Random(1);
            for (int burst = 0; burst < 200; burst++) {
                int size = 1 + random.nextInt(15);
                for (int i = 0; i < size; i++) {
                    int server = random.nextInt(12);
                    boolean up = random.nextBoolean();
                    say(oneByOne, server, up);
                    oneByOne.takeOver();
                    say(bursts, server, up);
                }
                bursts.takeOver();
                assertThat(bursts.backend.pools).isEqualTo(oneByOne.backend.pools);
                Duration pause = Duration.ofSeconds(random.nextInt(20));
                oneByOne.time.advance(pause);
                bursts.time.advance(pause);
            }
            assertThat(bursts.backend.updates).isLessThan(oneByOne.backend.updates / 2);
            List<String> told = bursts.told();
            assertThat(told).hasSizeGreaterThan(1_000).isEqualTo(oneByOne.told());
        }
    }

    private static void say(Scene scene, int server, boolean up) {
        if (up) {
            scene.health.pass(scene.servers.get(server));
        } else {
            scene.health.fail(scene.servers.get(server));
        }
    }

    @Test
    void aVerdictThatWaitsWhenItsServerGoesIsForgotten() {
        try (Scene scene = new Scene(4)) {
            scene.health.fail(scene.servers.get(0));
            scene.health.fail(scene.servers.get(1));
            scene.director.remove(scene.ruled.key());
            scene.director.update(scene.plain
                    .description()
                    .withRealServers(scene.plain.description().realServers().subList(1, 4)));
            scene.takeOver();
            assertThat(scene.told())
                    .filteredOn(event -> event.startsWith("ServerDown"))
                    .hasSize(1);
        }
    }

    /** A check that an embedder has made badly. */
    private record Nameless(CheckTiming timing) implements CustomCheck {
        @Override
        public String describe() {
            throw new IllegalStateException("on purpose");
        }

        @Override
        public CompletionStage<CheckResult> probe(ServerKey server) {
            return CompletableFuture.completedFuture(CheckResult.passed("never asked"));
        }
    }

    @Test
    void aCheckThatThrowsCostsNoOtherServerItsVerdict() {
        try (Scene scene = new Scene(4)) {
            ServerKey nameless = ServerKey.of("10.3.0.1", 80);
            scene.director.update(scene.plain.description().toBuilder()
                    .realServer(RealServer.builder(nameless)
                            .healthCheck(new Nameless(TcpCheck.create().timing()))
                            .build())
                    .build());
            scene.health.fail(scene.servers.get(0));
            scene.health.fail(nameless);
            scene.health.fail(scene.servers.get(2));
            scene.takeOver();
            assertThat(scene.backend.members(scene.plain.key()).stream()
                            .filter(member -> !member.serving())
                            .map(member -> member.server().key()))
                    .contains(scene.servers.get(0), scene.servers.get(2))
                    .doesNotContain(nameless);
        }
    }
}
