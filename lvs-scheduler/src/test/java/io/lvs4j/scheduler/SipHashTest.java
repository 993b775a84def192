package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SipHashTest {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(64);
    private static final long KEY0 = 0x0706_0504_0302_0100L;
    private static final long KEY1 = 0x0f0e_0d0c_0b0a_0908L;

    @Example // published with Linux: its hsiphash of the bytes 0, 1, 2, 3 under the key 0..15, on 64-bit machines
    void isWhatLinuxCallsHsiphash() {
        assertThat(new SipHash(KEY0, KEY1).hash(0x0302_0100)).isEqualTo(0x88d3_8328);
    }

    @Example // the examples of the paper and of its reference implementation, for SipHash-2-4
    void theTranscriptionIsSipHash() {
        assertThat(slow(2, 4, KEY0, KEY1, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}))
                .isEqualTo(0xa129_ca61_49be_45e5L);
        assertThat(slow(2, 4, KEY0, KEY1, new byte[] {0, 1, 2, 3})).isEqualTo(0xcf27_94e0_2771_87b7L);
    }

    @Property
    void agreesWithASlowTranscription(@ForAll long key0, @ForAll long key1, @ForAll int number) {
        byte[] bytes = {(byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)};
        assertThat(new SipHash(key0, key1).hash64(number)).isEqualTo(slow(1, 3, key0, key1, bytes));
    }

    /** The paper's description in unbounded numbers, block by block and half round by half round. */
    private static long slow(int compressionRounds, int finalRounds, long key0, long key1, byte[] bytes) {
        BigInteger[] v = {
            number(key0).xor(new BigInteger("736f6d6570736575", 16)),
            number(key1).xor(new BigInteger("646f72616e646f6d", 16)),
            number(key0).xor(new BigInteger("6c7967656e657261", 16)),
            number(key1).xor(new BigInteger("7465646279746573", 16))
        };
        int words = bytes.length / 8 + 1;
        for (int word = 0; word < words; word++) {
            BigInteger m = BigInteger.ZERO;
            for (int i = 7; i >= 0; i--) {
                int at = 8 * word + i;
                int value = at < bytes.length ? bytes[at] & 0xff : 0;
                if (word == words - 1 && i == 7) {
                    value = bytes.length & 0xff;
                }
                m = m.shiftLeft(8).or(BigInteger.valueOf(value));
            }
            v[3] = v[3].xor(m);
            rounds(v, compressionRounds);
            v[0] = v[0].xor(m);
        }
        v[2] = v[2].xor(BigInteger.valueOf(0xff));
        rounds(v, finalRounds);
        return v[0].xor(v[1]).xor(v[2]).xor(v[3]).longValue();
    }

    private static void rounds(BigInteger[] v, int count) {
        for (int i = 0; i < count; i++) {
            halfRound(v, 0, 1, 2, 3, 13, 16);
            v[0] = rotated(v[0], 32);
            halfRound(v, 2, 1, 0, 3, 17, 21);
            v[2] = rotated(v[2], 32);
        }
    }

    private static void halfRound(BigInteger[] v, int a, int b, int c, int d, int left, int right) {
        v[a] = v[a].add(v[b]).mod(MODULUS);
        v[b] = rotated(v[b], left).xor(v[a]);
        v[c] = v[c].add(v[d]).mod(MODULUS);
        v[d] = rotated(v[d], right).xor(v[c]);
    }

    private static BigInteger rotated(BigInteger number, int bits) {
        return number.shiftLeft(bits).or(number.shiftRight(64 - bits)).mod(MODULUS);
    }

    private static BigInteger number(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }
}
