package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses of text, without ever asking a name server. */
final class Addresses {
    private static final int IPV4_LENGTH = 4;
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]{0,45}");

    private Addresses() {}

    /** {@return the address that a literal names; empty = it is none} */
    static Optional<InetAddress> parse(String text) {
        try {
            if (text.indexOf(':') < 0) {
                return parseIpv4(text);
            }
            return IPV6.matcher(text).matches() ? Optional.of(InetAddress.getByName(text)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Four numbers up to 255 without a zero before others. Java would read more, and ask for a host of the name 300.1.1.1. */
    private static Optional<InetAddress> parseIpv4(String text) throws UnknownHostException {
        byte[] address = new byte[IPV4_LENGTH];
        int next = 0;
        for (int i = 0; i < IPV4_LENGTH; i++) {
            if (i > 0 && (next == text.length() || text.charAt(next++) != '.')) {
                return Optional.empty();
            }
            int first = next;
            int number = 0;
            while (next < text.length() && next < first + 3 && text.charAt(next) >= '0' && text.charAt(next) <= '9') {
                number = 10 * number + text.charAt(next++) - '0';
            }
            if (next == first || number > 255 || (text.charAt(first) == '0' && next > first + 1)) {
                return Optional.empty();
            }
            address[i] = (byte) number;
        }
        return next == text.length() ? Optional.of(InetAddress.getByAddress(address)) : Optional.empty();
    }

    static boolean sameFamily(InetAddress a, InetAddress b) {
        return AddressFamily.of(a) == AddressFamily.of(b);
    }
}
