package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.ServiceHandle;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long flows live, and who goes when there are too many. */
@Tag("size")
class UdpFloodTest extends UdpTest {
    private static final int CAP = 1_000;
    private static final byte SPOOFED = 9;

    @Override
    NettyBackend.Builder settings(NettyBackend.Builder backend) {
        return backend.maxFlows(CAP);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFloodOfSpoofedSourcesKeepsToTheCapAndEvictsNoTwoWayFlow(boolean answered) throws Exception {
        UdpServer server = lab.keep(UdpServer.echo(data -> answered || data[0] != SPOOFED));
        ServiceHandle service = serve(server);
        List<UdpClient> good = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            UdpClient client = client("127.0.1." + (i + 1), service);
            client.ask((byte) 1);
            client.ask((byte) 2);
            good.add(client);
        }
        long given = counters(service, server).connections();
        assertThat(given).isEqualTo(50);

        spoof(service, server, 50_000);

        await().until(() -> counters(service, server).connections() > given + CAP);
        for (UdpClient client : good) {
            client.askPatiently((byte) 3);
        }
        long flooded = counters(service, server).connections();
        for (UdpClient client : good) {
            client.askPatiently((byte) 4);
        }
        assertThat(counters(service, server).connections()).isEqualTo(flooded); // nobody had to begin anew
        assertThat(service.snapshot().refused()).isZero();
    }

    /** One datagram from each of many addresses, in steps, with a look at the number of flows after each. */
    private static void spoof(ServiceHandle service, UdpServer server, int sources) throws Exception {
        InetSocketAddress to = Lab.addressOf(service);
        byte[] data = {SPOOFED};
        for (int i = 0; i < sources; i++) {
            byte[] from = {127, (byte) (2 + (i >> 16)), (byte) (i >> 8), (byte) i};
            try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(from), 0))) {
                socket.send(new DatagramPacket(data, 1, to));
            }
            if (i % 1_000 == 0) {
                assertThat(counters(service, server).open()).isLessThanOrEqualTo(CAP);
            }
        }
    }

    @Test
    void anIdleFlowEndsAfterTheTimeoutAndNotBefore() throws Exception {
        UdpServer server = echo();
        ServiceHandle service =
                serve(b -> b.timeouts(ConnectionTimeouts.defaults().withUdp(Duration.ofMinutes(2))), server);
        UdpClient client = client(service);
        client.ask((byte) 1);
        advance(Duration.ofMinutes(1));
        client.ask((byte) 2);
        advance(Duration.ofMinutes(2).minusMillis(1));
        awaitSweep();
        assertThat(counters(service, server).open()).isEqualTo(1);
        advance(Duration.ofMillis(1));
        await().until(() -> counters(service, server).open() == 0);
        assertThat(client.ask((byte) 3)).containsExactly(3);
        assertThat(counters(service, server).connections()).isEqualTo(2);
    }
}
