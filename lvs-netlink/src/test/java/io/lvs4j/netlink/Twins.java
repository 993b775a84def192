package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ConnectionEntry;
import io.lvs4j.Director;
import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.scheduler.HeadlessBackend;
import io.lvs4j.scheduler.Lease;
import io.lvs4j.spi.ServerCounters;
import io.lvs4j.testkit.ManualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The kernel and the engine, each under a director: the same happens to both. */
final class Twins implements AutoCloseable {
    /** New thresholds mean a server as it is, as in the engine; to 6.1 only as it is after its next connection. */
    private static final boolean THRESHOLDS_COUNT_AT_ONCE =
            !System.getProperty("os.version").startsWith("6.1.");

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Longer than any script plays: what ended in it counts until it is forgotten on purpose. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private static final int FIRST_PORT = 10_000;
    private static final int FIRST_CLIENT_NETWORK = 64;
    private static final AtomicInteger CLIENT_NETWORKS = new AtomicInteger(FIRST_CLIENT_NETWORK);

    private final int clientNetwork = CLIENT_NETWORKS.getAndIncrement();
    private final KernelNetwork network = KernelNetwork.get();
    private final Ipvs ipvs = Ipvs.open(network.director());
    private final HeadlessBackend engine = HeadlessBackend.create();
    private final ManualTime time = new ManualTime();
    private final Director onKernel = Director.builder()
            .backend(IpvsBackend.builder()
                    .networkNamespace(network.director())
                    .prepareHost(true)
                    .build())
            .build();
    private final Director onEngine =
            Director.builder().backend(engine).ticker(time).timers(time).build();
    private final IpvsTimeouts timeouts = ipvs.timeouts();
    private int nextPort = FIRST_PORT;

    Twins() {
        ipvs.timeouts(new IpvsTimeouts(Duration.ZERO, REMEMBERED, Duration.ZERO));
    }

    /** Waits until the kernel has forgotten connections that have ended, and templates that no other connection keeps. */
    void forgetWhatEnded(List<Script> scripts, Duration timeout) {
        scripts.forEach(Script::resetWhatEnded);
        while (!scripts.stream().allMatch(Script::kernelCountsNoneThatEnded) || runsOut(ipvs.connections(), timeout)) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        scripts.forEach(Script::countNoneThatEndedOnTheEngine);
        time.advance(timeout);
    }

    /** The kernel gives a template that has connections 60 s more whenever its timeout has run out. */
    private static boolean runsOut(List<ConnectionEntry> connections, Duration timeout) {
        return connections.stream()
                .filter(ConnectionEntry::isTemplate)
                .anyMatch(template -> template.expiresIn().compareTo(timeout) <= 0
                        || connections.stream().noneMatch(each -> keeps(each, template)));
    }

    private static boolean keeps(ConnectionEntry connection, ConnectionEntry template) {
        return !connection.isTemplate()
                && connection.client().getAddress().equals(template.client().getAddress())
                && connection
                        .destination()
                        .getAddress()
                        .equals(template.destination().getAddress());
    }

    Script script(VirtualService service, List<InetAddress> addresses, long seed) {
        return new Script(service, addresses, seed);
    }

    @Override
    public void close() {
        onKernel.close();
        onEngine.close();
        ipvs.timeouts(timeouts);
        ipvs.close();
    }

    /** A connection, which both have. */
    private record Pair(KernelNetwork.Connection onKernel, Lease onEngine) {}

    /** What happens to one service, by chance but always the same for the same seed. */
    final class Script implements AutoCloseable {
        private static final int CLIENTS = 30;
        private static final int NETWORKS = 3;
        private static final int MAX_SERVERS = 8;
        private static final int MAX_WEIGHT = 6;
        private static final int MAX_THRESHOLD = 5;

        private final List<InetAddress> addresses;
        private final Random random;
        private final List<ServiceHandle> both;
        /** Clients of a quiesced server, if it is raised, are the engine's to forget and the kernel's to remember. */
        private final boolean raisesQuiesced;

        /** The kernel's lblc and lblcr remember a removed server, and know it again. */
        private final boolean bringsBack;

        private final List<Pair> open = new ArrayList<>();
        private final List<Pair> closing = new ArrayList<>();
        private final List<RealServer> removed = new ArrayList<>();
        private final Map<InetAddress, String> names = new HashMap<>();
        private final StringBuilder history = new StringBuilder();

        private Script(VirtualService service, List<InetAddress> addresses, long seed) {
            this.addresses = addresses;
            random = new Random(seed);
            List<RealServer> servers = new ArrayList<>();
            for (int i = 1 + random.nextInt(MAX_SERVERS / 2); i > 0; i--) {
                servers.add(newServer());
            }
            VirtualService with = service.withRealServers(servers);
            history.append(with.scheduling()).append(" seed ").append(seed).append(':');
            servers.forEach(server -> log("server", server));
            raisesQuiesced = service.persistence()
                    .map(persistence -> persistence.quiescent() == Persistence.Quiescent.KEEP)
                    .orElse(true);
            bringsBack = !with.scheduling().name().startsWith("lblc");
            both = List.of(onKernel.add(with), onEngine.add(with));
        }

        void play(int steps) {
            for (int i = 0; i < steps; i++) {
                step();
            }
            awaitSameCounts();
        }

        private void step() {
            switch (random.nextInt(24)) {
                case 0, 1 -> changeWeight(random.nextInt(MAX_WEIGHT));
                case 2 -> changeWeight(0);
                case 3 -> addServer();
                case 4 -> removeServer();
                case 5 -> changeThresholds();
                case 6, 7, 8, 9, 10 -> closeOne();
                default -> connect();
            }
        }

        // ------------------------------------------------------------ clients

        void connect() {
            int client = random.nextInt(CLIENTS);
            InetSocketAddress from = new InetSocketAddress(
                    KernelNetwork.ipv4(10, clientNetwork, client % NETWORKS, 1 + client), nextPort++);
            InetAddress to = addresses.get(random.nextInt(addresses.size()));
            Optional<KernelNetwork.Connection> kernels = network.connect(from, to);
            Optional<Lease> engines =
                    engine.acquire(both.get(1).key(), from, new InetSocketAddress(to, KernelNetwork.PORT));
            engines.ifPresent(Lease::established);
            String kernelsChoice = name(kernels.map(KernelNetwork.Connection::server));
            log(from.getAddress().getHostAddress() + ">" + to.getHostAddress(), kernelsChoice);
            assertThat(name(engines.map(lease -> lease.server().address())))
                    .as(history::toString)
                    .isEqualTo(kernelsChoice);
            kernels.ifPresent(connection -> open.add(new Pair(connection, engines.orElseThrow())));
        }

        private void closeOne() {
            if (!open.isEmpty()) {
                close(open.remove(random.nextInt(open.size())));
            }
        }

        /** Both count it as inactive from now on. */
        private void close(Pair pair) {
            log("close", name(Optional.of(pair.onKernel.server())));
            pair.onKernel.endAtServer();
            pair.onEngine.closing();
            closing.add(pair);
            awaitSameCounts();
        }

        /** The packet that resets a connection gets to the director a moment later. */
        private void awaitSameCounts() {
            long start = System.nanoTime();
            while (!counts(both.get(0)).equals(counts(both.get(1))) && System.nanoTime() - start < PATIENCE_NANOS) {
                LockSupport.parkNanos(1);
            }
            assertThat(counts(both.get(0))).as(history::toString).isEqualTo(counts(both.get(1)));
        }

        /** The kernel counts them for 10 s more. */
        void resetWhatEnded() {
            closing.forEach(pair -> pair.onKernel.letGo());
        }

        boolean kernelCountsNoneThatEnded() {
            return both.get(0).snapshot().servers().stream()
                    .allMatch(server -> server.counters().inactive() == 0);
        }

        void countNoneThatEndedOnTheEngine() {
            log("forget", closing.size());
            closing.forEach(pair -> pair.onEngine.close());
            closing.clear();
        }

        // ------------------------------------------------------------ servers

        private RealServer newServer() {
            InetAddress address = network.serverAddress();
            names.put(address, Character.toString('A' + names.size()));
            return withThresholds(RealServer.builder(new ServerKey(address, KernelNetwork.PORT))
                    .weight(random.nextInt(MAX_WEIGHT))
                    .build());
        }

        private RealServer withThresholds(RealServer server) {
            int upper = Math.max(0, random.nextInt(2 * MAX_THRESHOLD) - MAX_THRESHOLD);
            int lower = random.nextInt(upper + 1);
            return server.toBuilder()
                    .upperThreshold(upper)
                    .lowerThreshold(lower)
                    .build();
        }

        private Optional<RealServer> someServer() {
            List<RealServer> servers = both.get(0).description().realServers();
            return servers.isEmpty() ? Optional.empty() : Optional.of(servers.get(random.nextInt(servers.size())));
        }

        private void changeWeight(int weight) {
            someServer()
                    .filter(server -> server.weight() > 0 || raisesQuiesced)
                    .ifPresent(server -> change(
                            "weight",
                            server.withWeight(weight),
                            service -> service.server(server.key()).weight(weight)));
        }

        private void changeThresholds() {
            someServer()
                    .filter(server -> THRESHOLDS_COUNT_AT_ONCE || isIdle(server))
                    .map(this::withThresholds)
                    .ifPresent(server -> change(
                            "thresholds",
                            server,
                            service -> service.update(service.description().withRealServer(server))));
        }

        private boolean isIdle(RealServer server) {
            return both.get(0).server(server.key()).snapshot().counters().open() == 0;
        }

        private void addServer() {
            if (both.get(0).description().realServers().size() < MAX_SERVERS) {
                boolean again = bringsBack && !removed.isEmpty() && random.nextBoolean();
                RealServer server = again ? removed.remove(random.nextInt(removed.size())) : newServer();
                change("add", server, service -> service.add(server));
            }
        }

        private void removeServer() {
            someServer().ifPresent(server -> {
                change("remove", server, service -> service.server(server.key()).remove());
                open.removeIf(pair -> endIfOn(server, pair));
                closing.removeIf(pair -> endIfOn(server, pair));
                awaitForgotten(server.key());
                removed.add(server);
            });
        }

        private boolean endIfOn(RealServer gone, Pair pair) {
            boolean ends = pair.onEngine.server().equals(gone.key());
            if (ends) {
                pair.onKernel.letGo();
                pair.onEngine.close();
            }
            return ends;
        }

        /** The kernel forgets the connections of a removed server a little later; what is left counts if it is added again. */
        private void awaitForgotten(ServerKey gone) {
            while (ipvs.connections().stream()
                    .anyMatch(
                            connection -> connection.destination().getAddress().equals(gone.address()))) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }

        private void change(String what, RealServer server, Consumer<ServiceHandle> change) {
            log(what, server);
            both.forEach(change);
        }

        // ------------------------------------------------------------ what has happened

        private Map<String, String> counts(ServiceHandle service) {
            Map<String, String> counts = new HashMap<>();
            service.snapshot().servers().forEach(server -> {
                ServerCounters counters = server.counters();
                counts.put(
                        name(Optional.of(server.server().key().address())),
                        counters.active() + " active, " + counters.inactive() + " inactive");
            });
            return counts;
        }

        private String name(Optional<InetAddress> server) {
            return server.map(address -> names.getOrDefault(address, address.toString()))
                    .orElse("-");
        }

        private void log(String what, Object value) {
            history.append('\n').append(what).append(' ').append(value);
            if (value instanceof RealServer server) {
                history.append(" = ").append(name(Optional.of(server.key().address())));
            }
        }

        @Override
        public void close() {
            open.forEach(pair -> pair.onKernel.letGo());
            resetWhatEnded();
            both.forEach(ServiceHandle::remove);
        }
    }
}
