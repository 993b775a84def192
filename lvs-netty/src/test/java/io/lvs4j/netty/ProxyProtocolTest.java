package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.AddressPrefix;
import io.lvs4j.Persistence;
import io.lvs4j.ProxyProtocol;
import io.lvs4j.ProxyProtocol.Version;
import io.lvs4j.RealServer;
import io.lvs4j.Refusal;
import io.lvs4j.ServiceHandle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY headers before the bytes of connections: who may send them to us, and what servers get. */
class ProxyProtocolTest extends TransportTest {
    private static final String FRONT = "127.0.0.1";
    private static final String STRANGER = "127.0.0.9";
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 54321);
    private static final InetSocketAddress SITE = new InetSocketAddress("198.51.100.2", 443);
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    // ---------------------------------------------------------------- sending

    @ParameterizedTest
    @EnumSource
    void aServerLearnsWhoTheClientIsBeforeItsFirstByte(Version version) throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.sendProxyProtocol(version), server);
        for (int i = 0; i < 20; i++) {
            Socket client = from("127.0.0." + (2 + i), service);
            client.getOutputStream().write(HELLO);
            client.shutdownOutput();

            Socket atServer = server.take();
            assertThat(readHeader(atServer)).isEqualTo(ProxyHeader.of(local(client), remote(client)));
            assertThat(Lab.readAll(atServer).bytes()).isEqualTo(HELLO);
        }
        await().until(() -> Lab.counters(service, server).bytesIn() == 20L * HELLO.length);
    }

    @ParameterizedTest
    @EnumSource
    void aServerLearnsOfAnIpv6Client(Version version) throws Exception {
        TestServer server = lab.server();
        int port = Lab.freePort("::1");
        lab.serve(b -> b.listen("::1", port).sendProxyProtocol(version), server);

        Socket client = lab.connect(new InetSocketAddress("::1", port));

        assertThat(readHeader(server.take())).isEqualTo(ProxyHeader.of(local(client), remote(client)));
    }

    @ParameterizedTest
    @EnumSource
    void anIpv4ClientOfAnIpv6WildcardIsAnIpv4Client(Version version) throws Exception {
        TestServer server = lab.server();
        int port = Lab.freePort("::");
        lab.serve(b -> b.listen("::", port).sendProxyProtocol(version), server);

        Socket client = lab.connect(new InetSocketAddress(FRONT, port));

        assertThat(readHeader(server.take())).isEqualTo(ProxyHeader.of(local(client), remote(client)));
    }

    @Test
    void aServerThatSpeaksFirstGetsTheHeaderFromASilentClient() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.sendProxyProtocol(Version.V2), server);
        Socket client = lab.connect(service);
        Socket atServer = server.take();

        assertThat(readHeader(atServer)).isEqualTo(ProxyHeader.of(local(client), remote(client)));
        atServer.getOutputStream().write(HELLO);
        assertThat(client.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
    }

    @Test
    void theServerThatAnswersGetsTheHeaderOnceAfterOthersFailed() throws Exception {
        TestServer server = lab.server();
        RealServer refusing = RealServer.builder(Lab.key(lab.refusing())).build();
        ServiceHandle service = lab.serve(
                b -> b.realServer(refusing).sendProxyProtocol(Version.V1).acceptProxyProtocol(FRONT), server);

        for (int i = 0; i < 20; i++) {
            Socket client = from(FRONT, service);
            client.getOutputStream().write(header(Version.V1, CLIENT));
            client.getOutputStream().write(HELLO);
            client.shutdownOutput();
            Socket atServer = server.take();
            assertThat(readHeader(atServer)).isEqualTo(ProxyHeader.of(CLIENT, SITE));
            assertThat(Lab.readAll(atServer).bytes()).isEqualTo(HELLO);
        }
        assertThat(Lab.counters(service, server).connectFailures()).isZero();
        assertThat(service.snapshot().server(refusing.key()).counters().connectFailures())
                .isPositive();
    }

    // ---------------------------------------------------------------- accepting

    @ParameterizedTest
    @EnumSource
    void whatFollowsAFrontsHeaderIsAllThatAServerGets(Version version) throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol("127.0.0.0/30"), server);
        byte[] data = Lab.pattern(300_000, 7);

        Socket client = from(FRONT, service);
        client.getOutputStream().write(joined(header(version, CLIENT), data));
        client.shutdownOutput();

        Socket atServer = server.take();
        assertThat(Lab.readAll(atServer).bytes()).isEqualTo(data);
        atServer.getOutputStream().write(HELLO);
        atServer.close();
        assertThat(Lab.readAll(client).bytes()).isEqualTo(HELLO);
        await().until(() -> Lab.counters(service, server).bytesIn() == data.length);
        assertThat(service.snapshot().refusals()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aHeaderMayComeByteByByte(Version version) throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT).sendProxyProtocol(Version.V2), server);
        Socket client = from(FRONT, service);
        client.setTcpNoDelay(true);

        for (byte b : joined(header(version, CLIENT), HELLO)) {
            client.getOutputStream().write(b);
        }
        client.shutdownOutput();

        Socket atServer = server.take();
        assertThat(readHeader(atServer)).isEqualTo(ProxyHeader.of(CLIENT, SITE));
        assertThat(Lab.readAll(atServer).bytes()).isEqualTo(HELLO);
    }

    @Test
    void theEndOfAStreamMayFollowTheHeaderAtOnce() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT), server);
        Socket client = from(FRONT, service);
        client.getOutputStream().write(header(Version.V2, CLIENT));
        client.shutdownOutput();

        Socket atServer = server.take();
        assertThat(atServer.getInputStream().read()).isEqualTo(-1);
        atServer.getOutputStream().write(HELLO);
        atServer.close();

        Lab.Received answer = Lab.readAll(client);
        assertThat(answer.bytes()).isEqualTo(HELLO);
        assertThat(answer.reset()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "\r\n\r\n\0\r\nQUIT\n \0\0\0", "\r\n\r\n\0\r\nQUIT\n!\0\0\0"})
    void aConnectionOfAFrontsOwnIsThatOfTheFront(String header) throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT).sendProxyProtocol(Version.V1), server);
        Socket front = from(FRONT, service);
        front.getOutputStream().write(header.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(readHeader(server.take())).isEqualTo(ProxyHeader.of(local(front), remote(front)));
    }

    @Test
    void whatAFrontSaysBeyondAddressesIsPassedOnInVersion2() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT).sendProxyProtocol(Version.V2), server);
        byte[] tlvs = HexFormat.of().parseHex("05000474657374" + "e0000101");
        Socket client = from(FRONT, service);
        client.getOutputStream().write(header(Version.V2, CLIENT, tlvs));

        assertThat(readHeader(server.take()))
                .isEqualTo(ProxyHeader.of(CLIENT, SITE).withTlvs(ByteBuffer.wrap(tlvs)));

        service.update(
                service.description().toBuilder().sendProxyProtocol(Version.V1).build());
        Socket next = from(FRONT, service);
        next.getOutputStream().write(header(Version.V2, CLIENT, tlvs));
        next.getOutputStream().write(HELLO);
        next.shutdownOutput();
        Socket atServer = server.take();
        assertThat(readHeader(atServer)).isEqualTo(ProxyHeader.of(CLIENT, SITE));
        assertThat(Lab.readAll(atServer).bytes()).isEqualTo(HELLO);
    }

    @Test
    void aClientStaysOnItsServerByTheAddressInTheHeader() throws Exception {
        TestServer one = lab.server();
        TestServer two = lab.server();
        ServiceHandle service = lab.serve(
                b -> b.acceptProxyProtocol(FRONT).persistence(Persistence.of(Duration.ofMinutes(5))), one, two);

        for (int i = 0; i < 4; i++) {
            List<Socket> open = new ArrayList<>();
            for (int client = 1; client <= 2; client++) {
                Socket socket = from(FRONT, service);
                socket.getOutputStream()
                        .write(header(Version.V2, new InetSocketAddress("192.0.2." + client, 1000 + i)));
                open.add(socket);
                int reached = open.size() + 2 * i;
                await().until(() -> one.count() + two.count() == reached);
            }
        }

        assertThat(one.count()).isEqualTo(4);
        assertThat(two.count()).isEqualTo(4);
        assertThat(service.persistence().orElseThrow().list())
                .extracting(template -> template.key().toString())
                .allMatch(key -> key.contains("192.0.2."))
                .hasSize(2);
    }

    @Test
    void withoutTheSettingAHeaderIsData() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT), server);
        service.update(service.description().toBuilder().noProxyProtocol().build());

        Socket client = from(STRANGER, service);
        client.getOutputStream().write(header(Version.V1, CLIENT));
        client.shutdownOutput();

        assertThat(Lab.readAll(server.take()).bytes()).isEqualTo(header(Version.V1, CLIENT));
    }

    // ---------------------------------------------------------------- refusing

    @ParameterizedTest
    @EnumSource
    void nobodyButAFrontIsServedWhateverTheySend(Version version) throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT, "fd00::/8"), server);

        for (int i = 0; i < 20; i++) {
            assertThat(isReset(STRANGER, service, i % 2 == 0 ? header(version, CLIENT) : HELLO))
                    .isTrue();
        }

        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.PROXY_UNTRUSTED, 20L));
        assertThat(service.snapshot().connections()).isZero();
        assertThat(server.count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY_NO_HEADER, 474554202f20485454502f312e310d0a",
        "PROXY_NO_HEADER, 160301",
        "PROXY_MALFORMED, 50524f58592054435034203132372e302e302e3120310d0a",
        "PROXY_MALFORMED, " + SIGNATURE + "1111000c" + "c0000201c6336402d43101bb",
        "PROXY_MALFORMED, " + SIGNATURE + "2111000f" + "c0000201c6336402d43101bb" + "010001",
        "PROXY_CHECKSUM, " + SIGNATURE + "21110013" + "c0000201c6336402d43101bb" + "03000400000000",
        "PROXY_TOO_LONG, " + SIGNATURE + "2111ffff" + "c0000201c6336402d43101bb",
    })
    void aFrontWithoutAGoodHeaderIsResetBeforeAServerHearsOfIt(Refusal reason, String bytes) throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT), server);

        assertThat(isReset(FRONT, service, HexFormat.of().parseHex(bytes))).isTrue();

        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(reason, 1L));
        assertThat(server.count()).isZero();
    }

    @Test
    void aLineThatNeverEndsIsResetAfter107Bytes() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT), server);
        Socket client = from(FRONT, service);
        client.getOutputStream().write(("PROXY UNKNOWN " + "x".repeat(92)).getBytes(StandardCharsets.US_ASCII));
        awaitSweep();
        assertThat(service.snapshot().refusals()).isEmpty();

        client.getOutputStream().write('x');

        assertThat(Lab.readAll(client).reset()).isTrue();
        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.PROXY_TOO_LONG, 1L));
        assertThat(server.count()).isZero();
    }

    @Test
    void aFrontThatGoesBeforeItsHeaderIsCompleteIsForgotten() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT), server);
        Socket ending = from(FRONT, service);
        ending.getOutputStream().write(Arrays.copyOf(header(Version.V2, CLIENT), 20));
        ending.shutdownOutput();
        assertThat(Lab.readAll(ending).reset()).isTrue();

        Lab.reset(from(FRONT, service));

        await().untilAsserted(() ->
                assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.PROXY_INCOMPLETE, 2L)));
        assertThat(server.count()).isZero();
    }

    @Test
    void frontsThatKeepSilentAreResetAtTheDeadlineAndNotBefore() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT), server);
        List<Socket> fronts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Socket front = from(FRONT, service);
            front.getOutputStream().write(header(Version.V1, CLIENT), 0, i % 20);
            fronts.add(front);
        }
        settle(service, server);
        int served = server.count();
        Socket client = from(FRONT, service);
        client.getOutputStream().write(header(Version.V1, CLIENT));
        Socket atServer = server.take();

        advance(Duration.ofSeconds(3).minusMillis(1));
        awaitSweep();
        assertThat(service.snapshot().refusals()).isEmpty();
        advance(Duration.ofMillis(1));

        for (Socket front : fronts) {
            assertThat(Lab.readAll(front).reset()).isTrue();
        }
        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.PROXY_LATE, 40L));
        assertThat(server.count()).isEqualTo(served + 1);
        client.getOutputStream().write(HELLO);
        assertThat(atServer.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
    }

    @Test
    void bytesThatTrickleInDoNotMoveTheDeadline() throws Exception {
        TestServer server = lab.server();
        ProxyProtocol.Fronts fronts =
                new ProxyProtocol.Fronts(List.of(AddressPrefix.parse(FRONT)), Duration.ofSeconds(10));
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(fronts), server);
        Socket front = from(FRONT, service);
        byte[] header = header(Version.V2, CLIENT);
        settle(service, server);
        for (int i = 0; i < 3; i++) {
            front.getOutputStream().write(header[i]);
            awaitSweep();
            advance(Duration.ofSeconds(3));
        }
        awaitSweep();
        assertThat(service.snapshot().refusals()).isEmpty();

        advance(Duration.ofSeconds(1));

        assertThat(Lab.readAll(front).reset()).isTrue();
        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.PROXY_LATE, 1L));
    }

    @Test
    void removingTheServiceResetsWhoeverIsStillAtTheHeader() throws Exception {
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol(FRONT), lab.server());
        Socket front = from(FRONT, service);
        front.getOutputStream().write(header(Version.V2, CLIENT), 0, 20);
        awaitSweep();

        lab.director.remove(service.key());

        assertThat(Lab.readAll(front).reset()).isTrue();
    }

    // ---------------------------------------------------------------- parts

    /** Waits until both loops have taken in whoever has connected: those who come after them are served by then. */
    private void settle(ServiceHandle service, TestServer server) throws Exception {
        for (int i = 0; i < 20; i++) {
            Socket later = from(FRONT, service);
            later.getOutputStream().write(header(Version.V1, CLIENT));
            server.take();
        }
    }

    private Socket from(String address, ServiceHandle service) throws IOException {
        Socket socket = lab.keep(new Socket());
        socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.connect(Lab.addressOf(service), Lab.TIMEOUT_MILLIS);
        return socket;
    }

    /** Sends these bytes and returns whether that ends with a reset, be it that fast, and without an answer. */
    private boolean isReset(String address, ServiceHandle service, byte[] bytes) throws IOException {
        try {
            Socket socket = from(address, service);
            socket.getOutputStream().write(bytes);
            Lab.Received received = Lab.readAll(socket);
            return received.reset() && received.bytes().length == 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private static InetSocketAddress local(Socket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private static InetSocketAddress remote(Socket socket) {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    private static byte[] header(Version version, InetSocketAddress client) {
        return header(version, client, new byte[0]);
    }

    private static byte[] header(Version version, InetSocketAddress client, byte[] tlvs) {
        ByteBuf out = Unpooled.buffer();
        ProxyHeaderEncoder.encode(version, client, SITE, ByteBuffer.wrap(tlvs), out);
        return Arrays.copyOf(out.array(), out.readableBytes());
    }

    private static byte[] joined(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }

    /** Reads no byte more than the header. */
    private static ProxyHeader readHeader(Socket socket) throws Exception {
        ByteBuf bytes = Unpooled.buffer();
        while (true) {
            int next = socket.getInputStream().read();
            assertThat(next).as("after %s", bytes).isNotNegative();
            ProxyHeader header = ProxyHeaderDecoder.decode(bytes.writeByte(next));
            if (header != null) {
                return header;
            }
        }
    }
}
