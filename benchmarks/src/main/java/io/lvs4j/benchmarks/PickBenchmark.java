package io.lvs4j.benchmarks;

import io.lvs4j.Scheduling;
import io.lvs4j.scheduler.Destination;
import io.lvs4j.scheduler.DestinationAccess;
import io.lvs4j.scheduler.Scheduler;
import io.lvs4j.scheduler.Schedulers;
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
 * How long does a scheduler take to choose, how does that grow with the number of servers, and does it allocate?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar PickBenchmark -prof gc
 * java -jar benchmarks/target/benchmarks.jar PickBenchmark -prof gc -t 2          # shared by two threads
 * java -jar benchmarks/target/benchmarks.jar PickBenchmark -p scheduler=wrr -p weights=skewed -p n=1000
 * </pre>
 *
 * <p>No server has connections. {@code pick} asks for the same flow again and again, to be held against
 * {@link Floors#f1}. {@code pickForAnyFlow} draws a flow first, which is {@link Floors#f0} and then the choice: it is meant
 * for schedulers that look at the flow.
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
    @Param({"rr", "wrr", "lc", "wlc", "sed", "nq", "twos", "fo", "ovf", "sh", "dh", "mh", "lblc", "lblcr"})
    public String scheduler = "rr";

    @Param({"3", "16", "100", "1000"})
    public int n = 3;

    @Param({"mixed"})
    public String weights = "mixed";

    private Scheduler picker;

    @Setup
    public void fill() {
        picker = Schedulers.create(Scheduling.of(scheduler));
        picker.update(DestinationAccess.pool("skewed".equals(weights) ? Servers.skewed(n) : Servers.mixed(n)));
    }

    @Benchmark
    public Destination pick(Flows flows) {
        return picker.pick(flows.one());
    }

    @Benchmark
    public Destination pickForAnyFlow(Flows flows) {
        return picker.pick(flows.any());
    }
}
