package io.lvs4j.netty;

import io.lvs4j.scheduler.Flow;
import io.lvs4j.spi.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one event-loop thread owns: the connections that it carries, one buffer for all reading, one flow for all deciding, and
 * one coarse timer for all idle connections. Confined to that thread, except for {@link #execute}.
 */
final class Loop {
    /** How much is read at most at a time, and thereby the most that a slow reader makes us keep per direction. */
    static final int SCRATCH_BYTES = 64 * 1024;

    private static final long SWEEP_MILLIS = 250;

    private final IoEventLoop executor;
    private final Sockets sockets;
    private final Ticker ticker;
    private final Flow flow = new Flow();
    private final List<Connection> connections = new ArrayList<>();
    private final Pipes pipes;
    private final SocketBudget budget;
    private final PendingBytes pending;
    private @Nullable ByteBuf scratch;
    private @Nullable ScheduledFuture<?> sweep;

    Loop(IoEventLoop executor, Sockets sockets, Ticker ticker, SocketBudget budget, PendingBytes pending) {
        this.executor = executor;
        this.sockets = sockets;
        this.ticker = ticker;
        this.budget = budget;
        this.pending = pending;
        this.pipes = new Pipes(sockets, budget);
    }

    // ---------------------------------------------------------------- for any thread

    boolean isCurrent() {
        return executor.inEventLoop();
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    Future<?> submit(Runnable task) {
        return executor.submit(task);
    }

    // ---------------------------------------------------------------- for its own thread

    Sockets sockets() {
        return sockets;
    }

    Ticker ticker() {
        return ticker;
    }

    /** The flow of all decisions on this thread; whoever decides fills it first. */
    Flow flow() {
        return flow;
    }

    /** The buffer of all reads on this thread; nothing stays in it after an event. */
    ByteBuf scratch() {
        ByteBuf buffer = scratch;
        if (buffer == null) {
            buffer = ByteBufAllocator.DEFAULT.directBuffer(SCRATCH_BYTES, SCRATCH_BYTES);
            scratch = buffer;
        }
        return buffer.clear();
    }

    /** The same buffer with room for as much as shall be read now; it may begin anywhere. */
    ByteBuf readBuffer() {
        int bytes =
                pending.isShort() ? PendingBytes.SMALL_READ : sockets.profile().readBytes();
        return scratch().setIndex(SCRATCH_BYTES - bytes, SCRATCH_BYTES - bytes);
    }

    /** What is kept for slow receivers on this thread. */
    PendingBytes pending() {
        return pending;
    }

    /** What may be spent on clients, by all loops of the backend. */
    SocketBudget budget() {
        return budget;
    }

    Pipes pipes() {
        return pipes;
    }

    IoRegistration register(IoHandle handle) throws IOException {
        Future<IoRegistration> registered = executor.register(handle);
        if (!registered.isSuccess()) {
            throw new IOException("the event loop did not take the socket", registered.cause());
        }
        return registered.getNow();
    }

    ScheduledFuture<?> schedule(Runnable task, long millis) {
        return executor.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** Takes a connection in. */
    void add(Connection connection) {
        budget.takeConnection();
        connection.index(connections.size());
        connections.add(connection);
        if (sweep == null) {
            sweep = executor.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Forgets a connection: the last one takes its place. */
    void remove(Connection connection) {
        Connection last = connections.remove(connections.size() - 1);
        if (last != connection) {
            connections.set(connection.index(), last);
            last.index(connection.index());
        }
        if (budget.isShort()) {
            execute(() -> schedule(budget::giveBackConnection, 0)); // when they are closed indeed, see Loops.settle
        } else {
            budget.giveBackConnection();
        }
    }

    /** Visits every connection, backwards, so that those visited may end. */
    void forEach(Consumer<Connection> action) {
        for (int i = connections.size() - 1; i >= 0; i--) {
            action.accept(connections.get(i));
        }
    }

    private void sweep() {
        long now = ticker.nanos();
        forEach(connection -> connection.tick(now));
        if (connections.isEmpty()) {
            stopSweeping();
        }
    }

    private void stopSweeping() {
        if (sweep != null) {
            sweep.cancel(false);
            sweep = null;
        }
    }

    /** Resets what is left and gives everything back. */
    void close() {
        forEach(Connection::abort);
        stopSweeping();
        pipes.close();
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
    }
}
