package io.lvs4j;

import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** A drain under way. Confined to the director's lock, but for the future. */
final class Drain {
    private final ServerKey server;
    private final long startedNanos;
    private final CompletableFuture<DrainReport> future = new CompletableFuture<>();
    private long deadlineNanos;
    private DrainReport.Outcome outcome = DrainReport.Outcome.REMOVED; // how it ends if its server is removed now
    private Timers.Cancellable nextLook = () -> {};

    Drain(ServerKey server, long nowNanos, Duration deadline) {
        this.server = server;
        this.startedNanos = nowNanos;
        this.deadlineNanos = nowNanos + deadline.toNanos();
    }

    ServerKey server() {
        return server;
    }

    CompletableFuture<DrainReport> future() {
        return future;
    }

    long leftNanos(long nowNanos) {
        return deadlineNanos - nowNanos;
    }

    void deadline(long nowNanos, Duration deadline) {
        deadlineNanos = nowNanos + deadline.toNanos();
    }

    void outcome(DrainReport.Outcome ifItEndsNow) {
        outcome = ifItEndsNow;
    }

    void nextLook(Timers.Cancellable look) {
        nextLook.cancel();
        nextLook = look;
    }

    void end(ServiceKey service, int remaining, long nowNanos, EventDispatcher events) {
        nextLook.cancel();
        DrainReport report = new DrainReport(server, outcome, remaining, Duration.ofNanos(nowNanos - startedNanos));
        events.publish(new DirectorEvent.DrainEnded(Instant.now(), service, report));
        events.execute(() -> future.complete(report));
    }
}
