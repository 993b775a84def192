package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
class TcpForwardingTest {
    @Parameter
    Transport transport;

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab(transport);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void bytesArriveBothWaysThroughAHalfClose() throws Exception {
        ServiceHandle service = lab.serve(lab.keep(TestServer.echo()));
        byte[] sent = Lab.pattern(3_000_000, 1);

        Socket client = lab.connect(service);
        TestServer.daemon(() -> sendAndEnd(client, sent));
        Lab.Received received = Lab.readAll(client);

        assertThat(received.reset()).isFalse();
        assertThat(received.bytes()).isEqualTo(sent);
    }

    @Test
    void theOtherDirectionGoesOnAfterAHalfClose() throws Exception {
        TestServer server = lab.server();
        Socket client = lab.connect(lab.serve(server));
        Socket atServer = server.take();

        atServer.shutdownOutput();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        client.getOutputStream().write(Lab.pattern(100_000, 2));
        client.shutdownOutput();

        Lab.Received received = Lab.readAll(atServer);
        assertThat(received.reset()).isFalse();
        assertThat(received.bytes()).isEqualTo(Lab.pattern(100_000, 2));
    }

    @Test
    void aResetOfTheServerReachesTheClientAfterAllItsBytes() throws Exception {
        TestServer server = lab.server();
        Socket client = lab.connect(lab.serve(server));
        Socket atServer = server.take();

        atServer.getOutputStream().write(Lab.pattern(64_000, 3));
        awaitAcknowledged(client, 64_000);
        Lab.reset(atServer);

        Lab.Received received = Lab.readAll(client);
        assertThat(received.reset()).isTrue();
        assertThat(received.bytes()).isEqualTo(Lab.pattern(64_000, 3));
    }

    @Test
    void aResetOfTheClientReachesTheServerAfterAllItsBytes() throws Exception {
        TestServer server = lab.server();
        Socket client = lab.connect(lab.serve(server));
        Socket atServer = server.take();

        client.getOutputStream().write(Lab.pattern(64_000, 4));
        awaitAcknowledged(atServer, 64_000);
        Lab.reset(client);

        Lab.Received received = Lab.readAll(atServer);
        assertThat(received.reset()).isTrue();
        assertThat(received.bytes()).isEqualTo(Lab.pattern(64_000, 4));
    }

    @Test
    void aServerThatRefusesIsPassedOver() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        var refusing = Lab.key(lab.refusing());
        ServiceHandle service =
                lab.serve(b -> b.realServer(RealServer.builder(refusing).build()), server);

        for (int i = 0; i < 20; i++) {
            Socket client = lab.connect(service);
            client.getOutputStream().write(i);
            assertThat(client.getInputStream().read()).isEqualTo(i);
        }

        assertThat(server.count()).isEqualTo(20);
        assertThat(service.snapshot().server(refusing).counters().connectFailures())
                .isPositive();
    }

    @Test
    void withoutAnyServerTheClientIsReset() throws Exception {
        ServiceHandle service = lab.serve();

        assertThat(Lab.readAll(lab.connect(service)).reset()).isTrue();
        await().untilAsserted(() -> assertThat(service.snapshot().refused()).isEqualTo(1));
    }

    @Test
    void whenAllServersRefuseTheClientIsReset() throws Exception {
        var one = Lab.key(lab.refusing());
        var two = Lab.key(lab.refusing());
        ServiceHandle service =
                lab.serve(b -> b.realServer(RealServer.builder(one).build())
                        .realServer(RealServer.builder(two).build()));

        assertThat(Lab.readAll(lab.connect(service)).reset()).isTrue();
    }

    private static void awaitAcknowledged(Socket receiver, int bytes) {
        await().until(() -> receiver.getInputStream().available() >= bytes);
    }

    private static void sendAndEnd(Socket socket, byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
