package io.lvs4j.health;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The event loops of a monitor: one of its own, which ends with it, or somebody else's. */
final class MonitorLoops {
    private static final long CLOSE_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final EventLoopGroup group;
    private final @Nullable LoopThread ownThread;

    private MonitorLoops(EventLoopGroup group, @Nullable LoopThread ownThread) {
        this.group = group;
        this.ownThread = ownThread;
    }

    /** A bare loop: a group would report its end on a thread that Netty keeps for a second. */
    static MonitorLoops own(Transport transport) {
        LoopThread thread = new LoopThread("lvs-health-1");
        return new MonitorLoops(new SingleThreadIoEventLoop(null, thread, transport.handlers()), thread);
    }

    static MonitorLoops borrowed(EventLoopGroup group) {
        return new MonitorLoops(group, null);
    }

    EventLoopGroup group() {
        return group;
    }

    /** Waits until the connections are closed, and ends the loop if it is ours. On an event loop it does not wait. */
    void close(Future<?> connectionsClosed) {
        boolean mayWait = !inLoop();
        if (mayWait) {
            connectionsClosed.awaitUninterruptibly(CLOSE_MILLIS);
        }
        if (ownThread != null) {
            group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            ownThread.join();
        }
    }

    private boolean inLoop() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }
}
