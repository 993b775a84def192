package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ServiceHandle;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of flows when their server goes, and who can get into them. */
class UdpFailoverTest extends UdpTest {

    @Test
    void everyFlowOfADeadServerMovesOnAfterAtMostOneLostDatagram() throws Exception {
        UdpServer dying = echo();
        UdpServer other = echo();
        ServiceHandle service = serve(dying, other);
        List<UdpClient> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clients.add(client(service));
            clients.get(i).ask((byte) 1);
        }
        assertThat(dying.waiting()).isEqualTo(20);

        dying.close();
        for (UdpClient client : clients) {
            client.send((byte) 2); // half of them are lost
        }
        await().until(() -> counters(service, dying).connectFailures() == 20);
        await().until(() -> other.waiting() == 40);
        for (UdpClient client : clients) {
            client.send((byte) 3); // none is lost
        }
        await().until(() -> other.waiting() == 80);
        assertThat(counters(service, dying).open()).isZero();
        assertThat(counters(service, dying).connectFailures()).isEqualTo(20);
        assertThat(counters(service, other).open()).isEqualTo(40);
    }

    @Test
    void aNewClientOfADeadServerMovesOnAfterOneLostDatagram() throws Exception {
        UdpServer dead = echo();
        UdpServer other = echo();
        ServiceHandle service = serve(other, dead);
        dead.close();
        UdpClient client = client(service);
        client.send((byte) 1);
        await().until(() -> counters(service, dead).connectFailures() == 1);
        assertThat(client.ask((byte) 2)).containsExactly(2);
    }

    @Test
    void aHashThatNamesADeadServerIsPassedOverInItsFlows() throws Exception {
        UdpServer a = echo();
        UdpServer b = echo();
        ServiceHandle service = serve(s -> s.scheduler("sh"), a, b);
        UdpClient client = client(service);
        client.ask((byte) 1);
        UdpServer dying = a.waiting() == 1 ? a : b;
        dying.close();
        client.send((byte) 2);
        await().until(() -> counters(service, dying).connectFailures() == 1);
        assertThat(client.ask((byte) 3)).containsExactly(3);
    }

    @Test
    void aFlowOfARemovedServerMovesOnAndLosesNothing() throws Exception {
        UdpServer a = echo();
        UdpServer b = echo();
        ServiceHandle service = serve(a, b);
        UdpClient client = client(service);
        client.ask((byte) 1);
        service.server(b.key()).remove();
        assertThat(client.ask((byte) 2)).containsExactly(2);
        assertThat(a.waiting()).isEqualTo(1);
    }

    @Test
    void aFlowOfAServerThatDoesNotServeMovesOnAndLosesNothing() throws Exception {
        UdpServer a = echo();
        UdpServer b = echo();
        ServiceHandle service = serve(a, b);
        UdpClient client = client(service);
        client.ask((byte) 1);
        service.server(b.key()).startMaintenance();
        assertThat(client.ask((byte) 2)).containsExactly(2);
        assertThat(a.waiting()).isEqualTo(1);
        assertThat(counters(service, b).open()).isZero();
    }

    @Test
    void aFlowOfAQuiescedServerStays() throws Exception {
        UdpServer a = echo();
        UdpServer b = echo();
        ServiceHandle service = serve(a, b);
        UdpClient client = client(service);
        client.ask((byte) 1);
        service.server(b.key()).weight(0);
        client.ask((byte) 2);
        client(service).ask((byte) 3);
        client(service).ask((byte) 3);
        assertThat(b.waiting()).isEqualTo(2);
        assertThat(a.waiting()).isEqualTo(2);
    }

    @Test
    void withoutAServerDatagramsAreDroppedAndCountedUntilThereIsOne() throws Exception {
        UdpServer server = echo();
        ServiceHandle service = serve(server);
        service.server(server.key()).weight(0);
        UdpClient client = client(service);
        client.send((byte) 1);
        await().until(() -> service.snapshot().refused() == 1);
        service.server(server.key()).weight(1);
        assertThat(client.ask((byte) 2)).containsExactly(2);
        assertThat(server.waiting()).isEqualTo(1);
    }

    @Test
    void whatAThirdPartySendsToAFlowsSocketReachesNobody() throws Exception {
        UdpServer server = silent();
        UdpServer stranger = silent();
        ServiceHandle service = serve(server);
        UdpClient client = client(service);
        client.send((byte) 1);
        InetSocketAddress flow = (InetSocketAddress) server.take().getSocketAddress();

        for (int i = 0; i < 100; i++) {
            stranger.send(new byte[] {66}, flow);
        }
        server.send(new byte[] {2}, flow);
        assertThat(client.receive()).containsExactly(2);
        server.send(new byte[] {3}, flow);
        assertThat(client.receive()).containsExactly(3);
        await().until(() -> counters(service, server).bytesOut() == 2);
    }

    @Test
    void anAnswerGoesToTheClientThatAskedAlone() throws Exception {
        UdpServer server = silent();
        ServiceHandle service = serve(server);
        UdpClient one = client("127.0.0.1", service);
        UdpClient two = client("127.0.0.2", service);
        one.send((byte) 1);
        InetSocketAddress flowOne = (InetSocketAddress) server.take().getSocketAddress();
        two.send((byte) 2);
        InetSocketAddress flowTwo = (InetSocketAddress) server.take().getSocketAddress();
        server.send(new byte[] {11}, flowOne);
        server.send(new byte[] {22}, flowTwo);
        assertThat(two.receive()).containsExactly(22);
        assertThat(one.receive()).containsExactly(11);
    }
}
