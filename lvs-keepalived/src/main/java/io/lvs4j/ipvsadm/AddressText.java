package io.lvs4j.ipvsadm;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses from and to text as ipvsadm has them, without ever asking a name server. */
final class AddressText {
    private static final int MAX_IPV6 = 45;
    private static final int GROUPS = 8;
    private static final Pattern IPV6_SHAPE = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]*");

    private AddressText() {}

    /** Returns the address that a literal such as {@code 10.0.0.1} or {@code fd00::1}, without brackets, stands for. */
    static Optional<InetAddress> parse(String text) {
        return text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text);
    }

    /** Four decimal numbers: ipvsadm also takes {@code 10.1}, and {@code 010} for 8, which hardly anybody means. */
    static Optional<InetAddress> parseIpv4(String text) {
        String[] parts = text.split("\\.", 5);
        if (parts.length != 4) {
            return Optional.empty();
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < bytes.length; i++) {
            String part = parts[i];
            int number = 0;
            for (int j = 0; j < part.length() && number <= 255; j++) {
                int digit = part.charAt(j) - '0';
                number = digit < 0 || digit > 9 ? 256 : 10 * number + digit;
            }
            if (part.isEmpty() || (part.length() > 1 && part.charAt(0) == '0') || number > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) number;
        }
        return Optional.of(ofBytes(bytes));
    }

    static Optional<InetAddress> parseIpv6(String text) {
        if (text.length() > MAX_IPV6
                || text.indexOf(':') == text.lastIndexOf(':') // there are at least two; one is before a port
                || !IPV6_SHAPE.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName(text); // with a colon and this shape never a name
            return address instanceof Inet4Address ? Optional.empty() : Optional.of(address);
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    static InetAddress ofBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of another length than 4 or 16", e);
        }
    }

    /** Refuses what is no port; 0 is one. */
    static void requirePort(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
    }

    /** Returns {@code address:port}, an IPv6 address in brackets. */
    static String format(InetAddress address, int port) {
        return address instanceof Inet4Address ? format(address) + ":" + port : "[" + format(address) + "]:" + port;
    }

    /**
     * Returns the address as the C library's inet_ntop writes it, which is as RFC 5952 asks, but for addresses that begin with 96
     * zeros: their end is written as an IPv4 address.
     */
    static String format(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        int start = -1;
        int length = 1; // a single zero group is not compressed
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
            i = Math.max(i, end - 1);
        }
        if (start == 0 && length == 6) {
            return "::" + (groups[6] >> 8) + "." + (groups[6] & 0xff) + "." + (groups[7] >> 8) + "."
                    + (groups[7] & 0xff);
        }
        return join(groups, start, length);
    }

    private static String join(int[] groups, int start, int length) {
        StringBuilder text = new StringBuilder(MAX_IPV6);
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
