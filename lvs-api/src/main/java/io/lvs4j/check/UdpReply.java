package io.lvs4j.check;

import java.util.HexFormat;

/**
 * The reply that a {@link UdpCheck} requires: it begins with these bytes, as far as the mask's bits say; a reply of any bytes
 * is one without a pattern.
 *
 * @param pattern the bytes, in hexadecimal digits of lower case; at most 1024 bytes
 * @param mask the bits that count, as many as the pattern's, in the same form
 * @param whole whether the reply ends where the pattern does
 */
public record UdpReply(String pattern, String mask, boolean whole) {
    private static final int MAX_BYTES = 1024;

    /** Checks form and length. */
    public UdpReply {
        pattern = canonical("reply", pattern);
        mask = canonical("mask", mask);
        if (mask.length() != pattern.length()) {
            throw new IllegalArgumentException("mask: " + mask.length() / 2 + " bytes (expected: "
                    + pattern.length() / 2 + ", as many as the reply's)");
        }
        if (whole && pattern.isEmpty()) {
            throw new IllegalArgumentException("reply: empty (expected: 1..1024 bytes)");
        }
    }

    /** Returns hexadecimal digits in the one form that makes equal bytes equal. */
    static String canonical(String field, String hex) {
        if (hex.length() % 2 != 0
                || hex.length() > 2 * MAX_BYTES
                || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException(
                    field + ": " + hex + " (expected: at most 1024 bytes as pairs of hexadecimal digits)");
        }
        return HexFormat.of().formatHex(HexFormat.of().parseHex(hex));
    }

    /** {@return any reply at all} */
    public static UdpReply any() {
        return new UdpReply("", "", false);
    }

    /**
     * {@return a reply of exactly these bytes}
     *
     * @param bytes 1..1024 bytes
     */
    public static UdpReply exactly(byte[] bytes) {
        return new UdpReply(HexFormat.of().formatHex(bytes), "ff".repeat(bytes.length), true);
    }

    /**
     * {@return a reply that begins with these bytes}
     *
     * @param bytes 0..1024 bytes
     */
    public static UdpReply startingWith(byte[] bytes) {
        return new UdpReply(HexFormat.of().formatHex(bytes), "ff".repeat(bytes.length), false);
    }

    /**
     * {@return a reply whose beginning has the same bits as these bytes, where the mask has ones}
     *
     * @param bytes 0..1024 bytes
     * @param mask as many bytes
     */
    public static UdpReply matching(byte[] bytes, byte[] mask) {
        return new UdpReply(HexFormat.of().formatHex(bytes), HexFormat.of().formatHex(mask), false);
    }

    /**
     * {@return whether a reply is as required}
     *
     * @param reply what came
     */
    public boolean accepts(byte[] reply) {
        byte[] wanted = HexFormat.of().parseHex(pattern);
        byte[] bits = HexFormat.of().parseHex(mask);
        if (reply.length < wanted.length || (whole && reply.length > wanted.length)) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (((reply[i] ^ wanted[i]) & bits[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        if (pattern.isEmpty()) {
            return "any";
        }
        boolean allBits = mask.chars().allMatch(digit -> digit == 'f');
        return pattern + (allBits ? "" : "/" + mask) + (whole ? "" : "...");
    }
}
