package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTarget;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.Timers;
import io.lvs4j.testkit.FreePorts;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real connections to many addresses of this host, once a second each. The servers are on this host, too, so that 10,000
 * ({@code -Dlvs.promise.checks=10000}) want two cores that nobody else uses.
 */
@Tag("size")
class ManyChecksTest {
    private static final int SERVERS = Integer.getInteger("lvs.promise.checks", 2_000);
    private static final int GOOD_SERVERS = 999;
    private static final int WARMUP_ROUNDS =
            Math.max(8, SERVERS / 250); // until what runs ten thousand times is compiled
    private static final CheckTiming EVERY_SECOND = TcpCheck.builder()
            .delayLoop(Duration.ofSeconds(1))
            .connectTimeout(Duration.ofSeconds(1))
            .warmup(Duration.ofSeconds(1))
            .retries(0)
            .build()
            .timing();

    private final Transport transport = Transport.best();
    private final MonitorLoops loops = MonitorLoops.own(transport);
    private final Sockets sockets = new Sockets(loops.group(), new ReflectiveChannelFactory<>(transport.socketType()));

    @AfterEach
    void close() {
        loops.close(sockets.close());
    }

    @Test
    void checksEverySecondBeginInTime() throws IOException {
        beginInTime(
                "TCP, timers on the event loop", new LoopTimers(loops.group().next()));
    }

    @Test
    void checksOfADirectorBeginInTime() throws IOException {
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, new ThreadPoolExecutor.DiscardPolicy());
        thread.setRemoveOnCancelPolicy(true);
        try {
            beginInTime("TCP, timers on a thread like the director's", (delay, task) -> {
                Future<?> due = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
                return () -> due.cancel(false);
            });
        } finally {
            thread.shutdownNow();
        }
    }

    private void beginInTime(String name, Timers timers) throws IOException {
        try (ServerSocket server = serving();
                Punctuality checks = new Punctuality(EVERY_SECOND, timers)) {
            Probe probe = new TcpProbe(CheckTarget.server(), sockets, Optional.empty());
            for (int i = 0; i < SERVERS; i++) {
                checks.add(address(i, server.getLocalPort()), probe);
            }
            checks.assertAllBeginInTime(name, WARMUP_ROUNDS);
        }
    }

    /** Promise E5. The one takes connections, which the kernel does for it, and says nothing. */
    @Test
    void aServerThatStandsStillDelaysNoOther(@TempDir Path directory) throws Exception {
        Path good = Files.createDirectory(directory.resolve("good"));
        Path stuck = Files.createDirectory(directory.resolve("stuck"));
        X509Bundle certificate = new Certificates().good();
        try (Nginx nginx = new Nginx(good, certificate);
                Nginx still = new Nginx(stuck, certificate);
                Punctuality checks = new Punctuality(
                        EVERY_SECOND, new LoopTimers(loops.group().next()))) {
            still.signal("STOP");
            CheckLoop other = checks.addUnmeasured(still.plain, http(still.plain));
            for (int i = 0; i < GOOD_SERVERS; i++) {
                ServerKey server = address(i, nginx.everywhere);
                checks.add(server, http(server));
            }

            checks.assertAllBeginInTime("HTTP, one server stands still", WARMUP_ROUNDS);

            assertThat(other.latest().orElseThrow())
                    .isEqualTo(CheckResult.failed("response", "no complete header within 1s"));
            other.close();
            still.signal("CONT"); // or it could not end
        }
    }

    private Probe http(ServerKey server) {
        HttpCheck check = HttpCheck.httpGet("/quiet").build();
        return new HttpProbe(server, check, sockets, Optional.empty(), new Trust(null));
    }

    /** Returns one of many addresses of this host. */
    private static ServerKey address(int number, int port) {
        return ServerKey.of("127.1." + number / 200 + "." + (1 + number % 200), port);
    }

    /** Returns a server that listens on all of them and closes every connection at once. */
    private static ServerSocket serving() throws IOException {
        InetAddress any = InetAddress.getByName("0.0.0.0");
        ServerSocket listening = new ServerSocket();
        listening.bind(new InetSocketAddress(any, FreePorts.on(any)), 4096);
        Thread thread = new Thread(() -> serve(listening), "server");
        thread.setDaemon(true);
        thread.start();
        return listening;
    }

    private static void serve(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                listening.accept().close();
            } catch (IOException e) {
                // the client has gone already, or the end
            }
        }
    }
}
