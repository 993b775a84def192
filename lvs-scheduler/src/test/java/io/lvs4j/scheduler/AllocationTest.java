package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lvs4j.Scheduling;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hot path allocates nothing, whatever the scheduler and whether there is a server or not. */
class AllocationTest {
    private static final int PICKS = 200_000;
    private static final long TOLERATED_BYTES = 4096; // the measuring itself, a class that is loaded meanwhile

    private @Nullable Destination sink;

    @ParameterizedTest
    @MethodSource("io.lvs4j.scheduler.Schedulers#names")
    void aPickAllocatesNothing(String name) {
        assertThat(allocated(name, 1)).isLessThan(TOLERATED_BYTES);
    }

    @ParameterizedTest
    @MethodSource("io.lvs4j.scheduler.Schedulers#names")
    void aPickThatFindsNobodyAllocatesNothing(String name) {
        assertThat(allocated(name, 0)).isLessThan(TOLERATED_BYTES);
        assertThat(sink).isNull();
    }

    private long allocated(String name, int factor) {
        List<Destination> list = Destinations.of(
                IntStream.range(0, 100).mapToObj(i -> factor * (1 + i % 8)).toList());
        Scheduler scheduler = Schedulers.create(Scheduling.of(name));
        scheduler.update(list);
        pickMany(scheduler); // compiles it, and lets lblc know its addresses
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        pickMany(scheduler);
        return threads.getThreadAllocatedBytes(thread) - before;
    }

    private void pickMany(Scheduler scheduler) {
        Flow flow = new Flow();
        for (int i = 0; i < PICKS; i++) {
            long address = 0xffff_0000_0000L | (i & 1023);
            sink = scheduler.pick(flow.set(0, address, i & 0xffff, 0, address, 80));
        }
    }
}
