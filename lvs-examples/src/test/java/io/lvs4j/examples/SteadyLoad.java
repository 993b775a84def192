package io.lvs4j.examples;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that stay, each with a connection to an echo server on which bytes come and go all the time, and a client that comes again and
 * again to a web server, until this is closed.
 */
final class SteadyLoad implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int size;
    private final Crowd crowd;
    private final InetSocketAddress web;
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger visits = new AtomicInteger();
    private final List<String> losses = new CopyOnWriteArrayList<>();
    private final List<Thread> threads;
    private volatile boolean over;

    SteadyLoad(int size, InetSocketAddress echo, InetSocketAddress web) throws IOException {
        this.size = size;
        this.web = web;
        crowd = new Crowd(size, echo);
        await().atMost(PATIENCE).until(() -> crowd.served() == size);
        threads = List.of(new Thread(this::talk, "talkers"), new Thread(this::visit, "visitor"));
        threads.forEach(Thread::start);
        awaitMore();
    }

    private void talk() {
        while (!over) {
            try {
                long served = crowd.stillServed();
                if (served != size) {
                    losses.add((size - served) + " of " + size + " connections");
                }
            } catch (IOException e) {
                losses.add("a connection: " + e);
            }
            rounds.incrementAndGet();
        }
    }

    private void visit() {
        while (!over) {
            try {
                DemoClient.of(2).ask(web);
            } catch (IOException e) {
                losses.add("a visit: " + e);
            }
            visits.incrementAndGet();
        }
    }

    /** Waits until everybody who stays has been answered once more, and somebody else has come. */
    void awaitMore() {
        int round = rounds.get() + 1; // the one that has begun may have been half over
        int visit = visits.get() + 1;
        await().atMost(PATIENCE).until(() -> rounds.get() > round && visits.get() > visit);
    }

    /** Returns what was cut or turned away. */
    List<String> losses() {
        return List.copyOf(losses);
    }

    @Override
    public void close() throws IOException {
        over = true;
        try {
            for (Thread each : threads) {
                each.join(PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        crowd.close();
    }

    @Override
    public String toString() {
        return rounds + " rounds of " + size + ", " + visits + " visits, lost " + losses;
    }
}
