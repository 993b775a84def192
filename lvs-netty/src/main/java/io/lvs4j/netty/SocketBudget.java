package io.lvs4j.netty;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many sockets the UDP flows of a backend may have together: half of what the process may, so that a flood of datagrams leaves
 * descriptors to everything else. Thread-safe.
 */
final class SocketBudget {
    private final AtomicInteger left;

    SocketBudget(int sockets) {
        left = new AtomicInteger(sockets);
    }

    static SocketBudget ofProcess() {
        long limit = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
        return new SocketBudget((int) Math.min(Integer.MAX_VALUE, Math.max(1, limit / 2)));
    }

    /** Takes one; returns false if none is left. */
    boolean take() {
        if (left.decrementAndGet() >= 0) {
            return true;
        }
        left.incrementAndGet();
        return false;
    }

    void giveBack() {
        left.incrementAndGet();
    }
}
