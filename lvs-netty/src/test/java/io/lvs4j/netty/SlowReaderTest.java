package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ServiceHandle;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Readers that stop, with senders at full speed. */
class SlowReaderTest extends TransportTest {
    private static final int CONNECTIONS = 100;
    private static final long PER_CONNECTION = 64 * 1024;

    /** The allocator takes memory in chunks, and each loop has a buffer of its own. */
    private static final long SLACK = 4 * 1024 * 1024;

    /** More than all socket buffers on the way hold with the limits that Linux sets by default. */
    private static final int MUCH = 24 * 1024 * 1024;

    @Test
    void aServerThatDoesNotReadCostsLittleAndStopsItsClient() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(server);
        List<Socket> readers = new ArrayList<>();
        List<Socket> senders = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            senders.add(lab.connect(service));
            readers.add(server.take());
        }

        costsLittle(senders, readers);
    }

    @Test
    void aClientThatDoesNotReadCostsLittleAndStopsItsServer() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(server);
        List<Socket> readers = new ArrayList<>();
        List<Socket> senders = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            readers.add(lab.connect(service));
            senders.add(server.take());
        }

        costsLittle(senders, readers);
    }

    private static void costsLittle(List<Socket> senders, List<Socket> readers) throws Exception {
        AtomicLong pushed = new AtomicLong();
        for (Socket sender : senders) {
            TestServer.daemon(() -> push(sender, pushed));
        }

        AtomicLong last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(60))
                .until(() -> last.getAndSet(pushed.get()) == pushed.get());
        assertThat(pushed.get()).isLessThan((long) MUCH * CONNECTIONS); // so all of them stopped
        assertThat(Resources.directMemory()).isLessThan(CONNECTIONS * PER_CONNECTION + SLACK);

        assertThat(count(readers.get(0))).isEqualTo(MUCH); // and go on when the reader does
    }

    @Test
    void whatASenderLeftBehindWhenItEndedIsNotReadAhead() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(server);
        List<Socket> readers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Socket sender = lab.connect(service);
            readers.add(server.take());
            sender.getOutputStream().write(new byte[500_000]);
            sender.shutdownOutput();
        }

        await().during(Duration.ofMillis(500))
                .until(() -> Resources.directMemory() < CONNECTIONS * PER_CONNECTION + SLACK);

        for (Socket reader : readers) {
            assertThat(count(reader)).isEqualTo(500_000);
        }
    }

    private static void push(Socket sender, AtomicLong pushed) {
        byte[] chunk = new byte[64 * 1024];
        try {
            for (int sent = 0; sent < MUCH; sent += chunk.length) {
                sender.getOutputStream().write(chunk);
                pushed.addAndGet(chunk.length);
            }
            sender.shutdownOutput();
        } catch (IOException e) {
            // the test is over
        }
    }

    private static long count(Socket reader) throws IOException {
        byte[] buffer = new byte[256 * 1024];
        long sum = 0;
        for (int n = reader.getInputStream().read(buffer);
                n >= 0;
                n = reader.getInputStream().read(buffer)) {
            sum += n;
        }
        return sum;
    }
}
