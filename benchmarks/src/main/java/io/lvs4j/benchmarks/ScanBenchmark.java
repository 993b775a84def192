package io.lvs4j.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * What would wlc cost as one writes it first: a scan over server objects with volatile fields?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar ScanBenchmark -prof gc
 * </pre>
 *
 * <p>The peer of {@link OpenCloseBenchmark#openClose}, in the same shape; a connection is counted once and not in two steps.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class ScanBenchmark {
    @Param({"3", "16", "100", "1000"})
    public int n = 3;

    private Server[] servers = {};

    private static final class Server {
        final AtomicInteger active = new AtomicInteger();
        final AtomicInteger inactive = new AtomicInteger();
        volatile int weight;
        volatile boolean usable = true;

        Server(int weight) {
            this.weight = weight;
        }

        long overhead() {
            return active.get() * 256L + inactive.get();
        }
    }

    /** A thread's live connections: the server of each. */
    @State(Scope.Thread)
    public static class Owned {
        private Server[] connections = {};

        @Setup
        public void open(ScanBenchmark benchmark) {
            connections = new Server[OpenCloseBenchmark.CONNECTIONS_PER_SERVER * benchmark.n];
            for (int i = 0; i < connections.length; i++) {
                connections[i] = benchmark.leastLoaded();
                connections[i].active.getAndIncrement();
            }
        }
    }

    @Setup
    public void fill() {
        servers = new Server[n];
        for (int i = 0; i < n; i++) {
            servers[i] = new Server(Servers.mixedWeight(i));
        }
    }

    @Benchmark
    public Object openClose(XorShift random, Owned owned) {
        Server chosen = leastLoaded();
        chosen.active.getAndIncrement();
        Server[] connections = owned.connections;
        int slot = random.below(connections.length);
        Server ended = connections[slot];
        connections[slot] = chosen;
        ended.active.getAndDecrement();
        return chosen;
    }

    private Server leastLoaded() {
        Server least = servers[0];
        long leastOverhead = least.overhead();
        for (int i = 1; i < servers.length; i++) {
            Server candidate = servers[i];
            long overhead = candidate.overhead();
            if (candidate.usable && overhead * least.weight < leastOverhead * candidate.weight) {
                least = candidate;
                leastOverhead = overhead;
            }
        }
        return least;
    }
}
