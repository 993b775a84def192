package io.lvs4j.scheduler;

import io.lvs4j.SchedulerFlag;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code sh}: a client address always gets the same destination, without any memory of clients. Follows
 * {@code ip_vs_sh.c}; {@link HashBuckets} says which generation of its hash, and how to choose another.
 *
 * <p>The rule: the bucket of the client's address decides; a destination owns as many buckets as its weight is. Every change
 * of the list or of a weight deals the buckets anew, and so moves clients.
 *
 * <p>The owner of the bucket gets the connection or nobody does: if it is overloaded or its weight is 0, there is no server
 * for the client. A destination with weight 0 still owns one bucket in each round of dealing.
 *
 * <p>{@code sh-fallback}: if the owner of bucket {@code b} cannot be used, the owners of {@code (2b + i) mod 256} are tried for
 * i = 0, 1, 2 ... 255. (The kernel means to begin at {@code b}, but adds it twice.)
 *
 * <p>{@code sh-port}: the client's port is added to its address before it is hashed, so that the connections of one client are
 * spread.
 *
 * <p>{@code sh-old-hash}: hashes as Linux before 4.18 did.
 *
 * <p>Concurrency: the buckets are an immutable snapshot.
 */
final class SourceHashing implements Scheduler {
    private final boolean fallback;
    private final int portMask;
    private final boolean oldHash;
    private volatile HashBuckets buckets = new HashBuckets(List.of(), true);

    SourceHashing(Set<SchedulerFlag> flags) {
        fallback = flags.contains(SchedulerFlag.SH_FALLBACK);
        portMask = flags.contains(SchedulerFlag.SH_PORT) ? 0xffff : 0;
        oldHash = flags.contains(SchedulerFlag.SH_OLD_HASH);
    }

    @Override
    public @Nullable Destination pick(Flow flow) {
        HashBuckets current = buckets;
        int own = bucket(flow);
        Destination owner = current.owner(own);
        if (owner == null || flow.canUse(owner)) {
            return owner;
        }
        int other = fallback ? substitute(current, own, flow) : -1;
        return other < 0 ? null : current.owner(other);
    }

    private int bucket(Flow flow) {
        return HashBuckets.bucket(flow.clientFolded() + (flow.clientPort() & portMask), oldHash);
    }

    /** Finds the bucket that stands in for one whose owner cannot be used, -1 if there is none. */
    private static int substitute(HashBuckets buckets, int own, Flow flow) {
        for (int i = 0; i < HashBuckets.COUNT; i++) {
            int bucket = (2 * own + i) % HashBuckets.COUNT;
            Destination owner = buckets.owner(bucket);
            if (owner != null && flow.canUse(owner)) {
                return bucket;
            }
        }
        return -1;
    }

    @Override
    public void update(List<Destination> destinations) {
        buckets = new HashBuckets(destinations, true);
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        HashBuckets current = buckets;
        int own = bucket(flow);
        Choice choice = current.explain(own, flow);
        int other = fallback && choice.destination() == null ? substitute(current, own, flow) : -1;
        return Optional.of(
                other < 0
                        ? choice
                        : new Choice(
                                current.owner(other),
                                choice.reason() + "; bucket " + other + " stands in for it and belongs to this one"));
    }
}
