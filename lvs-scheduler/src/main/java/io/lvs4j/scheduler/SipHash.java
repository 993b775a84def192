package io.lvs4j.scheduler;

/**
 * SipHash-1-3 of one 32-bit number, cut to 32 bits: what 64-bit Linux kernels call {@code hsiphash}. (32-bit kernels use
 * HalfSipHash-1-3 under that name, which gives other values.) After Aumasson and Bernstein, "SipHash: a fast short-input PRF".
 * Immutable.
 */
final class SipHash {
    private final long v0;
    private final long v1;
    private final long v2;
    private final long v3;

    /** Starts from a key of two little-endian words. */
    SipHash(long key0, long key1) {
        v0 = key0 ^ 0x736f_6d65_7073_6575L;
        v1 = key1 ^ 0x646f_7261_6e64_6f6dL;
        v2 = key0 ^ 0x6c79_6765_6e65_7261L;
        v3 = key1 ^ 0x7465_6462_7974_6573L;
    }

    /** Returns the lower half of the hash of the four bytes of a number, the least significant first. */
    int hash(int number) {
        return (int) hash64(number);
    }

    /** The four bytes fit the last block, whose highest byte is their count. */
    long hash64(int number) {
        long block = (4L << 56) | Integer.toUnsignedLong(number);
        long a = v0;
        long b = v1;
        long c = v2;
        long d = v3 ^ block;
        for (int round = 0; round < 4; round++) {
            a += b;
            c += d;
            b = Long.rotateLeft(b, 13) ^ a;
            d = Long.rotateLeft(d, 16) ^ c;
            a = Long.rotateLeft(a, 32) + d;
            c += b;
            d = Long.rotateLeft(d, 21) ^ a;
            b = Long.rotateLeft(b, 17) ^ c;
            c = Long.rotateLeft(c, 32);
            if (round == 0) { // the one round of the block; three to finish
                a ^= block;
                c ^= 0xff;
            }
        }
        return a ^ b ^ c ^ d;
    }
}
