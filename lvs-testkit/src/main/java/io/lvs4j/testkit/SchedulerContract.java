package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.ListenAddress;
import io.lvs4j.RealServer;
import io.lvs4j.Scheduling;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.ServerCounters;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every scheduler keeps to, the kernel's and yours, seen through a {@link Director}. Extend it and say which schedulers,
 * and on which backend:
 *
 * <pre>{@code
 * class FewestErrorsTest extends SchedulerContract {
 *     protected List<Scheduling> schedulings() { return List.of(Scheduling.custom(new FewestErrors())); }
 *     protected BackendHarness createHarness() { return new HeadlessHarness(); }
 * }
 * }</pre>
 */
public abstract class SchedulerContract {
    private static final int CLIENTS = 60;
    private static final int ROUNDS = 8;

    /** For subclasses. */
    protected SchedulerContract() {}

    /** {@return the schedulers to check} */
    protected abstract List<Scheduling> schedulings();

    /** {@return a new harness; the suite closes it} */
    protected abstract BackendHarness createHarness();

    /**
     * {@return whether a scheduler may refuse a client although there is a server that can be used} By default the hashes
     * may, unless they have a fallback: the client's server takes it or nobody does.
     *
     * @param scheduling the scheduler
     */
    protected boolean mayRefuse(Scheduling scheduling) {
        return switch (scheduling.name()) {
            case "sh", "mh", "dh" ->
                scheduling.flags().stream().noneMatch(flag -> flag.toString().endsWith("-fallback"));
            default -> false;
        };
    }

    /**
     * {@return whether a scheduler may choose a server that has its upper threshold of connections} By default {@code lblc}
     * may, as in the kernel: an address that it remembers stays where it is.
     *
     * @param scheduling the scheduler
     */
    protected boolean mayOverload(Scheduling scheduling) {
        return scheduling.name().equals("lblc");
    }

    // ---------------------------------------------------------------- the rules

    @TestFactory
    Stream<DynamicTest> withoutServersClientsAreRefused() {
        return each(lab -> {
            lab.serve();
            assertThat(lab.serversOf(CLIENTS)).containsOnly(Optional.empty());
        });
    }

    @TestFactory
    Stream<DynamicTest> oneServerGetsEveryClient() {
        return each(lab -> {
            ServerKey only = lab.harness.startServer();
            lab.serve(server(only, 1));
            assertThat(lab.serversOf(CLIENTS)).containsOnly(Optional.of(only));
        });
    }

    @TestFactory
    Stream<DynamicTest> aServerWithWeightZeroGetsNobody() {
        return each(lab -> {
            ServerKey quiesced = lab.harness.startServer();
            ServerKey other = lab.harness.startServer();
            lab.serve(server(quiesced, 0), server(other, 2));
            lab.assertGoTo(Set.of(other), lab.serversOf(CLIENTS));
            lab.service().server(quiesced).weight(3);
            lab.service().server(other).weight(0);
            lab.assertGoTo(Set.of(quiesced), lab.serversOf(CLIENTS));
            lab.service().server(quiesced).weight(0);
            assertThat(lab.serversOf(CLIENTS)).containsOnly(Optional.empty());
        });
    }

    @TestFactory
    Stream<DynamicTest> aServerInMaintenanceGetsNobodyAndComesBack() {
        return each(lab -> {
            ServerKey first = lab.harness.startServer();
            ServerKey second = lab.harness.startServer();
            lab.serve(server(first, 1), server(second, 1));
            lab.service().server(first).startMaintenance();
            assertThat(lab.serversOf(CLIENTS)).containsOnly(Optional.of(second));
            lab.service().server(first).endMaintenance();
            lab.service().server(second).startMaintenance();
            assertThat(lab.serversOf(CLIENTS)).containsOnly(Optional.of(first));
        });
    }

    @TestFactory
    Stream<DynamicTest> aFullServerGetsNobodyUntilItHasRoom() {
        return each(lab -> {
            ServerKey small = lab.harness.startServer();
            lab.serve(RealServer.builder(small)
                    .weight(100)
                    .upperThreshold(4)
                    .lowerThreshold(2)
                    .build());
            List<BackendHarness.Connection> held = new ArrayList<>();
            for (int client = 1; client <= 4; client++) {
                held.add(lab.connect(client).orElseThrow());
            }
            if (!mayOverload(lab.scheduling)) {
                assertThat(lab.serversOf(CLIENTS)).containsOnly(Optional.empty());
            }
            lab.end(held);
            assertThat(lab.connect(1)).isPresent();
        });
    }

    @TestFactory
    Stream<DynamicTest> aRemovedServerGetsNobodyAndANewOneTakesPart() {
        return each(lab -> {
            ServerKey first = lab.harness.startServer();
            ServerKey second = lab.harness.startServer();
            lab.serve(server(first, 1));
            lab.service().add(server(second, 5));
            lab.service().server(first).remove();
            assertThat(lab.serversOf(CLIENTS)).containsOnly(Optional.of(second));
        });
    }

    @TestFactory
    Stream<DynamicTest> aSchedulerTakesOverAServiceWithConnections() {
        return each(lab -> {
            ServerKey first = lab.harness.startServer();
            ServerKey second = lab.harness.startServer();
            lab.serve(Scheduling.of("rr"), server(first, 100), server(second, 100));
            List<BackendHarness.Connection> held = new ArrayList<>();
            for (int client = 1; client <= 6; client++) {
                held.add(lab.connect(client).orElseThrow());
            }
            lab.service().scheduling(lab.scheduling);
            lab.assertGoTo(Set.of(first, second), lab.serversOf(CLIENTS));
            assertThat(held).allMatch(BackendHarness.Connection::works);
            lab.service().scheduler("wlc");
            assertThat(lab.serversOf(2)).allMatch(Optional::isPresent);
        });
    }

    @TestFactory
    Stream<DynamicTest> whenAllConnectionsHaveEndedNothingIsCounted() {
        return each(lab -> {
            RealServer[] servers = new RealServer[5];
            for (int i = 0; i < servers.length; i++) {
                servers[i] = server(lab.harness.startServer(), 50 + i);
            }
            lab.serve(servers);
            List<BackendHarness.Connection> held = new ArrayList<>();
            for (int client = 1; client <= CLIENTS; client++) {
                lab.connect(client).ifPresent(held::add);
            }
            assertThat(held).hasSize(CLIENTS);
            assertThat(lab.open()).isEqualTo(CLIENTS);
            lab.end(held);
            assertThat(lab.open()).isZero();
        });
    }

    /**
     * Two clients connect all the time while servers come and are quiesced; there always is a server. The weights leave room
     * for connections whose end has not been noticed yet: {@code ovf} refuses clients when all servers are full.
     */
    @TestFactory
    Stream<DynamicTest> changesWhileClientsConnectMisleadNobody() {
        return each(lab -> {
            ServerKey first = lab.harness.startServer();
            lab.serve(server(first, 20));
            AtomicBoolean stop = new AtomicBoolean();
            ExecutorService clients = Executors.newFixedThreadPool(2);
            try {
                List<Future<Boolean>> running = new ArrayList<>();
                for (int c = 0; c < 2; c++) {
                    int client = 1 + c;
                    running.add(clients.submit(() -> {
                        boolean refused = false;
                        while (!stop.get()) {
                            Optional<BackendHarness.Connection> connection = lab.connect(client);
                            refused |= connection.isEmpty();
                            connection.ifPresent(BackendHarness.Connection::close);
                        }
                        return refused;
                    }));
                }
                for (int round = 0; round < ROUNDS; round++) {
                    ServerKey another = lab.harness.startServer();
                    lab.service().add(server(another, 20 + round % 7));
                    lab.service().server(first).weight(0);
                    lab.service().server(first).weight(20 + round % 5);
                    lab.service().server(another).weight(0);
                }
                stop.set(true);
                for (Future<Boolean> client : running) {
                    assertThat(client.get(30, TimeUnit.SECONDS) && !mayRefuse(lab.scheduling))
                            .as("refused although there was a server")
                            .isFalse();
                }
            } finally {
                stop.set(true);
                clients.shutdownNow();
            }
            lab.awaitNoneOpen();
        });
    }

    // ---------------------------------------------------------------- the lab

    /** A rule. */
    private interface Rule {
        void check(Lab lab) throws Exception;
    }

    private Stream<DynamicTest> each(Rule rule) {
        return schedulings().stream()
                .map(scheduling -> DynamicTest.dynamicTest(scheduling.toString(), () -> {
                    try (Lab lab = new Lab(scheduling)) {
                        rule.check(lab);
                    }
                }));
    }

    private static RealServer server(ServerKey key, int weight) {
        return RealServer.builder(key).weight(weight).build();
    }

    /** A director with one service. */
    private final class Lab implements AutoCloseable {
        final Scheduling scheduling;
        final BackendHarness harness = createHarness();
        private final Director director =
                Director.builder().backend(harness.createBackend()).build();
        private final ListenAddress address = harness.freeListenAddress();
        private @Nullable ServiceHandle service;

        Lab(Scheduling scheduling) {
            this.scheduling = scheduling;
        }

        void serve(RealServer... servers) {
            serve(scheduling, servers);
        }

        void serve(Scheduling first, RealServer... servers) {
            service = director.add(VirtualService.builder()
                    .listen(address)
                    .scheduling(first)
                    .build()
                    .withRealServers(List.of(servers)));
        }

        ServiceHandle service() {
            return Objects.requireNonNull(service, "serve first");
        }

        Optional<BackendHarness.Connection> connect(int client) {
            try {
                byte[] loopback = {127, 7, (byte) (client / 250), (byte) (1 + client % 250)};
                return harness.connect(InetAddress.getByAddress(loopback), address);
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e); // 4 bytes are always an address
            }
        }

        /** Returns which servers so many clients get, one after the other. */
        Set<Optional<ServerKey>> serversOf(int clients) {
            Set<Optional<ServerKey>> servers = new HashSet<>();
            for (int client = 1; client <= clients; client++) {
                Optional<BackendHarness.Connection> connection = connect(client);
                servers.add(connection.map(BackendHarness.Connection::server));
                connection.ifPresent(BackendHarness.Connection::close);
            }
            return servers;
        }

        void assertGoTo(Set<ServerKey> allowed, Set<Optional<ServerKey>> servers) {
            Set<Optional<ServerKey>> expected = new HashSet<>();
            allowed.forEach(server -> expected.add(Optional.of(server)));
            if (mayRefuse(scheduling)) {
                expected.add(Optional.empty());
            }
            assertThat(expected).containsAll(servers);
        }

        void end(List<BackendHarness.Connection> connections) {
            connections.forEach(BackendHarness.Connection::close);
            awaitNoneOpen();
        }

        /** A backend may notice the end of a connection a little later. */
        void awaitNoneOpen() {
            Patience.await(() -> open() == 0);
        }

        int open() {
            return service().snapshot().servers().stream()
                    .map(server -> server.counters())
                    .mapToInt(ServerCounters::open)
                    .sum();
        }

        @Override
        public void close() {
            director.close();
            harness.close();
        }
    }
}
