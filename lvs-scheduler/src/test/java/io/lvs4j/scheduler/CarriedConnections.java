package io.lvs4j.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The connections that each thread of a Lincheck scenario carries; what is done is done to its newest one. */
final class CarriedConnections {
    private static final int THREADS = 8; // more than a scenario has, with its beginning and its end

    private final List<Deque<Lease>> carried = new ArrayList<>();

    CarriedConnections() {
        for (int thread = 0; thread < THREADS; thread++) {
            carried.add(new ArrayDeque<>());
        }
    }

    /** Begins a connection outside of any table. */
    void bind(int thread, Destination destination) {
        destination.bind();
        carry(thread, new Lease(destination));
    }

    /** Takes over a connection that has begun. */
    void carry(int thread, Lease lease) {
        carried.get(thread).push(lease);
    }

    void establish(int thread) {
        Lease lease = carried.get(thread).peek();
        if (lease != null) {
            lease.established();
        }
    }

    void beginClose(int thread) {
        Lease lease = carried.get(thread).peek();
        if (lease != null) {
            lease.closing();
        }
    }

    void close(int thread) {
        Lease lease = carried.get(thread).poll();
        if (lease != null) {
            lease.close();
        }
    }

    /** Returns all of them; to be asked at rest. */
    List<Lease> all() {
        return carried.stream().flatMap(Deque::stream).toList();
    }
}
