package io.lvs4j.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.File;

/** What a forwarder can leave behind, as counted now. */
record Resources(int descriptors, int threads, long directBytes) {

    static Resources now() {
        int descriptors = new File("/proc/self/fd").list().length;
        int threads = (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lvs-"))
                .count();
        return new Resources(descriptors, threads, directMemory());
    }

    /** What the forwarder's allocator has taken. The tests' own sockets do not use it. */
    static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
