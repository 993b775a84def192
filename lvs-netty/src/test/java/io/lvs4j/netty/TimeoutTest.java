package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.ServiceHandle;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Idle and half-closed connections, by a clock that only the test moves. */
class TimeoutTest extends TransportTest {
    private static final ConnectionTimeouts TIMEOUTS =
            ConnectionTimeouts.defaults().withIdle(Duration.ofMinutes(10)).withHalfClosed(Duration.ofMinutes(1));

    @Test
    void anIdleConnectionIsResetOnBothSidesAndNotBefore() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.timeouts(TIMEOUTS), server);
        Socket client = lab.connect(service);
        Socket atServer = server.take();
        await().until(() -> Lab.counters(service, server).active() == 1);

        advance(Duration.ofMinutes(10).minusMillis(1));
        awaitSweep();
        assertThat(Lab.counters(service, server).open()).isEqualTo(1);
        advance(Duration.ofMillis(1));

        assertThat(Lab.readAll(client).reset()).isTrue();
        assertThat(Lab.readAll(atServer).reset()).isTrue();
        await().until(() -> Lab.counters(service, server).open() == 0);
    }

    @Test
    void aHalfClosedConnectionIsResetAndNotEnded() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.timeouts(TIMEOUTS), server);
        Socket client = lab.connect(service);
        Socket atServer = server.take();

        atServer.shutdownOutput();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        awaitSweep();
        assertThat(Lab.counters(service, server).open()).isEqualTo(1);
        advance(Duration.ofMinutes(1).minusMillis(1));
        awaitSweep();
        assertThat(Lab.counters(service, server).open()).isEqualTo(1);
        advance(Duration.ofMillis(1));

        await().until(() -> Lab.counters(service, server).open() == 0);
        assertThat(Lab.readAll(atServer).reset()).isTrue();
        await().until(() -> Lab.cannotWrite(client));
    }

    @Test
    void anyByteKeepsAConnectionOpen() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(b -> b.timeouts(TIMEOUTS), server);
        Socket client = lab.connect(service);

        for (int i = 0; i < 4; i++) {
            Lab.ping(client);
            awaitSweep(); // that is when it is seen
            assertThat(Lab.counters(service, server).open()).isEqualTo(1);
            advance(Duration.ofMinutes(9));
        }

        Lab.ping(client);
    }

    @Test
    void newTimeoutsHoldForConnectionsThatThereAre() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.timeouts(TIMEOUTS), server);
        Socket client = lab.connect(service);
        server.take();
        await().until(() -> Lab.counters(service, server).active() == 1);
        advance(Duration.ofMinutes(5));

        service.update(service.description().toBuilder()
                .timeouts(TIMEOUTS.withIdle(Duration.ofMinutes(4)))
                .build());

        assertThat(Lab.readAll(client).reset()).isTrue();
    }

    @Test
    void aReaderThatStopsForGoodAfterTheOtherSideWasResetIsResetInTheEnd() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.timeouts(TIMEOUTS), server);
        Socket client = lab.connect(service);
        Socket atServer = server.take();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            while (!Lab.cannotWrite(client, 64 * 1024)) {
                // until the server's buffers are full, and the client is closed
            }
        });
        await().until(() -> {
            long before = Lab.counters(service, server).bytesIn();
            awaitSweep();
            return before > 100_000 && before == Lab.counters(service, server).bytesIn();
        });
        Lab.reset(client);
        sending.join();

        await().until(() -> {
            advance(Duration.ofSeconds(30));
            return Lab.counters(service, server).open() == 0;
        });
        assertThat(Lab.readAll(atServer).reset()).isTrue();
    }
}
