package io.lvs4j;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * IP addresses from and to text, without ever asking a name server.
 *
 * <p>Text is written as RFC 5952 asks (lower case, longest run of zeros compressed). Zone identifiers
 * ({@code fe80::1%eth0}) are refused: two addresses that differ only in their zone would compare equal.
 */
final class IpText {
    private static final Pattern IPV6_SHAPE = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]*");

    private IpText() {}

    /** Parses an IPv4 or IPv6 literal; {@code name} is the setting that an error message speaks of. */
    static InetAddress parse(String name, String text) {
        try {
            if (text.indexOf(':') >= 0) {
                if (IPV6_SHAPE.matcher(text).matches()) {
                    return InetAddress.getByName(text);
                }
            } else {
                byte[] bytes = parseIpv4(text);
                if (bytes != null) {
                    return InetAddress.getByAddress(bytes);
                }
            }
        } catch (UnknownHostException e) {
            throw notALiteral(name, text, e);
        }
        throw notALiteral(name, text, null);
    }

    private static IllegalArgumentException notALiteral(
            String name, String text, @org.jspecify.annotations.Nullable Throwable cause) {
        return new IllegalArgumentException(
                name + ": " + text + " (expected: an IPv4 or IPv6 address, not a host name)", cause);
    }

    private static byte @org.jspecify.annotations.Nullable [] parseIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            String part = parts[i];
            boolean digits =
                    !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || (part.length() > 1 && part.charAt(0) == '0') || Integer.parseInt(part) > 255) {
                return null;
            }
            bytes[i] = (byte) Integer.parseInt(part);
        }
        return bytes;
    }

    /** Returns the address as text, an IPv6 address without brackets. */
    static String format(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        int bestStart = -1;
        int bestLength = 1; // a single zero group is not compressed
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > bestLength) {
                bestStart = i;
                bestLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
            } else {
                if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** Returns {@code address:port}, an IPv6 address in brackets. */
    static String format(InetAddress address, int port) {
        String text = format(address);
        return address instanceof Inet4Address ? text + ":" + port : "[" + text + "]:" + port;
    }

    /** Splits {@code address:port} or {@code [address]:port} into the address text and the port text. */
    static String[] split(String name, String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        int addressEnd = bracketed ? text.indexOf(']') : colon;
        if (colon < 0 || addressEnd < 0 || (bracketed ? addressEnd != colon - 1 : text.indexOf(':') != colon)) {
            throw new IllegalArgumentException(name + ": " + text + " (expected: address:port or [IPv6 address]:port)");
        }
        return new String[] {text.substring(bracketed ? 1 : 0, addressEnd), text.substring(colon + 1)};
    }

    /** Parses a port; {@code name} is the setting that an error message speaks of. */
    static int parsePort(String name, String text) {
        int port = -1;
        if (!text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            port = Integer.parseInt(text);
        }
        if (port < 0) {
            throw new IllegalArgumentException(name + ": " + text + " (expected: 1..65535)");
        }
        return checkPort(name, port);
    }

    static int checkPort(String name, int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(name + ": " + port + " (expected: 1..65535)");
        }
        return port;
    }
}
