package io.lvs4j.netty;

import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The threads of the forwarder's event loops in this process, as the virtual machine counts what they do. */
final class LoopActivity {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final int DEPTH = 50;

    private LoopActivity() {}

    private static long[] ids() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lvs-netty"))
                .mapToLong(Thread::getId)
                .sorted()
                .toArray();
    }

    static int count() {
        return ids().length;
    }

    /** Returns the share of a core, in percent, that the busiest of them takes while nothing happens for this long. */
    static double busiestPercentDuring(Duration quiet) {
        long[] ids = ids();
        long[] before = processorNanos(ids);
        long began = System.nanoTime();
        await().pollDelay(quiet).atMost(quiet.plusSeconds(10)).until(() -> true);
        double passed = System.nanoTime() - began;
        long[] after = processorNanos(ids);
        double most = 0;
        for (int i = 0; i < ids.length; i++) {
            most = Math.max(most, 100 * (after[i] - before[i]) / passed);
        }
        return most;
    }

    private static long[] processorNanos(long[] ids) {
        return Arrays.stream(ids).map(THREADS::getThreadCpuTime).toArray();
    }

    /** Returns how often they have waited for a monitor that another thread held. */
    static long blocked() {
        return infos().mapToLong(ThreadInfo::getBlockedCount).sum();
    }

    /** Returns how often they have waited or parked. Waiting for sockets, in the kernel, does not count. */
    static long waited() {
        return infos().mapToLong(ThreadInfo::getWaitedCount).sum();
    }

    /** Returns where those of them are that wait for a thread now, unless it is in this class. */
    static List<String> waitingBut(String className) {
        return infos().filter(info -> info.getThreadState() != Thread.State.RUNNABLE)
                .filter(info -> info.getStackTrace().length > 0
                        && !info.getStackTrace()[0].getClassName().equals(className))
                .map(info -> info.getThreadState() + " " + List.of(info.getStackTrace()))
                .toList();
    }

    private static Stream<ThreadInfo> infos() {
        return Arrays.stream(THREADS.getThreadInfo(ids(), DEPTH));
    }
}
