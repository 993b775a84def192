package io.lvs4j.scheduler;

import io.lvs4j.SchedulerFlag;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code dh}: the address that a client connects to always gets the same destination. For a farm of transparent caches, where
 * one service stands for many addresses. Follows {@code ip_vs_dh.c}; {@link HashBuckets}
 * says which generation of its hash, and how to choose another: {@code dh-old-hash}.
 *
 * <p>The rule: the bucket of the address connected to decides; each destination owns one bucket in turn,
 * whatever its weight. Adding or removing a destination deals the buckets anew.
 *
 * <p>The owner of the bucket gets the connection or nobody does: if it is overloaded or its weight is 0, there is no server.
 *
 * <p>Concurrency: the buckets are an immutable snapshot.
 */
final class DestinationHashing implements Scheduler {
    private final boolean oldHash;
    private volatile HashBuckets buckets = new HashBuckets(List.of(), false);

    DestinationHashing(Set<SchedulerFlag> flags) {
        oldHash = flags.contains(SchedulerFlag.DH_OLD_HASH);
    }

    @Override
    public @Nullable Destination pick(Flow flow) {
        Destination owner = buckets.owner(bucket(flow));
        return owner != null && flow.canUse(owner) ? owner : null;
    }

    private int bucket(Flow flow) {
        return HashBuckets.bucket(flow.destinationFolded(), oldHash);
    }

    @Override
    public void update(List<Destination> destinations) {
        buckets = new HashBuckets(destinations, false);
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        return Optional.of(buckets.explain(bucket(flow), flow));
    }
}
