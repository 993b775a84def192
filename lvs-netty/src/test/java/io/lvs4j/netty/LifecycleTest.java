package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.BackendException;
import io.lvs4j.Director;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Ticker;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a backend needs, and that it leaves nothing behind. */
class LifecycleTest extends TransportTest {
    private static final int CYCLES = 200;

    /** Memory that the allocator keeps for later, whatever the number of cycles. */
    private static final long KEPT_BYTES = 1024 * 1024;

    @Test
    void manyStartsAndStopsLeaveNoThreadNoDescriptorAndNoMemory() throws Exception {
        lab.close();
        try (TestServer server = new TestServer("127.0.0.1")) {
            for (int i = 0; i < 10; i++) {
                cycle(server);
            }
            Resources before = Resources.now();

            for (int i = 0; i < CYCLES; i++) {
                cycle(server);
                assertThat(Resources.now().threads()).isZero();
            }

            await().until(() -> Resources.now().descriptors() <= before.descriptors());
            assertThat(Resources.now().directBytes()).isLessThanOrEqualTo(before.directBytes() + KEPT_BYTES);
        }
    }

    /** Leaves two connections open, one of them with bytes that nobody reads. */
    private void cycle(TestServer server) throws Exception {
        try (Lab cycle = new Lab(transport)) {
            ServiceHandle service = cycle.serve(server);
            Socket idle = cycle.connect(service);
            Socket busy = cycle.connect(service);
            Socket one = server.take();
            Socket two = server.take();
            busy.getOutputStream().write(new byte[10_000]);
            cycle.director.close();
            assertThat(Lab.readAll(idle).reset()).isTrue();
            one.close();
            two.close();
        }
    }

    @Test
    void clientsThatEndAndThenResetAreNoticedThoughTheServerIsSilent() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(server);
        for (int i = 0; i < 100; i++) {
            Socket client = lab.connect(service);
            client.shutdownOutput();
            assertThat(server.take().getInputStream().read()).isEqualTo(-1);
            Lab.reset(client);
        }

        if (transport == Transport.NIO) {
            awaitSweep();
            advance(Duration.ofMinutes(1)); // a selector does not tell; see Transport.NIO
            awaitSweep();
            assertThat(Lab.counters(service, server).open()).isPositive();
            advance(Duration.ofMinutes(2));
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> Lab.counters(service, server).open() == 0);
    }

    @Test
    void theBackendIsFoundByDefault() {
        assertThat(new NettyBackendProvider().unavailable()).isEmpty();
        try (Director director = Director.builder().build()) {
            assertThat(director.backendName()).isEqualTo("netty");
        }
    }

    @Test
    void theEmbeddersEventLoopsAreUsedAndGoOn() throws Exception {
        IoHandlerFactory handlers =
                transport == Transport.EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, handlers);
        try (TestServer server = TestServer.echo()) {
            NettyBackend backend = NettyBackend.builder()
                    .transport(transport)
                    .eventLoopGroup(group)
                    .build();
            int threads = Resources.now().threads();
            try (Director director = Director.builder().backend(backend).build()) {
                ServiceHandle service = director.add(VirtualService.builder()
                        .listen(Lab.VIP, Lab.freePort(Lab.VIP))
                        .scheduler("rr")
                        .realServer("127.0.0.1", server.address().getPort())
                        .build());
                Lab.ping(lab.connect(service));
                assertThat(Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().startsWith("lvs-netty"))
                                .count())
                        .isLessThanOrEqualTo(threads);

                for (Runnable waiting : List.<Runnable>of(service::remove, () -> service.connections(1))) {
                    assertThat(group.submit(() -> {
                                        try {
                                            waiting.run();
                                            return "done";
                                        } catch (IllegalStateException e) {
                                            return e.getMessage();
                                        }
                                    })
                                    .get(20, TimeUnit.SECONDS))
                            .contains("called on the event loop")
                            .contains("expected: another thread");
                }
            }
            assertThat(group.isShuttingDown()).isFalse();
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).get();
        }
    }

    @Test
    void aGroupThatCannotCarrySocketsIsRefused() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        try {
            NettyBackend backend = NettyBackend.builder().eventLoopGroup(group).build();

            assertThatThrownBy(() -> backend.start(Ticker.system()))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("expected: an IoEventLoopGroup on EpollIoHandler or NioIoHandler");
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).get();
        }
    }

    @Test
    void theNumberOfThreadsIsChecked() {
        assertThatThrownBy(() -> NettyBackend.builder().threads(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads: 0 (expected: 1..1024)");
    }

    @Test
    void aBackendIsStartedOnceAndClosedAnyNumberOfTimes() {
        NettyBackend backend = NettyBackend.builder().transport(transport).build();
        backend.start(Ticker.system());

        assertThatThrownBy(() -> backend.start(Ticker.system())).isInstanceOf(IllegalStateException.class);
        backend.close();
        backend.close();
        assertThatThrownBy(() -> backend.start(Ticker.system())).isInstanceOf(IllegalStateException.class);
    }
}
