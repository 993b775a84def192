package io.lvs4j.netty;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The descriptors that a backend may spend on its clients: what the process may have, without those that are open when the backend
 * starts and without a reserve, so that health checks, configuration and logs always find some. A connection takes two, a UDP flow
 * one, and all flows together at most half. A pipe takes two and is never necessary, so pipes only get what connections do not
 * seem to need.
 *
 * <p>Connections may take a few more than there are, because each event loop looks before it accepts; the reserve has room for that.
 * When all is used up, listeners wait here, and clients in their backlogs. Each time somebody gives back, the listener that has
 * waited longest goes on. The same holds while an event loop has no {@linkplain PendingBytes memory} left. Thread-safe.
 */
final class SocketBudget {
    /** What is kept for everybody else: a sixteenth of what the process may have, and no less than this. */
    private static final int LEAST_RESERVE = 32;

    private static final int PER_CONNECTION = 2;

    /** As many pipes as hold 32 MiB of the kernel's memory. */
    private static final int MOST_PIPES = 512;

    private static final Logger log = LoggerFactory.getLogger(SocketBudget.class);

    private final int all;
    private final AtomicInteger left;
    private final AtomicInteger flowsLeft;
    private final AtomicInteger pipesLeft;
    private final AtomicInteger loopsWithoutMemory = new AtomicInteger();
    private final AtomicBoolean scarce = new AtomicBoolean();
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    /** Waits until clients can be taken again. */
    @FunctionalInterface
    interface Waiter {
        /** Somebody has given back; on any thread. Whoever cannot use it says {@link SocketBudget#passOn}. */
        void goOn();
    }

    SocketBudget(int descriptors, int flows) {
        all = descriptors;
        left = new AtomicInteger(descriptors);
        flowsLeft = new AtomicInteger(flows);
        pipesLeft = new AtomicInteger(Math.min(MOST_PIPES, descriptors / 8 / 2));
    }

    /** What this process has to spend now. */
    static SocketBudget ofProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? of(unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount())
                : of(Integer.MAX_VALUE, 0);
    }

    static SocketBudget of(long limit, long open) {
        long reserve = Math.max(LEAST_RESERVE, limit / 16);
        int descriptors = (int) Math.max(PER_CONNECTION, Math.min(Integer.MAX_VALUE / 2, limit - open - reserve));
        return new SocketBudget(descriptors, Math.max(1, descriptors / 2));
    }

    // ---------------------------------------------------------------- connections

    /** Whether there is nothing left for a client now. */
    boolean isUsedUp() {
        return left.get() < PER_CONNECTION || loopsWithoutMemory.get() > 0;
    }

    /** Whether most of it is in use: then nothing should be given back that is not closed yet. */
    boolean isShort() {
        return left.get() < all / 4;
    }

    /** Takes a connection's, whether it is there or not: the listener has asked before it accepted. */
    void takeConnection() {
        left.addAndGet(-PER_CONNECTION);
    }

    void giveBackConnection() {
        gaveBack(left.addAndGet(PER_CONNECTION));
    }

    /** Takes the place of a connection that is not on its loop yet; {@link #untakeConnection} undoes it there. */
    void untakeConnection() {
        left.addAndGet(PER_CONNECTION);
    }

    /** Takes a listening socket's, whether it is there or not. */
    void takeListener() {
        left.decrementAndGet();
    }

    void giveBackListener() {
        gaveBack(left.incrementAndGet());
    }

    // ---------------------------------------------------------------- flows

    /** Takes one for a UDP flow; returns false if none is left. */
    boolean take() {
        if (flowsLeft.decrementAndGet() >= 0) {
            if (left.decrementAndGet() >= 0) {
                return true;
            }
            left.incrementAndGet();
        }
        flowsLeft.incrementAndGet();
        return false;
    }

    /** Gives back a UDP flow's. */
    void giveBack() {
        flowsLeft.incrementAndGet();
        gaveBack(left.incrementAndGet());
    }

    // ---------------------------------------------------------------- pipes

    /** Takes a pipe's; returns false while half of all is in use, or when there are enough pipes. */
    boolean takePipe() {
        if (left.get() <= all / 2) {
            return false;
        }
        if (pipesLeft.decrementAndGet() < 0) {
            pipesLeft.incrementAndGet();
            return false;
        }
        left.addAndGet(-PER_CONNECTION);
        return true;
    }

    void giveBackPipe() {
        pipesLeft.incrementAndGet();
        gaveBack(left.addAndGet(PER_CONNECTION));
    }

    // ---------------------------------------------------------------- memory

    /** An event loop can keep no more bytes for slow readers. */
    void memoryIsUsedUp() {
        loopsWithoutMemory.incrementAndGet();
    }

    /** It can again. */
    void memoryIsBack() {
        loopsWithoutMemory.decrementAndGet();
        gaveBack(left.get());
    }

    // ---------------------------------------------------------------- waiting

    /** Has a listener go on when there is something for a client; at once if there is. */
    void await(Waiter waiter) {
        if (scarce.compareAndSet(false, true)) {
            log.warn(
                    "no {} left for more clients; they wait until others go",
                    left.get() < PER_CONNECTION ? "file descriptors (ulimit -n)" : "direct memory");
        }
        waiters.add(waiter);
        passOn();
    }

    /** Forgets a listener that waits. */
    void forget(Waiter waiter) {
        if (!waiters.remove(waiter)) {
            passOn(); // it may have been told to go on, and will not
        }
    }

    private void gaveBack(int now) {
        passOn();
        if (scarce.get() && now >= all / 8 && waiters.isEmpty() && scarce.compareAndSet(true, false)) {
            log.info("clients are accepted as usual again");
        }
    }

    /** Lets the next one go on, if there is one and something is left. */
    void passOn() {
        if (!waiters.isEmpty() && !isUsedUp()) {
            Waiter next = waiters.poll();
            if (next != null) {
                next.goOn();
            }
        }
    }
}
