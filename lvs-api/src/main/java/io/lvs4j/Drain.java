package io.lvs4j;

import java.util.concurrent.CompletableFuture;

/** A drain under way. Confined to the director's lock, but for the future. */
final class Drain {
    final ServerKey server;
    final long startedNanos;
    final CompletableFuture<DrainReport> future = new CompletableFuture<>();
    long deadlineNanos;

    /** How it ends if its server is removed now. */
    DrainReport.Outcome outcome = DrainReport.Outcome.REMOVED;

    Drain(ServerKey server, long startedNanos, long deadlineNanos) {
        this.server = server;
        this.startedNanos = startedNanos;
        this.deadlineNanos = deadlineNanos;
    }
}
