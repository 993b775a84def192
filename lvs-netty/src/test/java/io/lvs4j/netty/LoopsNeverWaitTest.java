package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Event loops wait for sockets, and for nothing else. */
class LoopsNeverWaitTest extends TransportTest {
    private static final int CONNECTIONS = 1_000;
    private static final int AT_A_TIME = 4;

    /** What the virtual machine does on its own, such as to load a class late. What connections did would be far more. */
    private static final long RARE = CONNECTIONS / 20;

    @Test
    void aListenerThatDoesNotReturnDelaysNoConnectionAndNoChange() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        TestServer other = lab.keep(TestServer.echo());
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean returned = new AtomicBoolean();
        lab.director.addListener(event -> {
            called.countDown();
            awaitUninterruptibly(release);
            returned.set(true);
        });
        try {
            ServiceHandle service = lab.serve(server, other);
            called.await();
            for (int i = 0; i < 200; i++) {
                try (Socket client = lab.connect(service)) {
                    Lab.ping(client);
                }
                if (i % 20 == 0) {
                    change(service, other.key(), i / 20);
                }
            }
            assertThat(returned).as("the listener has returned").isFalse();
        } finally {
            release.countDown();
        }
    }

    @Test
    void noLoopWaitsForAThreadWhileConnectionsComeAndSettingsChange() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        TestServer other = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(server, other);
        carry(service, other.key(), CONNECTIONS / 10); // classes are loaded under locks
        long blocked = LoopActivity.blocked();
        long waited = LoopActivity.waited();

        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<List<String>> seen =
                CompletableFuture.supplyAsync(() -> watch(done), task -> TestServer.daemon(task));

        try {
            carry(service, other.key(), CONNECTIONS);
        } finally {
            done.set(true);
        }

        long waits = LoopActivity.waited() - waited;
        long blocks = LoopActivity.blocked() - blocked;
        System.out.printf("loops over %s: %d waits, %d blocks%n", transport, waits, blocks);
        assertThat(seen.join()).hasSizeLessThan((int) RARE);
        assertThat(waits).isLessThan(RARE);
        if (transport == Transport.EPOLL) {
            assertThat(blocks).isLessThan(RARE);
        } // the JDK's selector and whoever wakes it share a lock
    }

    /** Returns where loops waited for a thread, but for the selector's own lock. */
    private static List<String> watch(AtomicBoolean done) {
        List<String> seen = new ArrayList<>();
        while (!done.get()) {
            seen.addAll(LoopActivity.waitingBut("sun.nio.ch.EPollSelectorImpl"));
        }
        return seen;
    }

    /** Connects and pings from some threads, while this one changes settings. */
    private void carry(ServiceHandle service, ServerKey changing, int connections) throws Exception {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < AT_A_TIME; i++) {
            clients.add(CompletableFuture.runAsync(
                    () -> ping(service, connections / AT_A_TIME), task -> TestServer.daemon(task)));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(clients.toArray(new CompletableFuture<?>[0]));
        int changes = 0;
        do {
            change(service, changing, changes++);
        } while (!all.isDone());
        all.join();
        await().until(() -> service.snapshot().servers().stream()
                .allMatch(each -> each.counters().open() == 0));
    }

    private static void change(ServiceHandle service, ServerKey server, int step) {
        service.server(server).weight(1 + step % 3);
    }

    private static void ping(ServiceHandle service, int connections) {
        for (int i = 0; i < connections; i++) {
            try (Socket client = new Socket()) {
                client.setSoTimeout(Lab.TIMEOUT_MILLIS);
                client.connect(Lab.addressOf(service), Lab.TIMEOUT_MILLIS);
                Lab.ping(client);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
