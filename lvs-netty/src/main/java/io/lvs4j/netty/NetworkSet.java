package io.lvs4j.netty;

import io.lvs4j.AddressPrefix;
import io.lvs4j.scheduler.Flow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Networks, made ready to be asked often: a binary search over first addresses, which allocates nothing. Networks within
 * others are left out, so no two overlap and the one that begins last before an address is the only one that can contain it.
 * Immutable.
 */
final class NetworkSet {
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private final Family ipv4;
    private final Family ipv6;

    NetworkSet(List<AddressPrefix> networks) {
        ipv4 = new Family(networks, Integer.SIZE / Byte.SIZE);
        ipv6 = new Family(networks, IPV6_BITS / Byte.SIZE);
    }

    /** Whether one of the networks contains an address, as {@link Flow#high} and {@link Flow#low} give it. */
    boolean contains(long high, long low) {
        return (Flow.isIpv4(high, low) ? ipv4 : ipv6).contains(high, low);
    }

    /** Returns the bits of the upper half of an address that a prefix covers. */
    static long highMask(int length) {
        return length == 0 ? 0 : -1L << Math.max(0, Long.SIZE - length);
    }

    /** Returns the bits of the lower half of an address that a prefix covers. */
    static long lowMask(int length) {
        return length <= Long.SIZE ? 0 : -1L << (IPV6_BITS - length);
    }

    private static final class Family {
        private final long[] highs;
        private final long[] lows;
        private final int[] lengths; // of 128 bits, an IPv4 address being the last 32

        Family(List<AddressPrefix> networks, int addressBytes) {
            List<AddressPrefix> sorted = new ArrayList<>();
            networks.stream()
                    .filter(network -> network.address().getAddress().length == addressBytes)
                    .sorted(Comparator.<AddressPrefix>comparingLong(n -> Flow.high(n.address()) ^ Long.MIN_VALUE)
                            .thenComparingLong(n -> Flow.low(n.address()) ^ Long.MIN_VALUE)
                            .thenComparingInt(AddressPrefix::length))
                    .forEach(network -> {
                        if (sorted.isEmpty() || !sorted.get(sorted.size() - 1).contains(network.address())) {
                            sorted.add(network);
                        }
                    });
            int size = sorted.size();
            highs = new long[size];
            lows = new long[size];
            lengths = new int[size];
            int offset = addressBytes * Byte.SIZE == IPV4_BITS ? IPV6_BITS - IPV4_BITS : 0;
            for (int i = 0; i < size; i++) {
                AddressPrefix network = sorted.get(i);
                highs[i] = Flow.high(network.address());
                lows[i] = Flow.low(network.address());
                lengths[i] = offset + network.length();
            }
        }

        boolean contains(long high, long low) {
            int from = 0;
            int to = highs.length;
            while (from < to) {
                int middle = (from + to) >>> 1;
                int order = Long.compareUnsigned(highs[middle], high);
                if (order < 0 || (order == 0 && Long.compareUnsigned(lows[middle], low) <= 0)) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from > 0 && covers(from - 1, high, low);
        }

        private boolean covers(int at, long high, long low) {
            return (high & highMask(lengths[at])) == highs[at] && (low & lowMask(lengths[at])) == lows[at];
        }
    }
}
