package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.ListenAddress;
import io.lvs4j.ServerKey;
import io.lvs4j.spi.Backend;
import io.lvs4j.testkit.BackendHarness;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Connections through the kernel of a guest. What is overridden with a reason is what the kernel does otherwise. */
final class IpvsHarness implements BackendHarness {
    static final String TWOS = "twos";

    private static final int PROBE = 4711;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final KernelNetwork network = KernelNetwork.get();
    private final Ipvs ipvs = Ipvs.open(network.director());
    private final Set<InetAddress> virtual = ConcurrentHashMap.newKeySet();
    private final List<KernelNetwork.Connection> connections = new CopyOnWriteArrayList<>();
    private final Consumer<KernelNetwork.Connection> end;
    private volatile long lastConnected = System.nanoTime();

    private IpvsHarness(Consumer<KernelNetwork.Connection> end) {
        this.end = end;
    }

    /** Returns a harness whose connections are counted for a second after their end. */
    static IpvsHarness soonForgetting() {
        return new IpvsHarness(KernelNetwork.Connection::endAtServer);
    }

    /** Returns a harness whose connections are counted for 10 s after their end. */
    static IpvsHarness longRemembering() {
        return new IpvsHarness(KernelNetwork.Connection::reset);
    }

    /** Returns whether this kernel has the scheduler that 6.1 is built without. */
    static boolean kernelHasTwos() {
        IpvsServiceKey key = new IpvsServiceKey.FirewallMark(PROBE, AddressFamily.INET);
        try (Ipvs ipvs = Ipvs.open(KernelNetwork.get().director())) {
            return ipvs.tryAll(List.of(
                            new IpvsChange.AddService(IpvsService.of(key, TWOS)), new IpvsChange.RemoveService(key)))
                    .get(0)
                    .failure()
                    .isEmpty();
        }
    }

    @Override
    public Backend createBackend() {
        return IpvsBackend.builder()
                .networkNamespace(network.director())
                .prepareHost(true)
                .build();
    }

    @Override
    public ListenAddress freeListenAddress() {
        InetAddress address = network.virtualAddress();
        virtual.add(address);
        return new ListenAddress(address, KernelNetwork.PORT, KernelNetwork.PORT);
    }

    @Override
    public ServerKey startServer() {
        return new ServerKey(network.serverAddress(), KernelNetwork.PORT);
    }

    @Override
    public Optional<Connection> connect(InetAddress client, ListenAddress service) {
        Optional<KernelNetwork.Connection> connection =
                network.connect(new InetSocketAddress(KernelNetwork.clientAddress(client), 0), service.address());
        lastConnected = System.nanoTime();
        connection.ifPresent(connections::add);
        return connection.map(made -> new KernelConnection(made, end));
    }

    /** The kernel's timers go by its own clock, and a template's begins when a connection begins, not when it ends. */
    @Override
    public void letPass(Duration time) {
        while (System.nanoTime() - lastConnected < time.toNanos() || aTemplateIsAboutToGo()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private boolean aTemplateIsAboutToGo() {
        return ipvs.connections().stream()
                .anyMatch(connection -> connection.isTemplate()
                        && virtual.contains(connection.virtual().getAddress())
                        && connection.expiresIn().isZero());
    }

    /** Time passes while the test looks at the kernel, and others with it; on a busy host more. */
    @Override
    public Duration precision() {
        return Duration.ofSeconds(10);
    }

    /** The kernel keeps no count of clients that found no server. */
    @Override
    public boolean countsRefused() {
        return false;
    }

    @Override
    public InetAddress seenAs(InetAddress client) {
        return KernelNetwork.clientAddress(client);
    }

    @Override
    public void close() {
        connections.forEach(KernelNetwork.Connection::letGo);
        ipvs.close();
    }

    private record KernelConnection(KernelNetwork.Connection connection, Consumer<KernelNetwork.Connection> end)
            implements Connection {
        @Override
        public ServerKey server() {
            return new ServerKey(connection.server(), KernelNetwork.PORT);
        }

        @Override
        public boolean works() {
            return connection.works();
        }

        @Override
        public void close() {
            end.accept(connection);
        }
    }
}
