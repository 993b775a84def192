package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.BackendException;
import io.lvs4j.ConnectionEntry;
import io.lvs4j.Protocol;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.ServerCounters;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Datagrams and their answers. */
class UdpForwardingTest extends UdpTest {

    @Test
    void datagramsOfEveryLengthAreCarriedAndAnsweredFromTheServicesAddress() throws Exception {
        UdpClient client = client(serve(echo()));
        for (int length : new int[] {1, 512, 1472, 9000, 65_507}) {
            byte[] datagram = Lab.pattern(length, length);
            assertThat(client.ask(datagram)).isEqualTo(datagram);
        }
    }

    @Test
    void emptyDatagramsReachClientsAndOverEpollServersToo() throws Exception {
        UdpServer server = silent();
        UdpClient client = client(serve(server));
        client.send();
        client.send((byte) 1);
        DatagramPacket first = server.take();
        assertThat(first.getLength()).isEqualTo(transport == Transport.NIO ? 1 : 0);
        server.send(new byte[0], (InetSocketAddress) first.getSocketAddress());
        assertThat(client.receive()).isEmpty();
    }

    @Test
    void aFlowStaysWithItsServerAndAnotherPortIsAnotherFlow() throws Exception {
        UdpServer a = silent();
        UdpServer b = silent();
        ServiceHandle service = serve(a, b);
        UdpClient one = client(service);
        UdpClient two = client(service);

        for (int i = 0; i < 3; i++) {
            one.send((byte) 1);
            assertThat(b.take().getData()).containsExactly(1);
        }
        two.send((byte) 2);
        assertThat(a.take().getData()).containsExactly(2);
    }

    @Test
    void overEpollClientsAreSharedOutAmongAllLoops() throws Exception {
        ServiceHandle service = serve(echo());
        for (int i = 0; i < 64; i++) {
            client(service).ask((byte) i);
        }
        assertThat(busyLoops()).isEqualTo(transport == Transport.EPOLL ? 2 : 1);
    }

    @Test
    void aServerSendsWheneverItLikes() throws Exception {
        UdpServer server = silent();
        UdpClient client = client(serve(server));
        client.send((byte) 1);
        InetSocketAddress flow = (InetSocketAddress) server.take().getSocketAddress();

        for (byte i = 0; i < 100; i++) {
            server.send(new byte[] {i}, flow);
            assertThat(client.receive()).containsExactly(i);
        }
    }

    @Test
    void aFlowCountsAsInactiveAndItsBytesAreCounted() throws Exception {
        UdpServer server = echo();
        ServiceHandle service = serve(server);
        client(service).ask(new byte[100]);
        client(service).ask(new byte[10]);

        await().until(() -> counters(service, server).bytesOut() == 110);
        ServerCounters counters = counters(service, server);
        assertThat(counters.bytesIn()).isEqualTo(110);
        assertThat(counters.packetsIn()).isEqualTo(2);
        assertThat(counters.packetsOut()).isEqualTo(2);
        assertThat(counters.inactive()).isEqualTo(2);
        assertThat(counters.active()).isZero();
        assertThat(counters.connections()).isEqualTo(2);
    }

    @Test
    void ipv6ClientsReachIpv4ServersAndTheOtherWayRound() throws Exception {
        UdpServer four = echo();
        UdpServer six = lab.keep(UdpServer.echo("::1"));
        int port = Lab.freePort("::1");
        ServiceHandle onSix = serve(b -> VirtualService.builder()
                .protocol(Protocol.UDP)
                .listen("::1", port)
                .scheduler("rr")
                .realServer(RealServer.builder(four.key()).build())
                .realServer(RealServer.builder(six.key()).build()));
        assertThat(client("::1", onSix).ask((byte) 1)).containsExactly(1);
        assertThat(client("::1", onSix).ask((byte) 2)).containsExactly(2);
        assertThat(client(serve(six)).ask((byte) 3)).containsExactly(3);
    }

    @Test
    void aDatagramThatIsTooLongForTheWayToTheServerIsDroppedAndTheFlowGoesOn() throws Exception {
        UdpServer server = echo();
        ServiceHandle service = serve(b -> VirtualService.builder()
                .protocol(Protocol.UDP)
                .listen("::1", Lab.freePort("::1"))
                .realServer(RealServer.builder(server.key()).build()));
        UdpClient client = client("::1", service);

        client.send(new byte[65_527]); // IPv6 carries 20 bytes more
        assertThat(client.ask((byte) 1)).containsExactly(1);
        assertThat(counters(service, server).connectFailures()).isZero();
    }

    @Test
    void aPersistentClientStaysWithItsServerWhateverItsPort() throws Exception {
        UdpServer a = silent();
        UdpServer b = silent();
        ServiceHandle service = serve(s -> s.persistence(Duration.ofMinutes(5)), a, b);
        for (int i = 0; i < 4; i++) {
            client(service).send((byte) i);
            assertThat(b.take().getData()).containsExactly(i);
        }
    }

    @Test
    void oneAddressServesTcpAndUdp() throws Exception {
        UdpServer udp = echo();
        TestServer tcp = lab.keep(TestServer.echo());
        ServiceHandle overUdp = serve(udp);
        InetSocketAddress address = Lab.addressOf(overUdp);
        lab.director.add(VirtualService.builder()
                .listen(Lab.VIP, address.getPort())
                .realServer(RealServer.builder(tcp.key()).build())
                .build());

        assertThat(client(overUdp).ask((byte) 1)).containsExactly(1);
        Lab.ping(lab.connect(address));
    }

    @Test
    void flowsAreListedWithWhatIsLeftOfTheirTime() throws Exception {
        UdpServer server = echo();
        ServiceHandle service = serve(server);
        UdpClient client = client(service);
        client.ask((byte) 1);
        advance(Duration.ofMinutes(1));
        client(service).ask((byte) 2);

        assertThat(service.connections(10).entries())
                .hasSize(2)
                .contains(new ConnectionEntry(
                        "UDP",
                        client.address(),
                        Lab.addressOf(service),
                        server.key().socketAddress(),
                        "UDP",
                        Duration.ofMinutes(4)));
        assertThat(service.connections(1)).matches(some -> some.entries().size() == 1 && some.more() == 1);
    }

    // ---------------------------------------------------------------- one-packet scheduling

    @Test
    void withOnePacketSchedulingDatagramsTakeTurnsAndAnswersReachTheClient() throws Exception {
        UdpServer a = silent();
        UdpServer b = silent();
        ServiceHandle service = serve(VirtualService.Builder::onePacketScheduling, a, b);
        UdpClient client = client(service);
        for (byte i = 0; i < 6; i++) {
            client.send(i);
            UdpServer turn = i % 2 == 0 ? b : a;
            var datagram = turn.take();
            assertThat(datagram.getData()).containsExactly(i);
            turn.send(new byte[] {i, i}, (InetSocketAddress) datagram.getSocketAddress());
            assertThat(client.receive()).containsExactly(i, i);
        }
        assertThat(counters(service, a).open()).isZero();
        assertThat(service.connections(10).entries()).isEmpty();
        assertThat(counters(service, a).connections()).isEqualTo(3);
        assertThat(counters(service, a).bytesIn()).isEqualTo(3);
        await().until(() -> counters(service, b).bytesOut() == 6);
    }

    @Test
    void onePacketSchedulingCanBeSwitchedOnAndOff() throws Exception {
        UdpServer a = echo();
        UdpServer b = echo();
        ServiceHandle service = serve(a, b);
        UdpClient client = client(service);
        client.ask((byte) 1);
        client.ask((byte) 2);
        assertThat(b.waiting()).isEqualTo(2);
        service.update(service.description().toBuilder().onePacketScheduling().build());
        client.ask((byte) 3);
        client.ask((byte) 4);
        assertThat(a.waiting()).isEqualTo(1);
        assertThat(b.waiting()).isEqualTo(3);
        assertThat(counters(service, b).open()).isZero();
        service.update(service.description().toBuilder().noOnePacketScheduling().build());
        client.ask((byte) 5);
        client.ask((byte) 6);
        assertThat(a.waiting() - 1).isIn(0, 2);
    }

    // ---------------------------------------------------------------- where it listens

    @Test
    void aWildcardAddressIsRefused() {
        VirtualService service = VirtualService.builder()
                .protocol(Protocol.UDP)
                .listen("0.0.0.0", 4711)
                .build();
        assertThatThrownBy(() -> lab.director.add(service))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining("listen: 0.0.0.0:4711 over UDP")
                .hasMessageContaining("each of the host's addresses by itself");
    }

    @Test
    void anAddressInUseIsNamed() throws Exception {
        DatagramSocket used = lab.keep(new DatagramSocket(new InetSocketAddress(Lab.VIP, 0)));
        VirtualService service = VirtualService.builder()
                .protocol(Protocol.UDP)
                .listen(Lab.VIP, used.getLocalPort())
                .build();
        assertThatThrownBy(() -> lab.director.add(service))
                .isInstanceOf(BackendException.class)
                .hasMessage("listen udp " + Lab.VIP + ":" + used.getLocalPort() + ": address already in use");
        used.close();
        lab.director.add(service);
    }

    @Test
    void anAddressOfAnotherForwarderIsInUseAlthoughItsOwnSocketsShareIt() {
        ServiceHandle first = serve();
        Lab second = lab.keep(new Lab(transport));
        assertThatThrownBy(() -> second.director.add(first.description()))
                .isInstanceOf(BackendException.class)
                .hasMessageEndingWith("address already in use");
    }

    @Test
    void aPortIsFreeAsSoonAsItsServiceIsRemovedAndNoFlowIsLeft() throws IOException {
        UdpServer server = echo();
        ServiceHandle service = serve(server);
        VirtualService description = service.description();
        Resources before = Resources.now();
        for (int i = 0; i < 10; i++) {
            try (UdpClient client = new UdpClient("127.0.0.1", Lab.addressOf(service))) {
                client.ask((byte) i);
            }
            service.remove();
            service = lab.director.add(description);
        }
        assertThat(Resources.now().descriptors()).isEqualTo(before.descriptors());
    }
}
