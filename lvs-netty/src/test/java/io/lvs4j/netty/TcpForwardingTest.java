package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ServiceHandle;
import io.lvs4j.spi.ServerCounters;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TcpForwardingTest extends TransportTest {

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
    void aResetWaitsForAReaderThatHasStopped() throws Exception {
        TestServer server = lab.server();
        Socket client = new Socket();
        client.setReceiveBufferSize(8 * 1024); // so that most of it stays with the forwarder
        ServiceHandle service = lab.serve(server);
        client.connect(Lab.addressOf(service));
        Socket atServer = server.take();

        atServer.getOutputStream().write(Lab.pattern(150_000, 5));
        await().until(() -> Lab.counters(service, server).bytesOut() == 150_000);
        Lab.reset(atServer);
        await().during(Duration.ofSeconds(1))
                .until(() -> Lab.counters(service, server).open() == 1);

        Lab.Received received = Lab.readAll(client);
        assertThat(received.reset()).isTrue();
        assertThat(received.bytes()).isEqualTo(Lab.pattern(150_000, 5));
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
    void afterTheFirstByteNoOtherServerIsTried() throws Exception {
        TestServer one = lab.server();
        TestServer two = lab.server();
        Socket client = lab.connect(lab.serve(one, two));
        client.getOutputStream().write(1);
        await().until(() -> one.count() + two.count() == 1);
        Socket atServer = one.count() == 1 ? one.take() : two.take();
        assertThat(atServer.getInputStream().read()).isEqualTo(1);

        Lab.reset(atServer);

        assertThat(Lab.readAll(client).reset()).isTrue();
        assertThat(one.count() + two.count()).isEqualTo(1);
    }

    @Test
    void aResetAfterAnEndOfStreamIsPassedOnWhenTheServerSpeaks() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(server);
        Socket client = lab.connect(service);
        Socket atServer = server.take();

        client.shutdownOutput();
        assertThat(atServer.getInputStream().read()).isEqualTo(-1);
        Lab.reset(client);

        await().until(() -> Lab.cannotWrite(atServer));
        await().untilAsserted(
                        () -> assertThat(Lab.counters(service, server).open()).isZero());
    }

    @Test
    void countersAreExact() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(server);
        Socket client = lab.connect(service);
        Socket atServer = server.take();
        await().untilAsserted(() ->
                assertThat(Lab.counters(service, server)).isEqualTo(new ServerCounters(1, 0, 0, 1, 0, 0, 0, 0, 0, 0)));

        client.getOutputStream().write(new byte[70_000]);
        atServer.getInputStream().readNBytes(70_000);
        atServer.getOutputStream().write(new byte[300_001]);
        client.getInputStream().readNBytes(300_001);
        await().untilAsserted(() -> assertThat(Lab.counters(service, server))
                .isEqualTo(new ServerCounters(1, 0, 0, 1, 0, 0, 0, 0, 70_000, 300_001)));

        client.shutdownOutput();
        await().untilAsserted(() -> assertThat(Lab.counters(service, server))
                .isEqualTo(new ServerCounters(0, 1, 0, 1, 0, 0, 0, 0, 70_000, 300_001)));

        atServer.close();
        await().untilAsserted(() -> assertThat(Lab.counters(service, server))
                .isEqualTo(new ServerCounters(0, 0, 0, 1, 0, 0, 0, 0, 70_000, 300_001)));
        assertThat(service.snapshot().connections()).isEqualTo(1);
        assertThat(service.snapshot().refused()).isZero();
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
