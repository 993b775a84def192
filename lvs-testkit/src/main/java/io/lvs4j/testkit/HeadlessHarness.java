package io.lvs4j.testkit;

import io.lvs4j.ListenAddress;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceKey;
import io.lvs4j.scheduler.HeadlessBackend;
import io.lvs4j.scheduler.Lease;
import io.lvs4j.spi.Backend;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The headless backend behind a gateway whose connections are nothing but their leases: the quickest way to put a scheduler of
 * your own through the {@link SchedulerContract}. Opens no socket. Its backend is the one that it created last.
 */
public final class HeadlessHarness implements BackendHarness {
    private static final int PER_NETWORK = 250;

    private HeadlessBackend backend = HeadlessBackend.create();
    private int nextAddress;
    private int nextServer;

    /** Creates a harness. */
    public HeadlessHarness() {}

    @Override
    public Backend createBackend() {
        backend = HeadlessBackend.create();
        return backend;
    }

    @Override
    public ListenAddress freeListenAddress() {
        int n = nextAddress++;
        return ListenAddress.of("10.0." + n / PER_NETWORK + "." + (1 + n % PER_NETWORK), 80);
    }

    @Override
    public ServerKey startServer() {
        int n = nextServer++;
        return ServerKey.of("10.1." + n / PER_NETWORK + "." + (1 + n % PER_NETWORK), 80);
    }

    @Override
    public Optional<Connection> connect(InetAddress client, ListenAddress service) {
        InetSocketAddress from = new InetSocketAddress(client, 40_000);
        try {
            Optional<Lease> lease =
                    backend.acquire(ServiceKey.tcp(service.address().getHostAddress(), service.firstPort()), from);
            lease.ifPresent(Lease::established);
            return lease.map(LeasedConnection::new);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // the service has gone
        }
    }

    /** Whose connections they are is the gateway's to know. */
    @Override
    public boolean listsConnections() {
        return false;
    }

    @Override
    public void close() {
        backend.close();
    }

    private record LeasedConnection(Lease lease) implements Connection {
        @Override
        public ServerKey server() {
            return lease.server();
        }

        @Override
        public boolean works() {
            return !lease.serverRemoved();
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}
