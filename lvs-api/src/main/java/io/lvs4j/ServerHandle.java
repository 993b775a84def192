package io.lvs4j;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A real server of a service that a {@link Director} serves. Thread-safe. Once the server has been removed, its methods
 * throw {@link IllegalArgumentException}.
 */
public final class ServerHandle {
    private final Director director;
    private final ServiceKey service;
    private final ServerKey key;

    ServerHandle(Director director, ServiceKey service, ServerKey key) {
        this.director = director;
        this.service = service;
        this.key = key;
    }

    /** {@return its key} */
    public ServerKey key() {
        return key;
    }

    /** {@return its state and counters now} */
    public ServerSnapshot snapshot() {
        return director.snapshot(service).server(key);
    }

    /**
     * Sets the weight, which is in force at once; connections go on. A drain that is under way ends as {@link
     * DrainReport.Outcome#CANCELLED}, a slow start with this weight.
     *
     * @param weight 0..65535; 0 = quiesced: no new connections
     */
    public void weight(int weight) {
        director.weight(service, key, weight);
    }

    /**
     * Lets the server leave without breaking anybody: it gets no new connection from now on, and is removed as soon as its
     * last one has ended or the deadline has passed. With {@link Persistence.Quiescent#KEEP}, clients that it knows keep
     * coming, and the drain waits until their templates have expired, too. A second call sets a new deadline.
     *
     * @param deadline how long connections have before they are reset, 0..31 d
     * @return completes on the thread {@code lvs-events} and says how the drain ended; it never fails
     */
    public CompletableFuture<DrainReport> drain(Duration deadline) {
        return director.drain(service, key, deadline);
    }

    /** Takes the server out until {@link #endMaintenance}: no new connections, those it has go on, checks go on. */
    public void startMaintenance() {
        director.maintenance(service, key, true);
    }

    /** Gives the server back to health checks and scheduler. */
    public void endMaintenance() {
        director.maintenance(service, key, false);
    }

    /** Removes the server at once and resets its connections; see {@link #drain} for the gentle way. */
    public void remove() {
        director.edit(service, description -> {
            director.requireServer(service, key);
            return description.withoutRealServer(key);
        });
    }

    @Override
    public String toString() {
        return service + " -> " + key;
    }
}
