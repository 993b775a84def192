package io.lvs4j.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
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
 * What is the least that a kind of scheduler can cost on this machine, and is the machine undisturbed?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar Floors
 * </pre>
 *
 * <p>{@code f0}: a random number of the thread's own and an array load; no hash scheduler can do less. {@code f1}: a shared
 * ticket and an array load; no global round robin can do less. {@code f2}: a random choice, one connection counted and a
 * random earlier one ended; nothing that counts connections can do less. {@code canary} shares nothing, so that two threads
 * must take as long as one: if they do not, something else runs on the cores.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class Floors {
    private static final int SERVERS = 16;

    private final Object[] servers = new Object[SERVERS];
    private final AtomicLong ticket = new AtomicLong();

    /** Counts of n servers, side by side. */
    @State(Scope.Benchmark)
    public static class Counts {
        @Param({"3", "16", "100", "1000"})
        public int n = 3;

        private AtomicLongArray counts = new AtomicLongArray(0);

        @Setup
        public void fill() {
            counts = new AtomicLongArray(n);
        }
    }

    /** A thread's live connections: the index of the server of each. */
    @State(Scope.Thread)
    public static class Owned {
        private int[] connections = {};

        @Setup
        public void fill(Counts counts) {
            connections = new int[OpenCloseBenchmark.CONNECTIONS_PER_SERVER * counts.n];
            for (int i = 0; i < connections.length; i++) {
                connections[i] = i % counts.n;
                counts.counts.getAndIncrement(i % counts.n);
            }
        }
    }

    @Setup
    public void fill() {
        for (int i = 0; i < SERVERS; i++) {
            servers[i] = new Object();
        }
    }

    @Benchmark
    public Object canary() {
        return servers[ThreadLocalRandom.current().nextInt() & (SERVERS - 1)];
    }

    @Benchmark
    public Object f0(XorShift random) {
        return servers[random.below(SERVERS)];
    }

    @Benchmark
    public Object f1() {
        return servers[(int) ticket.getAndIncrement() & (SERVERS - 1)];
    }

    @Benchmark
    public int f2(XorShift random, Counts counts, Owned owned) {
        long bits = random.next();
        int chosen = XorShift.scale(bits >>> 32, counts.n);
        counts.counts.getAndAdd(chosen, 1);
        int[] connections = owned.connections;
        int slot = XorShift.scale(bits & 0xffff_ffffL, connections.length);
        int ended = connections[slot];
        connections[slot] = chosen;
        counts.counts.getAndAdd(ended, -1);
        return chosen;
    }
}
