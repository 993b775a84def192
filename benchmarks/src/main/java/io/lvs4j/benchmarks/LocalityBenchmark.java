package io.lvs4j.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to find an address in a map, which is most of what lblc does?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar 'LocalityBenchmark|PickBenchmark.pickForAnyFlow' -p scheduler=lblc -prof gc
 * </pre>
 *
 * <p>As many addresses as {@link PickBenchmark#pickForAnyFlow} has for lblc, drawn in the same way, with keys made
 * beforehand. Caffeine forgets an address a day after its last use, as the kernel does; the plain map never.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class LocalityBenchmark {
    private static final Object SERVER = new Object();

    private final Address[] addresses = new Address[Flows.ADDRESSES];
    private final Map<Address, Object> map = new ConcurrentHashMap<>();
    private final Cache<Address, Object> cache = Caffeine.newBuilder()
            .maximumSize(4L * Flows.ADDRESSES)
            .expireAfterAccess(Duration.ofDays(1))
            .build();

    private record Address(long high, long low) {}

    @Setup
    public void fill() {
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = new Address(0, Clients.address(i));
            map.put(addresses[i], SERVER);
            cache.put(addresses[i], SERVER);
        }
    }

    @Benchmark
    public Object concurrentHashMap(XorShift random) {
        return map.get(addresses[random.below(addresses.length)]);
    }

    @Benchmark
    public Object caffeine(XorShift random) {
        return cache.getIfPresent(addresses[random.below(addresses.length)]);
    }
}
