package io.lvs4j.scheduler;

import io.lvs4j.ServerKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lookup table of {@code mh}: a prime number of entries, each owned by one destination. Immutable.
 *
 * <p>How it is filled: every destination has an order in which it wants the entries, {@code offset, offset + skip, offset + 2
 * skip ...} modulo the size, both hashed from its address and port. In list order each takes the next entries it wants that
 * are still free, as many in a row as it has turns, round after round until none is left. Turns are the weights divided by
 * their greatest common divisor, and shifted right if the greatest of them has more bits than half the table's index in
 * the kernel's configuration (8 for 251 entries, 17 for 131071); not below one.
 *
 * <p>The hash is {@link SipHash} of offset + port + folded address, with the kernel's two constant keys. A server's address is
 * folded as of its own family; the kernel folds it as of the service's family, which differs only if an IPv4 service has IPv6
 * servers.
 */
final class MaglevTable {
    private static final SipHash FIRST = new SipHash(2654435761L, 2654435761L);
    private static final SipHash SECOND = new SipHash(2654446892L, 2654446892L);

    /** Positions in the list are 16 bits wide. */
    private static final int MAX_OWNERS = 1 << 16;

    private final Destination[] list;
    private final char[] owners; // empty if nobody has a weight
    private final int size;
    private final long inverse; // of the size: 2^64 / size, rounded up

    /**
     * Fills the table.
     *
     * @param list destinations in list order; beyond 65536, or as many as there are entries, the rest gets no entry
     * @param weights their weights; one with weight 0 gets no entry
     * @param size one of {@link io.lvs4j.Scheduling#TABLE_SIZES}
     * @param index the logarithm of the size in the kernel's configuration, 8..17
     */
    MaglevTable(List<Destination> list, int[] weights, int size, int index) {
        this.list = list.toArray(Destination[]::new);
        this.size = size;
        this.inverse = Long.divideUnsigned(-1L, size) + 1;
        int[] turns = turns(weights, index / 2);
        this.owners = fill(turns);
    }

    /** How many entries each takes in a row. */
    static int[] turns(int[] weights, int maxBits) {
        int divisor = 0;
        int max = 0;
        for (int weight : weights) {
            divisor = gcd(weight, divisor);
            max = Math.max(max, weight);
        }
        int[] turns = new int[weights.length];
        if (max > 0) {
            int bits = Integer.SIZE - Integer.numberOfLeadingZeros(max / divisor);
            int shift = Math.max(bits - maxBits, 0);
            for (int i = 0; i < turns.length; i++) {
                turns[i] = weights[i] == 0 ? 0 : Math.max((weights[i] / divisor) >> shift, 1);
            }
        }
        return turns;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private char[] fill(int[] turns) {
        int[] takers = new int[Math.min(turns.length, MAX_OWNERS)]; // those with turns
        int count = 0;
        for (int i = 0; i < takers.length; i++) {
            if (turns[i] > 0) {
                takers[count++] = i;
            }
        }
        if (count == 0) {
            return new char[0];
        }
        int[] next = new int[count];
        int[] skip = new int[count];
        for (int i = 0; i < count; i++) {
            int input = number(list[takers[i]].key());
            next[i] = modulo(FIRST.hash(input));
            skip[i] = (int) (Integer.toUnsignedLong(SECOND.hash(input)) % (size - 1)) + 1;
        }
        char[] entries = new char[size];
        boolean[] taken = new boolean[size];
        int left = size;
        while (true) {
            for (int i = 0; i < count; i++) {
                int wanted = next[i];
                int step = skip[i];
                int owner = takers[i];
                for (int turn = turns[owner]; turn > 0; turn--) {
                    while (taken[wanted]) {
                        wanted += step;
                        wanted = wanted >= size ? wanted - size : wanted;
                    }
                    taken[wanted] = true;
                    entries[wanted] = (char) owner;
                    if (--left == 0) {
                        return entries;
                    }
                }
                next[i] = wanted;
            }
        }
    }

    /** The four-byte words of the address by exclusive or, plus the port. */
    private static int number(ServerKey key) {
        int folded = 0;
        byte[] bytes = key.address().getAddress();
        for (int i = 0; i < bytes.length; i++) {
            folded ^= (bytes[i] & 0xff) << (24 - 8 * (i % 4));
        }
        return folded + key.port();
    }

    /** Returns the entry of a number, which is a folded address, perhaps plus a port and an offset. */
    int entry(int number) {
        return modulo(FIRST.hash(number));
    }

    /** The remainder of an unsigned number, by two multiplications (Lemire, "Faster remainder by direct computation"). */
    private int modulo(int hash) {
        long fraction = inverse * Integer.toUnsignedLong(hash);
        long product = Math.multiplyHigh(fraction, size);
        return (int) (product + ((fraction >> 63) & size)); // multiplyHigh takes the fraction for a signed number
    }

    /** Returns the owner of an entry, null if nobody has any. */
    @Nullable
    Destination owner(int entry) {
        return owners.length == 0 ? null : list[owners[entry]];
    }

    int size() {
        return size;
    }

    /** Whether there is anybody whom a flow can use. */
    boolean hasUsable(Flow flow) {
        for (Destination destination : list) {
            if (flow.canUse(destination)) {
                return true;
            }
        }
        return false;
    }
}
