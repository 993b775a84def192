package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServiceHandle;
import org.junit.jupiter.api.Test;

/** When sockets run out before flows do. */
class UdpSocketsTest extends UdpTest {
    @Override
    NettyBackend.Builder settings(NettyBackend.Builder backend) {
        return backend.threads(1).sockets(new SocketBudget(100, 2));
    }

    @Test
    void aNewClientGetsTheSocketOfAFlowThatIsNotTwoWayAndLosesNothing() throws Exception {
        UdpServer server = echo();
        ServiceHandle service = serve(server);
        UdpClient good = client(service);
        good.ask((byte) 1);
        good.ask((byte) 1);
        for (byte i = 0; i < 10; i++) {
            assertThat(client(service).ask(i)).containsExactly(i);
        }
        good.ask((byte) 1);
        assertThat(counters(service, server).connections()).isEqualTo(11);
        assertThat(counters(service, server).open()).isEqualTo(2);
        assertThat(service.snapshot().refused()).isZero();
    }
}
