package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Datagrams that come together: the event loop stands still until all are there. */
class UdpBurstTest extends UdpTest {
    /** Runs of equal ones, longer than one batch takes; shorter and longer ones after them; more bytes than one batch takes. */
    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.generate(() -> 7).limit(70),
                    IntStream.of(1, 1, 1, 3, 3, 1400, 1400, 200, 9000, 9000, 20_000, 20_000, 20_000, 20_000, 5))
            .toArray();

    private EventLoopGroup group;

    @Override
    NettyBackend.Builder settings(NettyBackend.Builder backend) {
        group = new MultiThreadIoEventLoopGroup(
                1, transport == Transport.EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        return NettyBackend.builder().eventLoopGroup(group);
    }

    @Override
    @AfterEach
    void closeLab() {
        super.closeLab();
        group.shutdownGracefully(0, Lab.TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    private interface Sending {
        void send() throws IOException;
    }

    private void whileTheLoopStands(Sending sending) throws Exception {
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        group.execute(() -> {
            stands.countDown();
            try {
                sent.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stands.await();
        try {
            sending.send();
        } finally {
            sent.countDown();
        }
    }

    private static byte[] datagram(int index) {
        return Lab.pattern(LENGTHS[index], index);
    }

    @Test
    void theyReachTheServerAsTheyWereAndInOrder() throws Exception {
        UdpServer server = silent();
        ServiceHandle service = serve(server);
        UdpClient client = client(service);
        client.send((byte) 1);
        server.take();
        whileTheLoopStands(() -> {
            for (int i = 0; i < LENGTHS.length; i++) {
                client.send(datagram(i));
            }
        });
        for (int i = 0; i < LENGTHS.length; i++) {
            assertThat(server.take().getData()).isEqualTo(datagram(i));
        }
        assertThat(counters(service, server).packetsIn()).isEqualTo(1 + LENGTHS.length);
        assertThat(counters(service, server).bytesIn())
                .isEqualTo(1 + IntStream.of(LENGTHS).sum());
        assertThat(counters(service, server).connections()).isOne();
    }

    @Test
    void answersReachTheClientAsTheyWereAndInOrder() throws Exception {
        UdpServer server = silent();
        ServiceHandle service = serve(server);
        UdpClient client = client(service);
        client.send((byte) 1);
        InetSocketAddress flow = (InetSocketAddress) server.take().getSocketAddress();
        whileTheLoopStands(() -> {
            for (int i = 0; i < LENGTHS.length; i++) {
                server.send(datagram(i), flow);
            }
            server.send(new byte[0], flow);
            server.send(new byte[0], flow);
        });
        for (int i = 0; i < LENGTHS.length; i++) {
            assertThat(client.receive()).isEqualTo(datagram(i));
        }
        assertThat(client.receive()).isEmpty();
        assertThat(client.receive()).isEmpty();
        await().until(() -> counters(service, server).packetsOut() == LENGTHS.length + 2);
        assertThat(counters(service, server).bytesOut())
                .isEqualTo(IntStream.of(LENGTHS).sum());
    }

    @Test
    void thoseOfNewClientsGoToTheirFlows() throws Exception {
        ServiceHandle service = serve(echo(), echo());
        UdpClient one = client(service);
        UdpClient two = client(service);
        whileTheLoopStands(() -> {
            one.send((byte) 11);
            one.send((byte) 12);
            two.send((byte) 21);
            one.send((byte) 13);
            two.send((byte) 22);
            two.send((byte) 23);
        });
        for (byte i = 1; i <= 3; i++) {
            assertThat(one.receive()).containsExactly(10 + i);
            assertThat(two.receive()).containsExactly(20 + i);
        }
    }

    @Test
    void withOnePacketSchedulingTheyTakeTurns() throws Exception {
        UdpServer a = silent();
        UdpServer b = silent();
        ServiceHandle service = serve(VirtualService.Builder::onePacketScheduling, a, b);
        UdpClient client = client(service);
        whileTheLoopStands(() -> {
            for (byte i = 0; i < 6; i++) {
                client.send(i);
            }
        });
        for (byte i = 0; i < 6; i++) {
            assertThat((i % 2 == 0 ? b : a).take().getData()).containsExactly(i);
        }
    }

    @Test
    void afterThoseForADeadServerTheNextOneGoesToAnother() throws Exception {
        UdpServer other = silent();
        UdpServer dying = silent();
        ServiceHandle service = serve(other, dying);
        UdpClient client = client(service);
        client.send((byte) 1);
        dying.take();
        dying.close();
        whileTheLoopStands(() -> {
            for (int i = 0; i < 5; i++) {
                client.send((byte) 2);
            }
        });
        await().until(() -> counters(service, dying).connectFailures() == 1);
        client.send((byte) 3);
        await().until(() -> other.take().getData()[0] == 3);
        assertThat(counters(service, dying).open()).isZero();
        assertThat(counters(service, other).connections()).isOne();
    }
}
