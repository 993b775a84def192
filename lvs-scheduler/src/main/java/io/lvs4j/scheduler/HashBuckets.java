package io.lvs4j.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of {@code sh} and {@code dh}: 256 buckets, each owned by one destination. Immutable.
 *
 * <p>The bucket of an address is {@code (h * 0x61c88647 mod 2^32) >>> 24}, where {@code h} is an IPv4 address as a number
 * (10.7.0.1 is 0x0a070001), or the exclusive or of the four 32-bit words of an IPv6 address, plus a port if one counts.
 *
 * <p>Which kernel: Linux 6.1 and 6.12 were measured to do that; it is the kernel's {@code hash_32}, since 4.18. Before, Linux took
 * the low 8 bits of {@code h * 2654435761}, so the same client may reach another server there, and directors of the two kinds
 * cannot stand in for one another. To run beside such a kernel, choose its hash by the flag {@code sh-old-hash} or {@code
 * dh-old-hash}; that one is read from its source, not measured.
 */
final class HashBuckets {
    static final int COUNT = 256;
    private static final int GOLDEN_RATIO = 0x61c88647;
    private static final int OLD_FACTOR = (int) 2654435761L;

    private final @Nullable Destination[] owners = new @Nullable Destination[COUNT];

    /**
     * Fills the buckets in list order and begins again at the head until none is left.
     *
     * @param weighted whether a destination gets as many buckets in a row as its weight is, or one. It gets one for weight 0
     *     too; beyond 256 buckets the rest of the list gets none
     */
    HashBuckets(List<Destination> list, boolean weighted) {
        int bucket = 0;
        while (bucket < COUNT && !list.isEmpty()) {
            for (Destination owner : list) {
                int share = weighted ? Math.max(owner.weight(), 1) : 1;
                for (int i = 0; i < share && bucket < COUNT; i++) {
                    owners[bucket++] = owner;
                }
            }
        }
    }

    /** Returns the owner of a bucket, null if there are no destinations. */
    @Nullable
    Destination owner(int bucket) {
        return owners[bucket];
    }

    /** Returns the bucket of a {@link Flow#folded} address, plus a port if one counts. */
    static int bucket(int number, boolean oldHash) {
        return oldHash ? (number * OLD_FACTOR) & (COUNT - 1) : (number * GOLDEN_RATIO) >>> 24;
    }

    /** Says whose a bucket is, for a flow that has no other. */
    Scheduler.Choice explain(int bucket, Flow flow) {
        Destination owner = owners[bucket];
        if (owner == null) {
            return new Scheduler.Choice(null, "there are no servers");
        }
        String whose = "bucket " + bucket + " of " + COUNT + " belongs to ";
        return flow.canUse(owner)
                ? new Scheduler.Choice(owner, whose + "it")
                : new Scheduler.Choice(null, whose + owner.key() + ", which cannot be used");
    }
}
