package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What a master says of itself, as it is sent. {@link AdvertisementCodec} has the bytes.
 *
 * @param version of the protocol
 * @param virtualRouterId 1..255
 * @param priority 0..255; 0 = it stops being master
 * @param interval version 2: whole seconds, 1..255; version 3: hundredths of seconds, 0.01..40.95 s
 * @param addresses 1..255, of one family
 * @param authenticationType 0 = none, 1 = a password, 2 = the IPsec header; 0 in version 3
 * @param authenticationData the eight bytes that version 2 ends with, first byte highest; 0 in version 3
 */
record Advertisement(
        VrrpVersion version,
        int virtualRouterId,
        int priority,
        Duration interval,
        List<InetAddress> addresses,
        int authenticationType,
        long authenticationData) {
    /** The priority of a master that stops. */
    static final int FAREWELL = 0;

    static final int NO_AUTHENTICATION = 0;
    static final int PASSWORD = 1;
    private static final int MOST = 255;

    /** Checks what the codec could not write. */
    Advertisement {
        VirtualRouter.requireId(virtualRouterId);
        if (priority < FAREWELL || priority > MOST) {
            throw new IllegalArgumentException("priority: " + priority + " (expected: 0.." + MOST + ")");
        }
        VirtualRouter.requireInterval(version, interval);
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty() || addresses.size() > MOST) {
            throw new IllegalArgumentException("addresses: " + addresses.size() + " (expected: 1.." + MOST + ")");
        }
        AddressFamily family = AddressFamily.of(addresses.get(0));
        for (InetAddress each : addresses) {
            if (AddressFamily.of(each) != family) {
                throw new IllegalArgumentException(
                        "address: " + each.getHostAddress() + " (expected: of family " + family + ", as the first)");
            }
        }
        if (version == VrrpVersion.V2 && family == AddressFamily.INET6) {
            throw new IllegalArgumentException("version: 2 (expected: 3 for IPv6)");
        }
        if (authenticationType < 0 || authenticationType > MOST) {
            throw new IllegalArgumentException(
                    "authenticationType: " + authenticationType + " (expected: 0.." + MOST + ")");
        }
        if (version == VrrpVersion.V3 && (authenticationType != NO_AUTHENTICATION || authenticationData != 0)) {
            throw new IllegalArgumentException(
                    "authenticationType: " + authenticationType + " (expected: none with version 3)");
        }
    }

    /**
     * {@return what a router sends}
     *
     * @param router it
     * @param priority what it has at the moment, or {@link #FAREWELL}
     * @throws IllegalArgumentException if it authenticates itself with the IPsec header, which nobody here speaks
     */
    static Advertisement of(VirtualRouter router, int priority) {
        router.authentication().ifPresent(Advertisement::requirePassword);
        return new Advertisement(
                router.version(),
                router.virtualRouterId(),
                priority,
                router.advertisementInterval(),
                router.addresses().stream().map(VirtualAddress::address).toList(),
                router.authentication().isPresent() ? PASSWORD : NO_AUTHENTICATION,
                router.authentication().map(Advertisement::data).orElse(0L));
    }

    private static void requirePassword(Authentication authentication) {
        if (authentication.type() != Authentication.Type.PASS) {
            throw new IllegalArgumentException("authentication: " + authentication
                    + " (expected: PASS or none; the IPsec header is read and written in keepalived.conf only)");
        }
    }

    /** The password, and zeros up to eight bytes: as keepalived, RFC 2338 section 5.3.6. */
    private static long data(Authentication authentication) {
        byte[] password = authentication.password().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(Arrays.copyOf(password, Long.BYTES)).getLong();
    }

    AddressFamily family() {
        return AddressFamily.of(addresses.get(0));
    }

    /** {@return all but the password} */
    @Override
    public String toString() {
        return "v" + version.number() + " id " + virtualRouterId + " priority " + priority + " every " + interval + " "
                + addresses.stream().map(InetAddress::getHostAddress).toList();
    }
}
