package io.lvs4j.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to go to memory for something whose place is known only then: the floor of every large table?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar ChaseBenchmark
 * </pre>
 *
 * <p>Loads that depend on each other, in random order over so much memory, one per cache line.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
public class ChaseBenchmark {
    private static final int LONGS_PER_LINE = 8;

    @Param({"512"})
    public int mebibytes = 512;

    private long[] memory = {};

    /** Where a thread is. */
    @State(Scope.Thread)
    public static class Position {
        private int at;

        @Setup
        public void start(ChaseBenchmark benchmark, XorShift random) {
            at = random.below(benchmark.memory.length / LONGS_PER_LINE) * LONGS_PER_LINE;
        }
    }

    /** Links all lines to one ring in random order (Sattolo's shuffle). */
    @Setup
    public void link() {
        int lines = mebibytes << 14;
        memory = new long[lines * LONGS_PER_LINE];
        for (int i = 0; i < lines; i++) {
            memory[i * LONGS_PER_LINE] = i * LONGS_PER_LINE;
        }
        XorShift random = new XorShift();
        for (int i = lines - 1; i > 0; i--) {
            int a = i * LONGS_PER_LINE;
            int b = random.below(i) * LONGS_PER_LINE;
            long swapped = memory[a];
            memory[a] = memory[b];
            memory[b] = swapped;
        }
    }

    @Benchmark
    public int load(Position position) {
        position.at = (int) memory[position.at];
        return position.at;
    }
}
