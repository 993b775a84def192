package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.Persistence;
import io.lvs4j.ProxyProtocol.Version;
import io.lvs4j.Refusal;
import io.lvs4j.ServerNames;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who carries a TLS connection by the server name that it asks for, and that its bytes stay what they are. */
class ServerNameTest extends TransportTest {
    private static final Persistence BY_NAME = Persistence.byServerName(Duration.ofMinutes(5));
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 54321);
    private static final InetSocketAddress SITE = new InetSocketAddress("198.51.100.2", 443);

    // ---------------------------------------------------------------- persistence

    @Test
    void clientsOfOneNameAreOnOneServerWhateverTheirAddress() throws Exception {
        TestServer one = lab.server();
        TestServer two = lab.server();
        ServiceHandle service = lab.serve(b -> b.persistence(BY_NAME), one, two);

        for (String name : List.of("a.example.org", "b.example.org", "A.Example.ORG")) {
            for (int i = 1; i <= 10; i++) {
                from("127.0.0." + i, service).getOutputStream().write(Hellos.jdk(name));
                awaitConnections(service, 1);
            }
        }

        assertThat(Set.of(one.count(), two.count())).isEqualTo(Set.of(20, 10));
        assertThat(service.persistence().orElseThrow().list())
                .extracting(template -> template.key())
                .containsExactlyInAnyOrder("a.example.org", "b.example.org");
    }

    private int awaited;

    /** Waits until so many more have reached a server, so that they are scheduled in order. */
    private void awaitConnections(ServiceHandle service, int more) {
        awaited += more;
        int all = awaited;
        await().until(() -> service.snapshot().servers().stream()
                        .mapToLong(server -> server.counters().connections())
                        .sum()
                == all);
    }

    @Test
    void clientsWithoutANameAreScheduledEachByItself() throws Exception {
        TestServer one = lab.server();
        TestServer two = lab.server();
        ServiceHandle service = lab.serve(b -> b.persistence(BY_NAME), one, two);

        for (int i = 0; i < 10; i++) {
            from("127.0.0.1", service).getOutputStream().write(Hellos.jdk(""));
            awaitConnections(service, 1);
        }

        await().until(() -> one.count() == 5 && two.count() == 5);
        assertThat(service.persistence().orElseThrow().list()).isEmpty();
    }

    @Test
    void persistenceMayChangeToNamesAndBackWhileItServes() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.persistence(BY_NAME), server);
        service.update(service.description().toBuilder()
                .persistence(Duration.ofMinutes(5))
                .build());
        exchange(from("127.0.0.1", service), server, "no TLS at all".getBytes(StandardCharsets.US_ASCII));

        service.update(service.description().toBuilder().persistence(BY_NAME).build());

        exchange(from("127.0.0.1", service), server, Hellos.jdk("a.example.org"));
        assertThat(isReset(service, "no TLS".getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
    }

    // ---------------------------------------------------------------- the choice of a service

    @Test
    void anotherServiceCarriesTheConnectionAndCountsIt() throws Exception {
        TestServer here = lab.server();
        TestServer there = lab.server();
        ServiceHandle target = lab.serve(there);
        ServiceHandle service = lab.serve(b -> b.routeServerName("*.example.org", target.key()), here);

        exchange(from("127.0.0.1", service), there, Hellos.jdk("auth.example.org"));
        exchange(from("127.0.0.1", service), there, Hellos.jdk("WWW.example.org"));
        exchange(from("127.0.0.1", service), here, Hellos.jdk("two.labels.example.org"));
        exchange(from("127.0.0.1", service), here, Hellos.jdk("example.org"));
        exchange(from("127.0.0.1", service), here, Hellos.jdk("other.net"));
        exchange(from("127.0.0.1", service), here, Hellos.jdk(""));

        assertThat(target.snapshot().connections()).isEqualTo(2);
        assertThat(service.snapshot().connections()).isEqualTo(4);
        assertThat(service.snapshot().refusals()).isEmpty();
    }

    @Test
    void aNameByItselfGoesBeforeAWildcard() throws Exception {
        TestServer here = lab.server();
        TestServer there = lab.server();
        TestServer everywhere = lab.server();
        ServiceHandle exact = lab.serve(there);
        ServiceHandle wild = lab.serve(everywhere);
        ServiceHandle service = lab.serve(
                b -> b.routeServerName("*.example.org", wild.key()).routeServerName("Auth.Example.org", exact.key()),
                here);

        exchange(from("127.0.0.1", service), there, Hellos.jdk("auth.example.org"));
        exchange(from("127.0.0.1", service), everywhere, Hellos.jdk("www.example.org"));
    }

    @Test
    void otherNamesMayBeRefused() throws Exception {
        TestServer there = lab.server();
        ServiceHandle target = lab.serve(there);
        ServiceHandle service = lab.serve(
                b -> b.serverNames(ServerNames.none()
                        .withRoute("a.example.org", target.key())
                        .withOthersRefused()),
                lab.server());

        assertThat(isReset(service, Hellos.jdk("b.example.org"))).isTrue();
        assertThat(isReset(service, Hellos.jdk(""))).isTrue();
        exchange(from("127.0.0.1", service), there, Hellos.jdk("a.example.org"));

        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.UNKNOWN_SERVER_NAME, 2L));
    }

    @Test
    void aRouteToAServiceThatIsGoneRefusesItsConnectionsOnly() throws Exception {
        TestServer here = lab.server();
        ServiceHandle target = lab.serve(lab.server());
        ServiceHandle service = lab.serve(b -> b.routeServerName("a.example.org", target.key()), here);
        VirtualService description = target.description();
        lab.director.remove(target.key());

        assertThat(isReset(service, Hellos.jdk("a.example.org"))).isTrue();
        exchange(from("127.0.0.1", service), here, Hellos.jdk("b.example.org"));
        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.NO_SUCH_SERVICE, 1L));

        TestServer again = lab.server();
        lab.director.add(description.toBuilder()
                .realServer("127.0.0.1", again.address().getPort())
                .build());
        Socket client = from("127.0.0.1", service);
        client.getOutputStream().write(Hellos.jdk("a.example.org"));
        await().until(() -> lab.director.service(target.key()).snapshot().connections() == 1);
    }

    @Test
    void theServiceThatCarriesAConnectionEndsItWhenItIsRemoved() throws Exception {
        TestServer there = lab.server();
        ServiceHandle target = lab.serve(there);
        ServiceHandle service = lab.serve(b -> b.routeServerName("a.example.org", target.key()), lab.server());
        Socket client = from("127.0.0.1", service);
        client.getOutputStream().write(Hellos.jdk("a.example.org"));
        there.take();

        lab.director.remove(target.key());

        assertThat(Lab.readAll(client).reset()).isTrue();
    }

    @Test
    void theListenersRemovalLeavesWhatOthersCarry() throws Exception {
        TestServer there = lab.server();
        ServiceHandle target = lab.serve(there);
        ServiceHandle service = lab.serve(b -> b.routeServerName("a.example.org", target.key()), lab.server());
        Socket client = from("127.0.0.1", service);
        byte[] hello = Hellos.jdk("a.example.org");
        client.getOutputStream().write(hello);
        Socket atServer = there.take();

        lab.director.remove(service.key());

        atServer.getOutputStream().write(atServer.getInputStream().readNBytes(hello.length));
        assertThat(client.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
    }

    // ---------------------------------------------------------------- bytes

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100})
    void aHelloMayComeInSmallRecordsByteByByte(int record) throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.persistence(BY_NAME), server);
        byte[] hello = Hellos.inRecordsOf(record, Hellos.jdk("a.example.org"));
        Socket client = from("127.0.0.1", service);
        client.setTcpNoDelay(true);

        for (byte b : hello) {
            client.getOutputStream().write(b);
        }
        client.shutdownOutput();

        assertThat(Lab.readAll(server.take()).bytes()).isEqualTo(hello);
        await().until(() -> Lab.counters(service, server).bytesIn() == hello.length);
    }

    @Test
    void whatFollowsTheHelloAtOnceIsPassedOnBehindIt() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.persistence(BY_NAME), server);
        byte[] all = Hellos.joined(Hellos.jdk("a.example.org"), Lab.pattern(300_000, 7));
        Socket client = from("127.0.0.1", service);
        client.getOutputStream().write(all);
        client.shutdownOutput();

        assertThat(Lab.readAll(server.take()).bytes()).isEqualTo(all);
    }

    @ParameterizedTest
    @CsvSource({"true, V1", "false, V1", "true, V2", "false, V2"})
    void theProxyHeadersOfAFrontAndOursGoBeforeTheHello(boolean together, Version version) throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(
                b -> b.persistence(BY_NAME).acceptProxyProtocol("127.0.0.1").sendProxyProtocol(Version.V1), server);
        byte[] hello = Hellos.jdk("a.example.org");
        byte[] header = header(version);
        Socket client = from("127.0.0.1", service);
        client.setTcpNoDelay(true);
        if (together) {
            client.getOutputStream().write(Hellos.joined(header, hello));
        } else {
            for (byte b : Hellos.joined(header, hello)) {
                client.getOutputStream().write(b);
            }
        }
        client.shutdownOutput();

        assertThat(Lab.readAll(server.take()).bytes()).isEqualTo(Hellos.joined(header(Version.V1), hello));
        assertThat(service.persistence().orElseThrow().list()).hasSize(1);
    }

    // ---------------------------------------------------------------- liars

    @ParameterizedTest
    @CsvSource({
        "NOT_TLS, 474554202f20485454502f312e310d0a0d0a",
        "HELLO_MALFORMED, 16030100010216",
        "HELLO_TOO_LONG, 160301000401003ffd",
        "HELLO_TOO_LONG, 160301000401ffffff",
    })
    void aBadHelloEndsItsConnectionOnly(Refusal reason, String bytes) throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.persistence(BY_NAME), server);

        assertThat(isReset(service, java.util.HexFormat.of().parseHex(bytes))).isTrue();

        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(reason, 1L));
        assertThat(server.count()).isZero();
        exchange(from("127.0.0.1", service), server, Hellos.jdk("a.example.org"));
    }

    @Test
    void aHelloBehindAHeaderThatNeverBecomesCompleteIsCountedOnce() throws Exception {
        ServiceHandle service = lab.serve(b -> b.persistence(BY_NAME).acceptProxyProtocol("127.0.0.1"), lab.server());
        byte[] begun = Hellos.joined(header(Version.V2), Arrays.copyOf(Hellos.jdk("a.example.org"), 50));

        Socket ending = from("127.0.0.1", service);
        ending.getOutputStream().write(begun);
        ending.shutdownOutput();
        assertThat(Lab.readAll(ending).reset()).isTrue();
        Socket broken = from("127.0.0.1", service);
        broken.getOutputStream().write(begun);
        Lab.reset(broken);

        // A reset may overtake the header.
        await().until(() -> service.snapshot().refusals().values().stream()
                        .mapToLong(Long::longValue)
                        .sum()
                == 2);
        assertThat(new HashSet<>(service.snapshot().refusals().keySet()))
                .contains(Refusal.HELLO_INCOMPLETE)
                .isSubsetOf(Refusal.HELLO_INCOMPLETE, Refusal.PROXY_INCOMPLETE);
    }

    @Test
    void whoKeepsSilentOrDripsIsResetAtTheDeadlineAndNotBefore() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.persistence(BY_NAME), server);
        byte[] hello = Hellos.jdk("a.example.org");
        Socket silent = from("127.0.0.1", service);
        Socket dripping = from("127.0.0.1", service);
        for (int i = 0; i < 20; i++) {
            exchange(from("127.0.0.1", service), server, hello); // by then both loops have taken in who came before
        }
        for (int i = 0; i < 3; i++) {
            dripping.getOutputStream().write(hello[i]);
            awaitSweep();
            advance(Duration.ofSeconds(1).minusMillis(1));
        }
        awaitSweep();
        assertThat(service.snapshot().refusals()).isEmpty();

        advance(Duration.ofMillis(3));

        assertThat(Lab.readAll(silent).reset()).isTrue();
        assertThat(Lab.readAll(dripping).reset()).isTrue();
        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.HELLO_LATE, 2L));
    }

    // ---------------------------------------------------------------- parts

    private static void exchange(Socket client, TestServer server, byte[] bytes) throws Exception {
        client.getOutputStream().write(bytes);
        Socket atServer = server.take();
        assertThat(atServer.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
        atServer.getOutputStream().write('!');
        assertThat(client.getInputStream().read()).isEqualTo('!');
    }

    private Socket from(String address, ServiceHandle service) throws IOException {
        Socket socket = lab.keep(new Socket());
        socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.connect(Lab.addressOf(service), Lab.TIMEOUT_MILLIS);
        return socket;
    }

    private boolean isReset(ServiceHandle service, byte[] bytes) throws IOException {
        try {
            Socket socket = from("127.0.0.1", service);
            socket.getOutputStream().write(bytes);
            Lab.Received received = Lab.readAll(socket);
            return received.reset() && received.bytes().length == 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private static byte[] header(Version version) {
        ByteBuf out = Unpooled.buffer();
        ProxyHeaderEncoder.encode(version, CLIENT, SITE, ProxyHeader.NO_TLVS.duplicate(), out);
        return Arrays.copyOf(out.array(), out.readableBytes());
    }
}
