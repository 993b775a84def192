package io.lvs4j.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How much heap does an entry of a full persistence table take?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar TableSizeBenchmark
 * </pre>
 *
 * <p>The answer is {@code bytesPerEntry}: what is on the heap after a collection, with the table and without. The time is
 * that of filling it, cold.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
public class TableSizeBenchmark {
    private static final Object SERVER = new Object();

    @Param({"lvs4j", "caffeine-expiry", "caffeine-access", "concurrent-hash-map"})
    public String table = "lvs4j";

    @Param({"1000000"})
    public int entries = 1_000_000;

    /** What is counted besides time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Size {
        public long bytesPerEntry;
    }

    @Benchmark
    public Object fill(Size size) {
        long before = usedHeap();
        ClientTable clients = ClientTable.of(table, entries);
        for (int i = 0; i < entries; i++) {
            clients.put(Clients.address(i), SERVER);
        }
        size.bytesPerEntry = (usedHeap() - before) / entries;
        return clients;
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
