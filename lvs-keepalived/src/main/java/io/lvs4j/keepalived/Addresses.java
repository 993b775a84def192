package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses of text, without ever asking a name server. */
final class Addresses {
    /** A number that is too great must not get further: Java takes 300.1.1.1 as the name of a host, and asks for it. */
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]{0,45}");

    private Addresses() {}

    /** {@return the address that a literal names; empty = it is none} */
    static Optional<InetAddress> parse(String text) {
        try {
            boolean colons = text.indexOf(':') >= 0;
            if (!(colons ? IPV6 : IPV4).matcher(text).matches()) {
                return Optional.empty();
            }
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    static boolean sameFamily(InetAddress a, InetAddress b) {
        return AddressFamily.of(a) == AddressFamily.of(b);
    }
}
