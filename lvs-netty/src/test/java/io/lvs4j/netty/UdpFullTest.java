package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.Refusal;
import io.lvs4j.ServiceHandle;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who has to go when there is room for two flows only. */
class UdpFullTest extends UdpTest {
    @Override
    NettyBackend.Builder settings(NettyBackend.Builder backend) {
        return backend.threads(1).maxFlows(2);
    }

    @Test
    void aFlowWithoutAnAnswerGoesBeforeATwoWayFlow() throws Exception {
        UdpServer server = lab.keep(UdpServer.echo(data -> data[0] > 0));
        ServiceHandle service = serve(server);
        UdpClient good = client(service);
        good.ask((byte) 1);
        good.ask((byte) 1);
        for (int i = 0; i < 10; i++) {
            client(service).send((byte) 0);
        }
        await().until(() -> counters(service, server).connections() == 11);
        assertThat(counters(service, server).open()).isEqualTo(2);
        good.ask((byte) 1);
        assertThat(counters(service, server).connections()).isEqualTo(11);
    }

    @Test
    void whileAllFlowsAreTwoWayANewClientIsRefusedUntilOneHasBeenIdleForLong() throws Exception {
        UdpServer server = echo();
        ServiceHandle service = serve(server);
        UdpClient one = client(service);
        UdpClient two = client(service);
        for (UdpClient client : new UdpClient[] {one, two, one, two}) {
            client.ask((byte) 1);
        }
        UdpClient three = client(service);
        three.send((byte) 2);
        await().until(() -> service.snapshot().refused() == 1);
        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.NO_ROOM, 1L));
        assertThat(service.snapshot().connections()).isEqualTo(2);

        advance(Duration.ofNanos(UdpFlowTable.IDLE_NANOS));
        two.ask((byte) 1);
        assertThat(three.ask((byte) 2)).containsExactly(2);
        two.ask((byte) 1);
        assertThat(counters(service, server).connections()).isEqualTo(3);
        assertThat(counters(service, server).open()).isEqualTo(2);
    }

    @Test
    void aFlowWhoseServerKeepsSendingGoesAfterThoseThatWereNotAnswered() throws Exception {
        UdpServer server = silent();
        ServiceHandle service = serve(server);
        UdpClient good = client(service);
        good.send((byte) 1);
        InetSocketAddress flow = (InetSocketAddress) server.take().getSocketAddress();
        for (byte i = 0; i < 5; i++) {
            server.send(new byte[] {i}, flow);
            assertThat(good.receive()).containsExactly(i);
            client(service).send((byte) 0);
            server.take();
        }
    }

    @Test
    void sharedSocketsOfOnePacketSchedulingAreBoundedToo() throws Exception {
        UdpServer server = echo();
        ServiceHandle service = serve(b -> b.onePacketScheduling(), server);
        Resources before = Resources.now();
        for (int i = 0; i < 20; i++) {
            try (UdpClient client = new UdpClient("127.0.0.1", Lab.addressOf(service))) {
                client.ask((byte) 1);
            }
        }
        await().until(() -> Resources.now().descriptors() <= before.descriptors() + 2);
    }
}
