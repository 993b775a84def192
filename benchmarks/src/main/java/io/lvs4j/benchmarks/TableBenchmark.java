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
 * What does it cost to find a client in a full persistence table, and what if clients come that nobody has seen?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar TableBenchmark -prof gc
 * </pre>
 *
 * <p>{@code hit}: any client of the table. {@code hot}: one of 1024 clients. {@code miss}: a client that is not in the table.
 * {@code connection}: any client of the table opens a connection, which is counted, and ends it. {@code flood}: a new client
 * each time, as when addresses are forged.
 *
 * <p>A hit of Caffeine's lets the client's timeout begin anew, one of lvs4j's does not, as its timeout begins when a connection
 * ends: that is part of {@code connection}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
public class TableBenchmark {
    private static final int HOT = 1024;
    private static final Object SERVER = new Object();

    @Param({"lvs4j", "caffeine-expiry", "caffeine-access", "concurrent-hash-map"})
    public String table = "lvs4j";

    @Param({"1000000"})
    public int entries = 1_000_000;

    private ClientTable clients;

    /** Numbers of clients that are not in the table; each thread has its own. */
    @State(Scope.Thread)
    public static class Strangers {
        private int next = new XorShift().below(1 << 30) | 1 << 30;

        long one() {
            return Clients.address(next++ | 1 << 30);
        }
    }

    @Setup
    public void fill() {
        clients = ClientTable.of(table, entries);
        for (int i = 0; i < entries; i++) {
            clients.put(Clients.address(i), SERVER);
        }
    }

    @Benchmark
    public Object hit(XorShift random) {
        return clients.find(Clients.address(random.below(entries)));
    }

    @Benchmark
    public Object hot(XorShift random) {
        return clients.find(Clients.address(random.below(HOT)));
    }

    @Benchmark
    public Object connection(XorShift random) {
        return clients.connect(Clients.address(random.below(entries)));
    }

    @Benchmark
    public Object miss(Strangers strangers) {
        return clients.find(strangers.one());
    }

    @Benchmark
    public void flood(Strangers strangers) {
        clients.put(strangers.one(), SERVER);
    }
}
