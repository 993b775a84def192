package io.lvs4j.benchmarks;

import io.lvs4j.RealServer;
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

/**
 * What does it cost to find that no server can be used, and does that allocate?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar NobodyBenchmark -prof gc
 * </pre>
 *
 * <p>All servers are quiesced, or all have as many connections as their thresholds allow. The second is the harder case: it
 * changes from connection to connection, so a scheduler cannot know it beforehand.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class NobodyBenchmark {
    @Param({"rr", "wrr", "lc", "wlc", "sed", "nq", "twos", "fo", "ovf", "sh", "dh", "mh", "lblc", "lblcr"})
    public String scheduler = "rr";

    @Param({"16", "1000"})
    public int n = 16;

    @Param({"quiesced", "overloaded"})
    public String reason = "quiesced";

    private Scheduler picker;

    @Setup
    public void fill() {
        List<RealServer> servers = Servers.mixed(n);
        if ("quiesced".equals(reason)) {
            servers = servers.stream().map(server -> server.withWeight(0)).toList();
        } else {
            servers = servers.stream()
                    .map(server -> server.toBuilder().upperThreshold(1).build())
                    .toList();
        }
        List<Destination> destinations = DestinationAccess.pool(servers);
        if ("overloaded".equals(reason)) {
            destinations.forEach(DestinationAccess::bind);
        }
        picker = Schedulers.create(Scheduling.of(scheduler));
        picker.update(destinations);
    }

    @Benchmark
    public Destination pick(Flows flows) {
        Destination chosen = picker.pick(flows.any());
        if (chosen != null) {
            throw new IllegalStateException(scheduler + " chose " + chosen);
        }
        return chosen;
    }
}
