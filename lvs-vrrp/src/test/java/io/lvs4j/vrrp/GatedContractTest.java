package io.lvs4j.vrrp;

import io.lvs4j.ListenAddress;
import io.lvs4j.ServerKey;
import io.lvs4j.netty.NettyBackend;
import io.lvs4j.spi.Backend;
import io.lvs4j.testkit.BackendContract;
import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.HeadlessHarness;
import io.lvs4j.testkit.PoolContract;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** A director of a master does not notice that there is a gate. */
class GatedContractTest {
    private static final String VIRTUAL = "127.0.0.5";

    private static Backend ofAMaster(Backend carrier, VirtualRouter router) {
        GatedBackend gated = new GatedBackend(carrier, List.of(router), Duration.ofMinutes(1), failed -> {
            throw new AssertionError(failed);
        });
        gated.entered(router.name(), RouterState.MASTER);
        return gated;
    }

    private static BackendHarness netty() {
        VirtualRouter router = ElectionDrive.router().address(VIRTUAL).build();
        return new LoopbackHarness(
                Packets.address(VIRTUAL),
                () -> ofAMaster(NettyBackend.builder().threads(2).build(), router));
    }

    @Nested
    class OnNetty extends BackendContract {
        @Override
        protected BackendHarness createHarness() {
            return netty();
        }
    }

    @Nested
    class PoolOnNetty extends PoolContract {
        @Override
        protected BackendHarness createHarness() {
            return netty();
        }
    }

    @Nested
    class Headless extends BackendContract {
        @Override
        protected BackendHarness createHarness() {
            return new GatedHeadless(new HeadlessHarness());
        }
    }

    private record GatedHeadless(HeadlessHarness harness) implements BackendHarness {
        @Override
        public Backend createBackend() {
            VirtualRouterBuilder router = ElectionDrive.router();
            for (int i = 1; i <= 200; i++) { // the harness's first addresses
                router.address("10.0.0." + i);
            }
            return ofAMaster(harness.createBackend(), router.build());
        }

        @Override
        public ListenAddress freeListenAddress() {
            return harness.freeListenAddress();
        }

        @Override
        public ServerKey startServer() {
            return harness.startServer();
        }

        @Override
        public Optional<Connection> connect(InetAddress client, ListenAddress service) {
            return harness.connect(client, service);
        }

        @Override
        public boolean listsConnections() {
            return harness.listsConnections();
        }

        @Override
        public void close() {
            harness.close();
        }
    }
}
