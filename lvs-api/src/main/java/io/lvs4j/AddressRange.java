package io.lvs4j;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * Some addresses in a row, of one family.
 *
 * @param first the first
 * @param last the last, the same or at most 255 after the first
 */
public record AddressRange(InetAddress first, InetAddress last) {
    private static final int MAX_SIZE = 256;

    /** Refuses two families, a last address before the first, and more than 256 addresses. */
    public AddressRange {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(last, "last");
        BigInteger distance = number(last).subtract(number(first));
        if (AddressFamily.of(first) != AddressFamily.of(last) || distance.signum() < 0 || distance.bitLength() > 8) {
            throw new IllegalArgumentException("address range: " + IpText.format(first) + "-" + IpText.format(last)
                    + " (expected: first and last of one family, 1.." + MAX_SIZE + " addresses)");
        }
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    /**
     * {@return a range of one address}
     *
     * @param address the address
     */
    public static AddressRange of(InetAddress address) {
        return new AddressRange(address, address);
    }

    /**
     * {@return the range that a text names}
     *
     * @param text such as {@code 10.0.0.1} or {@code fd00::1-fd00::7}
     * @throws IllegalArgumentException if the text is malformed
     */
    public static AddressRange parse(String text) {
        int dash = text.indexOf('-');
        InetAddress first = IpText.parse("address range", dash < 0 ? text : text.substring(0, dash));
        return dash < 0 ? of(first) : new AddressRange(first, IpText.parse("address range", text.substring(dash + 1)));
    }

    /** {@return how many addresses there are, 1..256} */
    public int size() {
        return number(last).subtract(number(first)).intValueExact() + 1;
    }

    /**
     * {@return one of the addresses}
     *
     * @param index 0..size - 1
     */
    public InetAddress address(int index) {
        Objects.checkIndex(index, size());
        byte[] bytes = first.getAddress();
        int carry = index;
        for (int i = bytes.length - 1; carry > 0; i--) {
            carry += bytes[i] & 0xff;
            bytes[i] = (byte) carry;
            carry >>= Byte.SIZE;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of another length than 4 or 16", e);
        }
    }

    /** {@return such as {@code 10.0.0.1}, or {@code 10.0.0.1-10.0.0.7}} */
    @Override
    public String toString() {
        return IpText.format(first) + (first.equals(last) ? "" : "-" + IpText.format(last));
    }
}
