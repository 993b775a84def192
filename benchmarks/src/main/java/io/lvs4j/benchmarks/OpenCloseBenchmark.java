package io.lvs4j.benchmarks;

import io.lvs4j.Scheduling;
import io.lvs4j.scheduler.Destination;
import io.lvs4j.scheduler.DestinationAccess;
import io.lvs4j.scheduler.Scheduler;
import io.lvs4j.scheduler.Schedulers;
import java.util.List;
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
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What does a connection cost a scheduler that counts them: the choice, the count, and the end of another connection?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar OpenCloseBenchmark -prof gc
 * java -jar benchmarks/target/benchmarks.jar OpenCloseBenchmark -prof gc -t 2
 * </pre>
 *
 * <p>A steady state: each thread owns 8 n active connections. {@code openClose} chooses, counts one connection more there, and
 * ends a random earlier one: two changes of counts, of which a whole TCP connection makes four. {@code countOnly} does the same with a random choice: what is left when
 * the choice is free. {@code openCloseSame} counts the connection as bound and ends that very one, which is what a peer with
 * call tracing does. To be held against {@link Floors#f2}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class OpenCloseBenchmark {
    static final int CONNECTIONS_PER_SERVER = 8;

    @Param({"rr", "wrr", "lc", "wlc", "sed", "nq", "twos", "fo", "ovf", "sh", "dh", "mh", "lblc", "lblcr"})
    public String scheduler = "wlc";

    @Param({"3", "16", "100", "1000"})
    public int n = 3;

    private Scheduler picker;
    private Destination[] destinations = {};

    /** A thread's live connections: the server of each. */
    @State(Scope.Thread)
    public static class Owned {
        private Destination[] connections = {};

        @Setup
        public void open(OpenCloseBenchmark benchmark, Flows flows, BenchmarkParams params) {
            connections = new Destination[benchmark.connections(params.getThreads())];
            for (int i = 0; i < connections.length; i++) {
                connections[i] = benchmark.picker.pick(flows.any());
                DestinationAccess.open(connections[i]);
            }
        }
    }

    @Setup
    public void fill() {
        List<Destination> pool = DestinationAccess.pool(Servers.mixed(n));
        destinations = pool.toArray(Destination[]::new);
        picker = Schedulers.create(Scheduling.of(scheduler));
        picker.update(pool);
    }

    /** For ovf, which has room for weight + 1 connections on a server, all threads together fill 40 % of it. */
    private int connections(int threads) {
        if (!"ovf".equals(scheduler)) {
            return CONNECTIONS_PER_SERVER * n;
        }
        int room = 0;
        for (Destination destination : destinations) {
            room += destination.weight() + 1;
        }
        return Math.max(1, room * 2 / 5 / threads);
    }

    @Benchmark
    public Destination openClose(Flows flows, XorShift random, Owned owned) {
        return replace(picker.pick(flows.one()), random.next(), owned);
    }

    @Benchmark
    public Destination openCloseForAnyFlow(Flows flows, XorShift random, Owned owned) {
        return replace(picker.pick(flows.any()), random.next(), owned);
    }

    @Benchmark
    public Destination countOnly(XorShift random, Owned owned) {
        long bits = random.next();
        return replace(destinations[XorShift.scale(bits >>> 32, n)], bits, owned);
    }

    @Benchmark
    public Destination openCloseSame(Flows flows) {
        Destination chosen = picker.pick(flows.one());
        DestinationAccess.bind(chosen);
        DestinationAccess.unbind(chosen);
        return chosen;
    }

    private static Destination replace(Destination chosen, long bits, Owned owned) {
        DestinationAccess.open(chosen);
        Destination[] connections = owned.connections;
        int slot = XorShift.scale(bits & 0xffff_ffffL, connections.length);
        Destination ended = connections[slot];
        connections[slot] = chosen;
        DestinationAccess.end(ended);
        return chosen;
    }
}
