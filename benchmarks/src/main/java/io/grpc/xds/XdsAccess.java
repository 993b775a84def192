package io.grpc.xds;

import io.grpc.CallOptions;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Opens two things of gRPC that are package-private, hence in gRPC's package: the static-stride scheduler by itself, and the
 * call option that {@code ring_hash} hashes by.
 */
public final class XdsAccess {
    private XdsAccess() {}

    /** Returns what gives the index of the next server by these weights. */
    public static IntSupplier staticStride(float[] weights) {
        WeightedRoundRobinLoadBalancer.StaticStrideScheduler scheduler =
                new WeightedRoundRobinLoadBalancer.StaticStrideScheduler(weights, new AtomicInteger());
        return scheduler::pick;
    }

    /** Returns the options of a call with this hash. */
    public static CallOptions hashed(long hash) {
        return CallOptions.DEFAULT.withOption(XdsNameResolver.RPC_HASH_KEY, hash);
    }
}
