package io.lvs4j.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of {@code sh} and {@code dh}: 256 buckets, each owned by one destination. Immutable.
 *
 * <p>The bucket of an address is {@code (h * 0x61c88647 mod 2^32) >>> 24}, where {@code h} is an IPv4 address as a number
 * (10.7.0.1 is 0x0a070001), or the exclusive or of the four 32-bit words of an IPv6 address. That is
 * {@code hash_32} as Linux 6.1 and 6.12 were measured to do it. Older kernels take the low 8 bits of {@code h * 2654435761}
 * instead, so a client may reach another server there.
 */
final class HashBuckets {
    private static final int COUNT = 256;
    private static final int GOLDEN_RATIO = 0x61c88647;

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

    /** Returns the owner of an address's bucket, null if there are no destinations. */
    @Nullable
    Destination owner(long high, long low) {
        return owners[bucket(high, low)];
    }

    static int bucket(long high, long low) {
        int h = (int) low;
        if (!Flow.isIpv4(high, low)) {
            h ^= (int) (low >>> 32) ^ (int) (high >>> 32) ^ (int) high;
        }
        return (h * GOLDEN_RATIO) >>> 24;
    }
}
