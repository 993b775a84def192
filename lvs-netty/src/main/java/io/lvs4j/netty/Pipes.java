package io.lvs4j.netty;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The pipes of an event loop that are not in use. A stream has one only while bytes are in it. Confined to that loop. */
final class Pipes {
    /** What is kept for later; each is two descriptors. */
    private static final int KEPT = 16;

    private final Sockets sockets;
    private final SocketBudget budget;
    private final Deque<Pipe> free = new ArrayDeque<>();

    Pipes(Sockets sockets, SocketBudget budget) {
        this.sockets = sockets;
        this.budget = budget;
    }

    /** Returns an empty pipe, or null if there is none to be had. */
    @Nullable
    Pipe take() {
        if (!sockets.hasPipes()) {
            return null;
        }
        Pipe pipe = free.poll();
        if (pipe != null || !budget.takePipe()) {
            return pipe;
        }
        try {
            return sockets.newPipe();
        } catch (IOException e) {
            budget.giveBackPipe();
            return null; // no descriptor left: copying needs none
        }
    }

    /** Takes a pipe back. One that is not empty cannot be used again. */
    void giveBack(Pipe pipe) {
        if (pipe.filled() == 0 && free.size() < KEPT) {
            free.push(pipe);
        } else {
            close(pipe);
        }
    }

    void close() {
        free.forEach(this::close);
        free.clear();
    }

    private void close(Pipe pipe) {
        pipe.close();
        budget.giveBackPipe();
    }
}
