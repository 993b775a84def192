package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ConnectionLimits;
import io.lvs4j.Refusal;
import io.lvs4j.ServiceHandle;
import io.lvs4j.spi.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A flood of connects from one source does not starve others. */
@Tag("size")
class ConnectFloodTest {
    private static final int FLOOD = 20_000;
    private static final int FLOODERS = 2;
    private static final int PER_SOURCE = 100;
    private static final int GOOD_SOURCES = 200;
    private static final int AT_LEAST = 200;

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void othersConnectWhileOneSourceConnects20000Times(Transport transport) throws Exception {
        try (Lab lab = new Lab(transport, Ticker.system())) {
            TestServer server = lab.keep(TestServer.echo());
            ServiceHandle service = lab.serve(
                    b -> b.limits(ConnectionLimits.defaults()
                            .withPerSource(PER_SOURCE)
                            .withNewPerSource(new ConnectionLimits.Rate(1_000, 1_000))),
                    server);
            InetSocketAddress at = Lab.addressOf(service);
            for (int i = 0; i < PER_SOURCE; i++) {
                lab.keep(connected("127.0.0.66", at)); // keeps all that it may have
            }
            ExecutorService pool = Executors.newFixedThreadPool(FLOODERS);
            AtomicInteger flooded = new AtomicInteger();
            List<Long> nanos = new ArrayList<>();
            try {
                List<Future<?>> flood = new ArrayList<>();
                for (int i = 0; i < FLOODERS; i++) {
                    flood.add(pool.submit(() -> flood(at, flooded)));
                }
                for (int i = 0; flooded.get() < FLOOD || i < AT_LEAST; i++) {
                    nanos.add(pingNanos("127.0.1." + (1 + i % GOOD_SOURCES), at));
                }
                for (Future<?> each : flood) {
                    each.get();
                }
            } finally {
                pool.shutdownNow();
            }
            await().untilAsserted(() -> assertThat(service.snapshot().refusals())
                    .isEqualTo(Map.of(Refusal.SOURCE_FULL, (long) FLOOD))); // and nobody else
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            Duration p99 = Duration.ofNanos(sorted[(int) (0.99 * (sorted.length - 1))]);
            System.out.printf(
                    "connect flood over %s: %d good connections, median %s, p99 %s, most %s%n",
                    transport,
                    sorted.length,
                    Duration.ofNanos(sorted[sorted.length / 2]),
                    p99,
                    Duration.ofNanos(Arrays.stream(sorted).max().orElseThrow()));
            assertThat(p99).isLessThan(Duration.ofSeconds(1));
        }
    }

    private static Void flood(InetSocketAddress at, AtomicInteger flooded) throws IOException {
        while (flooded.getAndIncrement() < FLOOD) {
            try (Socket socket = new Socket()) {
                socket.setSoLinger(true, 0);
                socket.bind(new InetSocketAddress("127.0.0.66", 0));
                socket.connect(at, Lab.TIMEOUT_MILLIS);
            } catch (java.net.SocketException e) {
                // reset that fast
            }
        }
        return null;
    }

    private static Socket connected(String source, InetSocketAddress at) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
        socket.bind(new InetSocketAddress(source, 0));
        socket.connect(at, Lab.TIMEOUT_MILLIS);
        Lab.ping(socket);
        return socket;
    }

    /** Connects, sends a byte through to the server and back, and leaves; any failure is thrown. */
    private static long pingNanos(String source, InetSocketAddress at) throws IOException {
        long begin = System.nanoTime();
        try (Socket socket = connected(source, at)) {
            long took = System.nanoTime() - begin;
            socket.setSoLinger(true, 0);
            return took;
        }
    }
}
