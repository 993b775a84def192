package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTarget;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.CustomCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.testkit.ManualTime;
import io.netty.channel.ChannelException;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.internal.PlatformDependent;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class NettyHealthMonitorTest {
    private static final TcpCheck TCP = TcpCheck.builder().warmup(Duration.ZERO).build();

    @Test
    void aDirectorFindsItAndGivesItTheTime() {
        ManualTime time = new ManualTime();
        try (Director director = Director.builder()
                .backend(new IdleBackend())
                .ticker(time)
                .timers(time)
                .build()) {
            director.add(VirtualService.builder()
                    .listen("192.0.2.10", 80)
                    .scheduler("rr")
                    .healthCheck(TCP)
                    .realServer("192.0.2.1", 80)
                    .build());

            assertThat(time.pending()).isOne();
        }
        assertThat(time.pending()).isZero();
    }

    @Test
    void verdictsComeWithTheTimersItIsGiven() throws Exception {
        ManualTime time = new ManualTime();
        List<String> verdicts = new ArrayList<>();
        try (Liar server = new Liar(Liar.good());
                HealthMonitor monitor =
                        NettyHealthMonitor.builder().time(time, time).build()) {
            HttpCheck check = HttpCheck.httpGet("/").warmup(Duration.ZERO).build();
            monitor.watch(server.key(), check, (up, cause) -> verdicts.add(up + " " + cause));

            time.advance(Duration.ZERO);
            Awaitility.await().until(() -> time.pending() == 2); // the deadline and the result
            assertThat(verdicts).isEmpty();

            time.advance(Duration.ZERO);
            assertThat(verdicts).containsExactly("true status 200");
        }
    }

    @Test
    void aClosedMonitorTakesNoWatch() {
        NettyHealthMonitor monitor = NettyHealthMonitor.create();
        monitor.close();
        monitor.close();

        assertThatThrownBy(() -> monitor.watch(ServerKey.of("192.0.2.1", 80), TCP, (up, cause) -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingAWatchClosesItsConnection() throws Exception {
        try (NettyHealthMonitor monitor = NettyHealthMonitor.create();
                Liar server = new Liar((self, client) -> {
                    Liar.readRequest(client);
                    self.seen.add("asked");
                    self.noteEnding(client);
                })) {
            HttpCheck check = HttpCheck.httpGet("/")
                    .warmup(Duration.ZERO)
                    .connectTimeout(Duration.ofMinutes(1))
                    .build();
            HealthMonitor.Watch watch = monitor.watch(server.key(), check, (up, cause) -> {});
            assertThat(server.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("asked");

            watch.close();

            assertThat(server.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("FIN");
            assertThat(watch.latest()).isEmpty();
        }
    }

    @Test
    void aMonitorThatIsClosedLeavesNothingBehind() throws Exception {
        try (Liar good = new Liar(Liar.good());
                Liar silent = new Liar((self, client) -> self.noteEnding(client))) {
            cycles(20, good, silent);
            settle();
            int threads = ourThreads();
            int descriptors = descriptors();
            long direct = PlatformDependent.usedDirectMemory();

            cycles(200, good, silent);

            assertThat(ourThreads()).isEqualTo(threads).isZero();
            settle();
            Awaitility.await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(descriptors));
            assertThat(PlatformDependent.usedDirectMemory()).isLessThanOrEqualTo(direct);
        }
    }

    private static void cycles(int count, Liar good, Liar silent) throws InterruptedException {
        HttpCheck check = HttpCheck.httpGet("/").warmup(Duration.ZERO).build();
        for (int i = 0; i < count; i++) {
            CountDownLatch verdict = new CountDownLatch(1);
            try (NettyHealthMonitor monitor = NettyHealthMonitor.create()) {
                monitor.watch(silent.key(), check, (up, cause) -> {});
                monitor.watch(good.key(), check, (up, cause) -> verdict.countDown());
                assertThat(verdict.await(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(ourThreads()).isZero();
        }
    }

    /** The servers of this test notice the ends of connections on threads of their own. */
    private static void settle() {
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("liar-talk")));
    }

    private static int ourThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lvs-health")
                        || thread.getName().startsWith("globalEventExecutor"))
                .count();
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }

    @Test
    void aBorrowedGroupOutlivesTheMonitorWithoutItsConnections() throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try (Liar silent = new Liar((self, client) -> {
            self.seen.add("connected");
            self.noteEnding(client);
        })) {
            NettyHealthMonitor monitor = NettyHealthMonitor.builder()
                    .eventLoopGroup(group, NioSocketChannel.class)
                    .build();
            HttpCheck check = HttpCheck.httpGet("/").warmup(Duration.ZERO).build();
            monitor.watch(silent.key(), check, (up, cause) -> {});
            assertThat(silent.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("connected");

            monitor.close();

            assertThat(silent.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("FIN");
            assertThat(group.isShuttingDown()).isFalse();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aSilentServerDelaysNoOther() throws Exception {
        Duration interval = Duration.ofMillis(100);
        CountDownLatch asked = new CountDownLatch(8);
        try (Liar silent = new Liar((self, client) -> self.noteEnding(client));
                NettyHealthMonitor monitor = NettyHealthMonitor.create()) {
            List<HealthMonitor.Watch> stuck = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                HttpCheck check = HttpCheck.httpGet("/" + i)
                        .delayLoop(interval)
                        .connectTimeout(Duration.ofMinutes(10))
                        .build();
                stuck.add(monitor.watch(silent.key(), check, (up, cause) -> {}));
            }
            monitor.watch(
                    ServerKey.of("192.0.2.1", 80),
                    new Custom(interval, () -> {
                        asked.countDown();
                        return CompletableFuture.completedFuture(CheckResult.passed("fine"));
                    }),
                    (up, cause) -> {});

            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(stuck).allMatch(watch -> watch.latest().isEmpty());
        }
    }

    @Test
    void aCheckThatCannotBeCarriedOutIsRefusedBeforeAnythingChanges() {
        List<DirectorEvent> events = new CopyOnWriteArrayList<>();
        try (Director director = Director.builder()
                .backend(new IdleBackend())
                .healthMonitor(NettyHealthMonitor.create())
                .listener(events::add)
                .build()) {
            VirtualService service = VirtualService.builder()
                    .listen("192.0.2.1", 80)
                    .scheduler("rr")
                    .realServer("192.0.2.2", 80)
                    .healthCheck(MiscCheck.program("/nowhere/at/all").build())
                    .build();

            assertThatThrownBy(() -> director.add(service))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("/nowhere/at/all");

            assertThat(director.services()).isEmpty();
            director.add(service.toBuilder().noHealthChecks().build());
            assertThatThrownBy(() -> director.update(service)).isInstanceOf(IllegalArgumentException.class);
            assertThat(director.services().get(0).description().healthChecks()).isEmpty();
            Awaitility.await().until(() -> events.size() >= 2);
            assertThat(events).extracting(DirectorEvent::type).containsExactly("service-added", "server-added");
        }
    }

    @Test
    void aListenerThatThrowsDoesNotEndItsWatch() {
        CountDownLatch asked = new CountDownLatch(3);
        try (NettyHealthMonitor monitor = NettyHealthMonitor.create()) {
            monitor.watch(
                    ServerKey.of("192.0.2.1", 80),
                    new Custom(Duration.ofMillis(10), () -> {
                        asked.countDown();
                        return CompletableFuture.completedFuture(
                                asked.getCount() % 2 == 0 ? CheckResult.passed("") : CheckResult.failed("", ""));
                    }),
                    (up, cause) -> {
                        throw new IllegalStateException("a listener of this test throws on purpose");
                    });

            Awaitility.await().until(() -> asked.getCount() == 0);
        }
    }

    @Test
    void aMonitorMayBeClosedOnItsOwnThread() throws Exception {
        NettyHealthMonitor monitor = NettyHealthMonitor.create();
        CountDownLatch closed = new CountDownLatch(1);
        monitor.watch(
                ServerKey.of("192.0.2.1", 80),
                new Custom(Duration.ofSeconds(1), () -> {
                    monitor.close();
                    closed.countDown();
                    return CompletableFuture.completedFuture(CheckResult.passed("fine"));
                }),
                (up, cause) -> {});

        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().until(() -> ourThreads() == 0);
    }

    @Test
    void aSocketThatCannotBeOpenedSaysNothingAboutTheServer() {
        MonitorLoops loops = MonitorLoops.own(new Transport.Nio());
        CompletableFuture<CheckResult> outcome = new CompletableFuture<>();
        Sockets sockets = new Sockets(loops.group(), () -> {
            throw new ChannelException("Failed to open a socket.", new IOException("Too many open files"));
        });

        new TcpProbe(CheckTarget.server(), sockets, Optional.empty())
                .begin(ServerKey.of("192.0.2.1", 80), outcome::complete);

        assertThat(outcome.join()).isEqualTo(CheckResult.inconclusive("no socket: too many open files"));
        loops.close(sockets.close());
    }

    @Test
    void aLocalPortThatCannotBeHadSaysNothingAboutTheServer() {
        MonitorLoops loops = MonitorLoops.own(new Transport.Nio());
        CompletableFuture<CheckResult> outcome = new CompletableFuture<>();
        Sockets sockets = new Sockets(loops.group(), () -> new NioSocketChannel() {
            @Override
            protected boolean doConnect(SocketAddress remote, SocketAddress local) throws Exception {
                throw new BindException("Cannot assign requested address");
            }
        });

        new TcpProbe(CheckTarget.server(), sockets, Optional.empty())
                .begin(ServerKey.of("192.0.2.1", 80), outcome::complete);

        assertThat(outcome.join()).isEqualTo(CheckResult.inconclusive("connect: cannot assign requested address"));
        loops.close(sockets.close());
    }

    private record Custom(Duration interval, Supplier<CompletionStage<CheckResult>> answer) implements CustomCheck {
        @Override
        public CompletionStage<CheckResult> probe(ServerKey server) {
            return answer.get();
        }

        @Override
        public CheckTiming timing() {
            return new CheckTiming(interval, Duration.ofSeconds(1), 0, Duration.ZERO, 1, Duration.ZERO, false, false);
        }

        @Override
        public String describe() {
            return "test";
        }
    }
}
