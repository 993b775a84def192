package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.ListenAddress;
import io.lvs4j.RealServer;
import io.lvs4j.ServerHandle;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.HeadlessHarness;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where the kernel and the engine do not choose alike; the package's page says why. */
class DifferencesKernelTest {
    private static final boolean LINUX_6_1 = System.getProperty("os.version").startsWith("6.1.");

    @Test
    void theKernelCountsAConnectionForSomeTimeAfterItsEnd() {
        assertDiffer("wlc", lab -> lab.pick(1) + lab.pick(1) + lab.pick(1), "BAB", "BBB");
    }

    @Test
    void inTheKernelEndedConnectionsKeepAServerAtItsThreshold() {
        assertDiffer(
                "rr",
                lab -> {
                    lab.limitB(1);
                    lab.service.server(lab.a).remove();
                    return lab.pick(1) + lab.pick(1);
                },
                "B-",
                "BB");
    }

    @Test
    void newThresholdsMeanAServerAsItIsButToLinuxSixOneAsItIsAfterItsNextConnection() {
        assertDiffer(
                "rr",
                lab -> {
                    String held = lab.hold(1) + lab.hold(1);
                    lab.limitB(1);
                    return held + lab.hold(1) + lab.hold(1) + lab.hold(1);
                },
                LINUX_6_1 ? "BABAA" : "BAAAA",
                "BAAAA");
    }

    @Test
    void aServerThatReturnsHasItsOldPlaceInTheKernelIfItKeptConnections() {
        assertDiffer(
                "rr",
                lab -> {
                    String held = lab.hold(1) + lab.hold(1);
                    ServerHandle server = lab.service.server(lab.a);
                    server.startMaintenance();
                    server.endMaintenance();
                    return held + lab.hold(1) + lab.hold(1);
                },
                "BABA",
                "BAAB");
    }

    @Test
    void theKernelForgetsAClientOfAQuiescedServerOnlyIfItComesMeanwhile() {
        assertDiffer(
                "rr",
                lab -> {
                    lab.service.update(lab.service.description().toBuilder()
                            .persistence(Duration.ofMinutes(5))
                            .build());
                    String first = lab.pick(1);
                    lab.service.server(lab.b).weight(0);
                    lab.service.server(lab.b).weight(1);
                    return first + lab.pick(1);
                },
                "BB",
                "BA");
    }

    @Test
    void theKernelsLocalitySchedulersKnowAServerAgainThatWasRemoved() {
        assertDiffer(
                "lblc",
                lab -> {
                    lab.service.server(lab.b).weight(0);
                    String first = lab.pick(1);
                    lab.service.server(lab.b).weight(1);
                    for (ServerKey server : List.of(lab.a, lab.b)) {
                        lab.service.server(server).remove();
                        lab.service.add(RealServer.builder(server).build());
                    }
                    return first + lab.pick(1);
                },
                "AA",
                "AB");
    }

    private interface Story {
        String tell(Lab lab) throws Exception;
    }

    private static void assertDiffer(String scheduler, Story story, String onKernel, String onEngine) {
        assertThat(tell(scheduler, story, IpvsHarness.longRemembering()))
                .as("kernel")
                .isEqualTo(onKernel);
        assertThat(tell(scheduler, story, new HeadlessHarness())).as("engine").isEqualTo(onEngine);
    }

    private static String tell(String scheduler, Story story, BackendHarness harness) {
        try (harness;
                Lab lab = new Lab(scheduler, harness)) {
            return story.tell(lab);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A service with the servers A and B. */
    private static final class Lab implements AutoCloseable {
        final ServerKey a;
        final ServerKey b;
        final ServiceHandle service;
        private final BackendHarness harness;
        private final Director director;
        private final ListenAddress address;

        Lab(String scheduler, BackendHarness harness) {
            this.harness = harness;
            director = Director.builder().backend(harness.createBackend()).build();
            address = harness.freeListenAddress();
            a = harness.startServer();
            b = harness.startServer();
            service = director.add(VirtualService.builder()
                    .listen(address)
                    .scheduler(scheduler)
                    .build()
                    .withRealServers(List.of(
                            RealServer.builder(a).build(), RealServer.builder(b).build())));
        }

        void limitB(int connections) {
            service.update(service.description()
                    .withRealServer(
                            RealServer.builder(b).upperThreshold(connections).build()));
        }

        String hold(int client) throws Exception {
            return letter(connect(client));
        }

        String pick(int client) throws Exception {
            Optional<BackendHarness.Connection> connection = connect(client);
            connection.ifPresent(BackendHarness.Connection::close);
            return letter(connection);
        }

        private Optional<BackendHarness.Connection> connect(int client) throws Exception {
            return harness.connect(InetAddress.getByName("127.0.0." + client), address);
        }

        private String letter(Optional<BackendHarness.Connection> connection) {
            return connection.map(each -> each.server().equals(a) ? "A" : "B").orElse("-");
        }

        @Override
        public void close() {
            director.close();
        }
    }
}
