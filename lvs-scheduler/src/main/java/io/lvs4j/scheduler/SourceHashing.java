package io.lvs4j.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code sh}: a client address always gets the same destination, without any memory of clients. Follows
 * {@code ip_vs_sh.c} without its flags (no port, no fallback).
 *
 * <p>The rule: the {@link HashBuckets bucket} of the client's address decides; a destination owns as many buckets as its
 * weight is. Every change of the list or of a weight deals the buckets anew, and so moves clients.
 *
 * <p>The owner of the bucket gets the connection or nobody does: if it is overloaded or its weight is 0, there is no server
 * for the client. A destination with weight 0 still owns one bucket in each round of dealing.
 *
 * <p>Concurrency: the buckets are an immutable snapshot.
 */
final class SourceHashing implements Scheduler {
    private volatile HashBuckets buckets = new HashBuckets(List.of(), true);

    @Override
    public @Nullable Destination pick(Flow flow) {
        Destination owner = buckets.owner(flow.clientHigh(), flow.clientLow());
        return owner != null && flow.canUse(owner) ? owner : null;
    }

    @Override
    public void update(List<Destination> destinations) {
        buckets = new HashBuckets(destinations, true);
    }
}
