package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One of two servers refuses: no client notices, and what it sends arrives once. */
@Tag("size")
class RefusingServerTest extends TransportTest {
    private static final int CLIENTS = Integer.getInteger("lvs.promise.refused", 2_000);

    @Test
    void everyClientIsServedByTheOtherServerAndNothingIsSentTwice() throws Exception {
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        AtomicLong bytes = new AtomicLong();
        TestServer server = lab.keep(new TestServer("127.0.0.1", 0, socket -> {
            byte[] all = socket.getInputStream().readAllBytes();
            bytes.addAndGet(all.length);
            long number = new DataInputStream(new java.io.ByteArrayInputStream(all)).readLong();
            seen.add(number);
            new DataOutputStream(socket.getOutputStream()).writeLong(number);
        }));
        RealServer refusing = RealServer.builder(Lab.key(lab.refusing())).build();
        ServiceHandle service = lab.serve(b -> b.realServer(refusing), server);

        for (long i = 0; i < CLIENTS; i++) {
            try (Socket client = new Socket()) {
                client.setSoTimeout(Lab.TIMEOUT_MILLIS);
                client.connect(Lab.addressOf(service), Lab.TIMEOUT_MILLIS);
                new DataOutputStream(client.getOutputStream()).writeLong(i);
                client.shutdownOutput();
                assertThat(new DataInputStream(client.getInputStream()).readLong())
                        .isEqualTo(i);
            }
        }

        assertThat(seen).hasSize(CLIENTS);
        assertThat(bytes).hasValue(8L * CLIENTS);
        assertThat(server.count()).isEqualTo(CLIENTS);
        assertThat(service.snapshot().refused()).isZero();
        long failures = service.snapshot().server(refusing.key()).counters().connectFailures();
        assertThat(failures).isBetween(CLIENTS / 4L, (long) CLIENTS);
        await().until(() -> Lab.counters(service, server).bytesIn() == 8L * CLIENTS);
    }
}
