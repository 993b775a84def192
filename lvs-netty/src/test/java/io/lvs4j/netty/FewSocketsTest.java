package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ServiceHandle;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backend that has descriptors for a few connections. */
class FewSocketsTest extends TransportTest {
    private static final int CONNECTIONS = 5;

    /** Two loops that look at the same time may both take the last one. */
    private static final int MOST = CONNECTIONS + 1;

    /** Two event loops, and on epoll a listening socket for each. */
    @Override
    NettyBackend.Builder settings(NettyBackend.Builder backend) {
        return backend.sockets(new SocketBudget(2 * CONNECTIONS + (transport == Transport.EPOLL ? 2 : 1), 1));
    }

    @Test
    void whoComesTooManyWaitsAndIsServedWhenAnotherGoes() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(server);
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 4 * CONNECTIONS; i++) {
            clients.add(lab.connect(service));
        }
        for (Socket client : clients) {
            client.getOutputStream().write('!');
        }
        while (!clients.isEmpty()) {
            List<Socket> served = awaitAnswers(clients, Math.min(CONNECTIONS, clients.size()));
            assertThat(served).hasSizeLessThanOrEqualTo(MOST);
            for (Socket client : served) {
                assertThat(client.getInputStream().read()).isEqualTo('!');
                client.close();
                clients.remove(client);
            }
        }
        assertThat(server.count()).isEqualTo(4 * CONNECTIONS);
        await().until(() -> Lab.counters(service, server).open() == 0);
    }

    private static List<Socket> awaitAnswers(List<Socket> clients, int count) {
        List<Socket> served = new ArrayList<>();
        await().until(() -> {
            served.clear();
            for (Socket client : clients) {
                if (client.getInputStream().available() > 0) {
                    served.add(client);
                }
            }
            return served.size() >= count;
        });
        return served;
    }

    @Test
    void aServiceThatIsRemovedAndAddedFindsAllOfThemAgain() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        for (int i = 0; i < 3; i++) {
            ServiceHandle service = lab.serve(server);
            for (int n = 0; n < 2 * CONNECTIONS; n++) {
                lab.connect(service);
            }
            await().untilAsserted(() ->
                    assertThat(Lab.counters(service, server).active()).isBetween(CONNECTIONS, MOST));
            service.remove();
        }
        ServiceHandle service = lab.serve(server);
        Lab.ping(lab.connect(service));
        assertThat(service.snapshot().refused()).isZero();
    }
}
