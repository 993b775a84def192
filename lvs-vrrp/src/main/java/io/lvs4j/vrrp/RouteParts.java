package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;

/** What routes and rules demand of their parts. */
final class RouteParts {
    private static final long MOST = 0xffff_ffffL;

    private RouteParts() {}

    static void requireUnsigned(String what, long number) {
        if (number < 0 || number > MOST) {
            throw new IllegalArgumentException(what + ": " + number + " (expected: 0.." + MOST + ")");
        }
    }

    static void requireFamily(String what, InetAddress address, AddressFamily family) {
        if (AddressFamily.of(address) != family) {
            throw new IllegalArgumentException(
                    what + ": " + address.getHostAddress() + " (expected: an address of family " + family + ")");
        }
    }
}
