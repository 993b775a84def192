package io.lvs4j;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * A network in CIDR notation, such as {@code 10.0.0.0/8}. IPv4 and IPv6 are told apart, and an IPv4-mapped IPv6 address is the
 * IPv4 address that it stands for.
 *
 * @param address the network's first address: all bits after the prefix are 0
 * @param length how many leading bits count, 0..32 for IPv4, 0..128 for IPv6
 */
public record AddressPrefix(InetAddress address, int length) {

    /** Checks the length, and refuses an address with bits set after the prefix: it would not say what is meant. */
    public AddressPrefix {
        address = plain(Objects.requireNonNull(address, "address"));
        byte[] bytes = address.getAddress();
        int bits = bytes.length * Byte.SIZE;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException(
                    "prefix length: " + length + " (expected: 0.." + bits + " for " + IpText.format(address) + ")");
        }
        for (int bit = length; bit < bits; bit++) {
            if (isSet(bytes, bit)) {
                throw new IllegalArgumentException("prefix: " + IpText.format(address) + "/" + length
                        + " (expected: no bits after the first " + length + ", or the whole address, /" + bits + ")");
            }
        }
    }

    /**
     * {@return the network that a text names}
     *
     * @param text such as {@code 10.0.0.0/8} or {@code fd00::/8}; without a length it is that one address
     * @throws IllegalArgumentException if the text is malformed
     */
    public static AddressPrefix parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = IpText.parse("prefix", slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new AddressPrefix(address, address.getAddress().length * Byte.SIZE);
        }
        String length = text.substring(slash + 1);
        boolean digits =
                !length.isEmpty() && length.length() <= 3 && length.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw new IllegalArgumentException("prefix: " + text + " (expected: address/length, such as 10.0.0.0/8)");
        }
        return new AddressPrefix(address, Integer.parseInt(length));
    }

    /**
     * {@return whether an address is in this network}
     *
     * @param other an IPv4 or IPv6 address
     */
    public boolean contains(InetAddress other) {
        byte[] theirs = plain(other).getAddress();
        byte[] ours = address.getAddress();
        if (theirs.length != ours.length) {
            return false;
        }
        int whole = length / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (theirs[i] != ours[i]) {
                return false;
            }
        }
        int rest = length % Byte.SIZE;
        return rest == 0 || ((theirs[whole] ^ ours[whole]) & 0xff) >>> (Byte.SIZE - rest) == 0;
    }

    private static boolean isSet(byte[] bytes, int bit) {
        return (bytes[bit / Byte.SIZE] & (0x80 >>> (bit % Byte.SIZE))) != 0;
    }

    /** Returns the address without host name and zone, an IPv4-mapped one as IPv4. */
    private static InetAddress plain(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of another length than 4 or 16", e);
        }
    }

    @Override
    public String toString() {
        String text = IpText.format(address);
        return length == address.getAddress().length * Byte.SIZE ? text : text + "/" + length;
    }
}
