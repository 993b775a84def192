package io.lvs4j.benchmarks;

import io.lvs4j.RealServer;
import io.lvs4j.Scheduling;
import io.lvs4j.VirtualService;
import io.lvs4j.scheduler.DecisionEngine;
import io.lvs4j.scheduler.Destination;
import io.lvs4j.scheduler.DestinationAccess;
import io.lvs4j.scheduler.Scheduler;
import io.lvs4j.scheduler.Schedulers;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Ticker;
import java.util.ArrayList;
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
 * What does a change of the servers cost?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar ChangeBenchmark
 * </pre>
 *
 * <p>{@code weight}: a scheduler takes over one changed weight. {@code rebuild}: a new one takes over the whole list.
 * {@code configureWeight}: a whole engine takes over a pool in which one weight differs. {@code configureAll}: a new engine
 * takes over a pool. All of it is off the path of connections, which go on meanwhile.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class ChangeBenchmark {
    @Param({"rr", "wrr", "lc", "wlc", "sed", "nq", "twos", "fo", "ovf", "sh", "dh", "mh", "lblc", "lblcr"})
    public String scheduler = "wlc";

    @Param({"1000"})
    public int n = 1000;

    private Scheduling scheduling;
    private List<Destination> destinations;
    private RealServer light;
    private RealServer heavy;
    private Destination changing;
    private Scheduler picker;
    private Pool lightPool;
    private Pool heavyPool;
    private DecisionEngine engine;
    private boolean isHeavy;

    @Setup
    public void fill() {
        scheduling = Scheduling.of(scheduler);
        List<RealServer> servers = Servers.mixed(n);
        light = servers.get(n / 2);
        heavy = light.withWeight(light.weight() + 1);
        destinations = DestinationAccess.pool(servers);
        changing = destinations.get(n / 2);
        picker = Schedulers.create(scheduling);
        picker.update(destinations);

        lightPool = pool(servers);
        List<RealServer> changed = new ArrayList<>(servers);
        changed.set(n / 2, heavy);
        heavyPool = pool(changed);
        engine = new DecisionEngine(Ticker.system());
        engine.configure(lightPool);
    }

    private Pool pool(List<RealServer> servers) {
        VirtualService service = VirtualService.builder()
                .listen("10.8.0.1", 80)
                .scheduler(scheduler)
                .build();
        return new Pool(
                service,
                servers.stream()
                        .map(server -> new Pool.Member(server, server.weight(), true))
                        .toList());
    }

    @Benchmark
    public Scheduler weight() {
        isHeavy = !isHeavy;
        DestinationAccess.configure(changing, isHeavy ? heavy : light);
        picker.update(destinations);
        return picker;
    }

    @Benchmark
    public Scheduler rebuild() {
        Scheduler fresh = Schedulers.create(scheduling);
        fresh.update(destinations);
        return fresh;
    }

    @Benchmark
    public DecisionEngine configureWeight() {
        isHeavy = !isHeavy;
        engine.configure(isHeavy ? heavyPool : lightPool);
        return engine;
    }

    @Benchmark
    public DecisionEngine configureAll() {
        DecisionEngine fresh = new DecisionEngine(Ticker.system());
        fresh.configure(lightPool);
        return fresh;
    }
}
