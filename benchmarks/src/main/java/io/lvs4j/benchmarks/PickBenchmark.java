package io.lvs4j.benchmarks;

import io.lvs4j.RealServer;
import io.lvs4j.Scheduling;
import io.lvs4j.scheduler.Destination;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Scheduler;
import io.lvs4j.scheduler.Schedulers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
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
 * How long does a scheduler take to choose, how does that grow with the number of servers, and does it allocate?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar PickBenchmark -prof gc
 * java -jar benchmarks/target/benchmarks.jar PickBenchmark -prof gc -t 2          # shared by two threads
 * </pre>
 *
 * <p>Weights are 1 to 8, no server has connections, flows come from 65536 clients to 4096 addresses. {@code baseline} is what
 * the simplest round robin costs on this machine: a shared ticket and an array load. It does not depend on the scheduler, so
 * one of its rows per number of servers is enough. The column to watch besides time is {@code gc.alloc.rate.norm}: 0 B/op.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class PickBenchmark {
    private static final long IPV4_MAPPED = 0xffff_0000_0000L;

    @Param({"rr", "wrr", "lc", "wlc", "sh", "dh", "lblc"})
    public String scheduler = "rr";

    @Param({"3", "16", "100", "1000"})
    public int n = 3;

    private final AtomicLong ticket = new AtomicLong();
    private Scheduler picker;
    private Destination[] destinations;

    /** The flow that a thread fills again and again. */
    @State(Scope.Thread)
    public static class Connections {
        private final Flow flow = new Flow();
        private int count;

        Flow next() {
            int i = count++ * 0x9e37_79b9;
            return flow.set(0, IPV4_MAPPED | (i >>> 16), i & 0xffff, 0, IPV4_MAPPED | (i >>> 20), 80);
        }
    }

    @Setup
    public void fill() {
        List<Destination> list = IntStream.range(0, n)
                .mapToObj(i -> RealServer.builder("10.9." + i / 250 + "." + (1 + i % 250), 8000)
                        .weight(1 + i % 8)
                        .build())
                .map(Destination::of)
                .toList();
        picker = Schedulers.create(Scheduling.of(scheduler));
        picker.update(list);
        destinations = list.toArray(Destination[]::new);
    }

    @Benchmark
    public Destination pick(Connections connections) {
        return picker.pick(connections.next());
    }

    @Benchmark
    public Destination baseline(Connections connections) {
        connections.next();
        return destinations[(int) (ticket.getAndIncrement() % destinations.length)];
    }
}
