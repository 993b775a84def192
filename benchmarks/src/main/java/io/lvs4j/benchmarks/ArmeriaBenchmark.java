package io.lvs4j.benchmarks;

import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
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
 * What does Armeria's client-side load balancing take to choose an endpoint?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar ArmeriaBenchmark -prof gc
 * </pre>
 *
 * <p>{@code EndpointGroup.selectNow} with one context, used again and again. The sticky strategy hashes a random number.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class ArmeriaBenchmark {
    private static final ThreadLocal<XorShift> RANDOM = ThreadLocal.withInitial(XorShift::new);

    @Param({"roundRobin", "weightedRoundRobin", "sticky"})
    public String strategy = "roundRobin";

    @Param({"3", "16", "100", "1000"})
    public int n = 3;

    private EndpointGroup group;
    private ClientRequestContext context;

    @Setup
    public void fill() {
        List<Endpoint> endpoints = IntStream.range(0, n)
                .mapToObj(i -> Endpoint.of("10.9." + i / 250 + "." + (1 + i % 250), 8000)
                        .withWeight(Servers.mixedWeight(i)))
                .toList();
        group = EndpointGroup.of(strategyOf(strategy), endpoints);
        context = ClientRequestContext.of(HttpRequest.of(HttpMethod.GET, "/"));
    }

    private static EndpointSelectionStrategy strategyOf(String name) {
        return switch (name) {
            case "roundRobin" -> EndpointSelectionStrategy.roundRobin();
            case "weightedRoundRobin" -> EndpointSelectionStrategy.weightedRoundRobin();
            case "sticky" ->
                EndpointSelectionStrategy.sticky(context -> RANDOM.get().next());
            default -> throw new IllegalArgumentException("strategy: " + name);
        };
    }

    @Benchmark
    public Endpoint select() {
        return group.selectNow(context);
    }
}
