package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ProxyProtocol.Version;
import io.lvs4j.ServiceHandle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of many clients side by side, every server is told the right one: once, first, and with nothing between. */
@Tag("size")
class SentHeaderTest extends TransportTest {
    private static final int CLIENTS = Integer.getInteger("lvs.promise.headers", 2_000);
    private static final int AT_A_TIME = 20;

    @ParameterizedTest
    @EnumSource
    void whatAServerIsToldIsItsClientOnceAndFirst(Version version) throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.sendProxyProtocol(version), server);
        for (int first = 0; first < CLIENTS; first += AT_A_TIME) {
            Map<Integer, ProxyHeader> expected = new HashMap<>();
            Map<Integer, Socket> clients = new HashMap<>();
            for (int i = first; i < first + AT_A_TIME; i++) {
                Socket client = from("127.0." + (1 + i % 7) + "." + (2 + i % 200), service);
                clients.put(i, client);
                expected.put(i, ProxyHeader.of(local(client), remote(client)));
            }
            for (int i = first; i < first + AT_A_TIME; i++) {
                Socket client = clients.get(i);
                client.getOutputStream().write(Unpooled.copyInt(i).array());
                client.shutdownOutput();
            }
            for (int i = 0; i < AT_A_TIME; i++) {
                Socket atServer = server.take();
                ByteBuf all = Unpooled.wrappedBuffer(Lab.readAll(atServer).bytes());
                ProxyHeader header = ProxyHeaderDecoder.decode(all);
                assertThat(all.readableBytes()).as("bytes behind %s", header).isEqualTo(Integer.BYTES);
                assertThat(header).isEqualTo(expected.remove(all.readInt()));
                atServer.close();
            }
            assertThat(expected).isEmpty();
            for (Socket client : clients.values()) {
                client.close();
            }
        }
        assertThat(server.count()).isEqualTo(CLIENTS);
    }

    private static Socket from(String address, ServiceHandle service) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.connect(Lab.addressOf(service), Lab.TIMEOUT_MILLIS);
        return socket;
    }

    private static InetSocketAddress local(Socket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private static InetSocketAddress remote(Socket socket) {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }
}
