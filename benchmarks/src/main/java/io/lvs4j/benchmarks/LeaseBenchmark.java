package io.lvs4j.benchmarks;

import io.lvs4j.RealServer;
import io.lvs4j.VirtualService;
import io.lvs4j.scheduler.DecisionEngine;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Lease;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * What does a whole decision cost, from the flow to the end of its lease, with and without persistence?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar LeaseBenchmark -prof gc
 * </pre>
 *
 * <p>16 servers with weights 1 to 8; with persistence, 65536 clients have templates. The lease itself is allocated, and with
 * persistence the key of the template and what Caffeine keeps.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class LeaseBenchmark {

    @Param({"rr", "wlc", "sh"})
    public String scheduler = "rr";

    @Param({"false", "true"})
    public boolean persistent;

    private final DecisionEngine engine = new DecisionEngine(Ticker.system());

    @Setup
    public void fill() {
        VirtualService.Builder builder =
                VirtualService.builder().listen("10.8.0.1", 80).scheduler(scheduler);
        if (persistent) {
            builder.persistence(Duration.ofMinutes(5));
        }
        List<Pool.Member> members = IntStream.range(0, 16)
                .mapToObj(i -> RealServer.builder("10.9.0." + (1 + i), 8000)
                        .weight(1 + i % 8)
                        .build())
                .map(server -> new Pool.Member(server, server.weight(), true))
                .toList();
        engine.configure(new Pool(builder.build(), members));
    }

    @Benchmark
    public Lease acquireAndClose(Flows flows) {
        Flow flow = flows.any();
        Lease lease = engine.acquire(flow);
        if (lease != null) {
            lease.established();
            lease.close();
        }
        return lease;
    }
}
