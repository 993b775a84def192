package io.lvs4j.netlink.frame;

import java.util.HexFormat;
import java.util.Locale;

/**
 * The address of an Ethernet interface.
 *
 * @param bits its 48 bits, the first byte highest
 */
public record MacAddress(long bits) {
    /** How many bytes it has. */
    public static final int BYTES = 6;

    /** All interfaces of a network. */
    public static final MacAddress BROADCAST = new MacAddress((1L << 48) - 1);

    private static final HexFormat TEXT = HexFormat.ofDelimiter(":");

    /** Checks the range. */
    public MacAddress {
        if (bits >>> (BYTES * Byte.SIZE) != 0) {
            throw new IllegalArgumentException(
                    "MAC address: 0x" + Long.toHexString(bits) + " (expected: 48 bits at most)");
        }
    }

    /**
     * {@return the address that some bytes are}
     *
     * @param bytes six bytes
     */
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("MAC address: " + bytes.length + " bytes (expected: 6)");
        }
        long bits = 0;
        for (byte each : bytes) {
            bits = bits << Byte.SIZE | Byte.toUnsignedInt(each);
        }
        return new MacAddress(bits);
    }

    /**
     * {@return the address that a text names}
     *
     * @param text such as {@code 00:00:5e:00:01:05}
     */
    public static MacAddress parse(String text) {
        if (!text.matches("(?i)[0-9a-f]{2}(:[0-9a-f]{2}){5}")) {
            throw new IllegalArgumentException("MAC address: " + text + " (expected: such as 00:00:5e:00:01:05)");
        }
        return of(TEXT.parseHex(text.toLowerCase(Locale.ROOT)));
    }

    /** {@return its six bytes} */
    public byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (bits >>> ((BYTES - 1 - i) * Byte.SIZE));
        }
        return bytes;
    }

    /** {@return such as {@code 00:00:5e:00:01:05}} */
    @Override
    public String toString() {
        return TEXT.formatHex(bytes());
    }
}
