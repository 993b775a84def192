package io.lvs4j.benchmarks;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.xds.LeastRequestLoadBalancerProvider;
import io.grpc.xds.RingHashLoadBalancerProvider;
import io.grpc.xds.XdsAccess;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
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
 * What do gRPC's load balancers take to choose a server?
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar GrpcBenchmark -prof gc
 * </pre>
 *
 * <p>Each method asks one policy: its real picker, over servers that are always connected. {@code leastRequest} also tells
 * the tracer that the call was created and has ended, which is how that policy counts. Of the weighted policy only the choice
 * by static stride is measured, without the tracer that the full picker makes for each call; that flatters it.
 * {@code ringHash} gets one of 1024 calls with different hashes; its servers all weigh the same.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class GrpcBenchmark {
    private static final int CALLS = 1024;

    @Param({"3", "16", "100", "1000"})
    public int n = 3;

    private final PickSubchannelArgs[] calls = new PickSubchannelArgs[CALLS];
    private final Metadata headers = new Metadata();
    private final ClientStreamTracer.StreamInfo stream =
            ClientStreamTracer.StreamInfo.newBuilder().build();

    /** The policy round_robin. */
    @State(Scope.Benchmark)
    public static class RoundRobin {
        private SubchannelPicker picker;

        @Setup
        public void fill(GrpcBenchmark benchmark) {
            picker = benchmark.picker(LoadBalancerRegistry.getDefaultRegistry().getProvider("round_robin"), Map.of());
        }
    }

    /** The policy least_request with two choices. */
    @State(Scope.Benchmark)
    public static class LeastRequest {
        private SubchannelPicker picker;

        @Setup
        public void fill(GrpcBenchmark benchmark) {
            picker = benchmark.picker(new LeastRequestLoadBalancerProvider(), Map.of("choiceCount", 2.0));
        }
    }

    /** The policy ring_hash with its default sizes. */
    @State(Scope.Benchmark)
    public static class RingHash {
        private SubchannelPicker picker;

        @Setup
        public void fill(GrpcBenchmark benchmark) {
            picker = benchmark.picker(new RingHashLoadBalancerProvider(), Map.of());
        }
    }

    /** What chooses in weighted_round_robin. */
    @State(Scope.Benchmark)
    public static class StaticStride {
        private IntSupplier scheduler;

        @Setup
        public void fill(GrpcBenchmark benchmark) {
            float[] weights = new float[benchmark.n];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = Servers.mixedWeight(i);
            }
            scheduler = XdsAccess.staticStride(weights);
        }
    }

    private static final class Call extends PickSubchannelArgs {
        private final CallOptions options;
        private final Metadata headers = new Metadata();

        Call(CallOptions options) {
            this.options = options;
        }

        @Override
        public CallOptions getCallOptions() {
            return options;
        }

        @Override
        public Metadata getHeaders() {
            return headers;
        }

        @Override
        public MethodDescriptor<?, ?> getMethodDescriptor() {
            throw new UnsupportedOperationException();
        }
    }

    @Setup
    public void fill() {
        XorShift random = new XorShift();
        for (int i = 0; i < CALLS; i++) {
            calls[i] = new Call(XdsAccess.hashed(random.next()));
        }
    }

    private SubchannelPicker picker(LoadBalancerProvider provider, Map<String, ?> config) {
        return new GrpcBalancer(provider, config, n).picker(n, calls);
    }

    @Benchmark
    public PickResult roundRobin(RoundRobin policy) {
        return policy.picker.pickSubchannel(calls[0]);
    }

    @Benchmark
    public int staticStride(StaticStride policy) {
        return policy.scheduler.getAsInt();
    }

    @Benchmark
    public PickResult leastRequest(LeastRequest policy) {
        PickResult result = policy.picker.pickSubchannel(calls[0]);
        ClientStreamTracer tracer = result.getStreamTracerFactory().newClientStreamTracer(stream, headers);
        tracer.streamCreated(Attributes.EMPTY, headers);
        tracer.streamClosed(Status.OK);
        return result;
    }

    @Benchmark
    public PickResult ringHash(RingHash policy, XorShift random) {
        return policy.picker.pickSubchannel(calls[random.below(CALLS)]);
    }
}
