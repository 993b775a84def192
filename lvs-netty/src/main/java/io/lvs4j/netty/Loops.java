package io.lvs4j.netty;

import io.lvs4j.spi.Ticker;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The event loops of a backend, and the ways to have something done on them. Thread-safe. */
final class Loops {
    private static final long SHUTDOWN_SECONDS = 10;

    private final List<Loop> loops = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final @Nullable EventLoopGroup own;
    private final @Nullable LoopThreads threads;
    private final SocketBudget budget;

    /**
     * Takes over a group.
     *
     * @param threads the threads of a group of our own, which ends with us; null if the group is the embedder's
     * @param given what may be spent on clients; null if it is for this process to say
     */
    Loops(
            EventLoopGroup group,
            @Nullable LoopThreads threads,
            Sockets sockets,
            Ticker ticker,
            @Nullable SocketBudget given) {
        this.own = threads == null ? null : group;
        this.threads = threads;
        this.budget = given == null ? SocketBudget.ofProcess() : given;
        List<IoEventLoop> executors = new ArrayList<>();
        for (EventExecutor executor : group) {
            executors.add((IoEventLoop) executor);
        }
        long limit = PendingBytes.limitFor(executors.size());
        for (IoEventLoop executor : executors) {
            loops.add(new Loop(executor, sockets, ticker, budget, new PendingBytes(budget, limit)));
        }
    }

    /** What may be spent on clients. */
    SocketBudget budget() {
        return budget;
    }

    /** Returns the loops in turn. */
    Loop next() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    /** What all of them are tuned for. */
    Profile profile() {
        return loops.get(0).sockets().profile();
    }

    List<Loop> all() {
        return Collections.unmodifiableList(loops);
    }

    /**
     * Refuses to wait for an event loop on an event loop.
     *
     * @throws IllegalStateException if the caller is on one
     */
    void requireOutside(String operation) {
        for (Loop loop : loops) {
            if (loop.isCurrent()) {
                throw new IllegalStateException(operation + ": called on the event loop "
                        + Thread.currentThread().getName()
                        + " (expected: another thread, because the call waits for the event loops)");
            }
        }
    }

    /** Does something on one loop and waits for it; what it throws is thrown here. */
    void on(Loop loop, Runnable action) {
        await(loop.submit(action));
    }

    /** Has something made on one loop and waits for it; what it throws is thrown here. */
    <T> T call(Loop loop, IoCall<T> call) throws IOException {
        Promise<T> made = ImmediateEventExecutor.INSTANCE.newPromise();
        loop.execute(() -> {
            try {
                made.setSuccess(call.call());
            } catch (IOException | RuntimeException e) {
                made.setFailure(e);
            }
        });
        made.awaitUninterruptibly();
        if (made.cause() instanceof IOException e) {
            throw e;
        }
        await(made);
        return made.getNow();
    }

    /** Makes something, if the operating system lets it. */
    @FunctionalInterface
    interface IoCall<T> {
        T call() throws IOException;
    }

    /** Has something done on every loop, and does not wait for it. Also for the loops themselves. */
    void postToEach(Consumer<Loop> action) {
        for (Loop loop : loops) {
            loop.execute(() -> action.accept(loop));
        }
    }

    /** Does something on every loop and waits for it; what it throws is thrown here. */
    void onEach(Consumer<Loop> action) {
        List<Future<?>> running = new ArrayList<>();
        for (Loop loop : loops) {
            running.add(loop.submit(() -> action.accept(loop)));
        }
        running.forEach(Loops::await);
    }

    /**
     * Waits until all descriptors that were closed before are gone. Epoll's are closed in tasks of their own; the JDK's go when the
     * selector is asked the next time, and that has happened before a scheduled task runs.
     */
    void settle() {
        List<Promise<Void>> settled = new ArrayList<>();
        for (Loop loop : loops) {
            Promise<Void> promise = ImmediateEventExecutor.INSTANCE.newPromise();
            settled.add(promise);
            loop.execute(() -> loop.schedule(() -> promise.setSuccess(null), 0));
        }
        settled.forEach(Loops::await);
    }

    private static void await(Future<?> future) {
        future.awaitUninterruptibly();
        Throwable cause = future.cause();
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause != null) {
            throw new IllegalStateException(cause);
        }
    }

    /** Gives everything back. A group of our own ends; its threads are gone when this returns. */
    void close() {
        onEach(Loop::close);
        settle();
        if (own != null && threads != null) {
            own.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
            threads.join(TimeUnit.SECONDS.toMillis(SHUTDOWN_SECONDS));
        }
    }
}
