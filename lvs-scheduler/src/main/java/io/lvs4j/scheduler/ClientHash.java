package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * What counts of a client's address under a service's settings, and its hash, keyed at random: a client who can choose addresses
 * cannot aim at a slot of a {@link ClientTable}.
 */
final class ClientHash implements Slots.Hashing {
    private final long ipv4Mask;
    private final long ipv6MaskHigh;
    private final long ipv6MaskLow;
    private final long seed;
    private final long seedHigh;
    private final long seedLow;

    ClientHash(Persistence settings) {
        int prefix = settings.ipv6PrefixLength();
        this.ipv4Mask = -1L << (32 - settings.ipv4PrefixLength());
        this.ipv6MaskHigh = prefix >= 64 ? -1L : -1L << (64 - prefix);
        this.ipv6MaskLow = prefix <= 64 ? 0 : -1L << (128 - prefix);
        SecureRandom random = new SecureRandom();
        this.seed = random.nextLong();
        this.seedHigh = random.nextLong();
        this.seedLow = random.nextLong();
    }

    /** Returns what counts of the upper half of a client's address. */
    long high(long high, long low) {
        return Flow.isIpv4(high, low) ? high : high & ipv6MaskHigh;
    }

    /** Returns what counts of the lower half of a client's address. */
    long low(long high, long low) {
        return low & (Flow.isIpv4(high, low) ? ipv4Mask : ipv6MaskLow);
    }

    static InetAddress address(long high, long low) {
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(16).putLong(high).putLong(low).array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 16 bytes are always an address
        }
    }

    /** Returns the hash of an address of which only what counts is left. */
    @Override
    public long hash(long high, long low) {
        return fold(fold(low ^ seedLow, high ^ seedHigh) ^ seed, 0x9e37_79b9_7f4a_7c15L);
    }

    /** Both halves of the product: every bit of the factors has a say. */
    private static long fold(long a, long b) {
        return Math.multiplyHigh(a, b) ^ (a * b);
    }
}
