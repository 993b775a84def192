package io.lvs4j.scheduler;

import io.lvs4j.ListenAddress;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceKey;
import io.lvs4j.spi.Backend;
import io.lvs4j.testkit.BackendContract;
import io.lvs4j.testkit.BackendHarness;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

class HeadlessContractTest extends BackendContract {

    @Override
    protected BackendHarness createHarness() {
        return new GatewayHarness();
    }

    /** A gateway whose connections are nothing but their leases. */
    private static final class GatewayHarness implements BackendHarness {
        private HeadlessBackend backend = HeadlessBackend.create();
        private int nextAddress = 1;
        private int nextServer = 1;

        @Override
        public Backend createBackend() {
            backend = HeadlessBackend.create();
            return backend;
        }

        @Override
        public ListenAddress freeListenAddress() {
            return ListenAddress.of("10.0.0." + nextAddress++, 80);
        }

        @Override
        public ServerKey startServer() {
            return ServerKey.of("10.0.1." + nextServer++, 80);
        }

        @Override
        public Optional<Connection> connect(InetAddress client, ListenAddress service) {
            InetSocketAddress from = new InetSocketAddress(client, 40_000);
            try {
                Optional<Lease> lease =
                        backend.acquire(ServiceKey.tcp(service.address().getHostAddress(), service.firstPort()), from);
                lease.ifPresent(Lease::established);
                return lease.map(GatewayConnection::new);
            } catch (IllegalArgumentException e) {
                return Optional.empty(); // the service has gone
            }
        }

        @Override
        public void close() {
            backend.close();
        }
    }

    private record GatewayConnection(Lease lease) implements BackendHarness.Connection {
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
