package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adverts as bytes, without the IP header.
 *
 * <pre>
 *  0       4       8              16              24            32
 *  +-------+-------+---------------+---------------+-------------+
 *  |version| type 1|      id       |   priority    | addresses   |
 *  +-------+-------+---------------+---------------+-------------+
 *  | v2: authentication, interval in s             |  checksum   |
 *  | v3: 4 bits of nothing, interval in 1/100 s    |             |
 *  +-----------------------------------------------+-------------+
 *  | the addresses, 4 or 16 bytes each; v2: 8 bytes of password  |
 * </pre>
 *
 * <p>Version 2: RFC 3768 section 5, with the password of RFC 2338 that keepalived still speaks; it is there, as zeros, without authentication
 * too. Version 3: RFC 9568 section 5. All numbers are in network order. Thread-safe: there is no state.
 */
final class AdvertisementCodec {
    /** The protocol's number in an IP header. */
    static final int PROTOCOL = 112;

    private static final int HEADER = 8;
    private static final int PASSWORD = 8;
    private static final int ID = 1;
    private static final int COUNT = 3;
    private static final int INTERVAL = 4;
    private static final int CHECKSUM = 6;
    private static final int TYPE = 1;
    private static final int BYTE = 0xff;
    private static final int NIBBLE = 0xf;
    private static final int HUNDREDTHS = 0xfff;
    private static final Duration HUNDREDTH = Duration.ofMillis(10);

    private AdvertisementCodec() {}

    /**
     * {@return an advert's bytes}
     *
     * @param advert it
     * @param checksum the habit of who is to read it; of version 3 over IPv4 only
     * @param source where it comes from
     * @param destination where it goes to
     */
    static byte[] encode(Advertisement advert, Checksum checksum, InetAddress source, InetAddress destination) {
        boolean v2 = advert.version() == VrrpVersion.V2;
        int count = advert.addresses().size();
        ByteBuffer out = ByteBuffer.allocate(length(advert.version().number(), count, advert.family()));
        out.put((byte) (advert.version().number() << 4 | TYPE));
        out.put((byte) advert.virtualRouterId()).put((byte) advert.priority()).put((byte) count);
        if (v2) {
            out.put((byte) advert.authenticationType())
                    .put((byte) advert.interval().toSeconds());
        } else {
            out.putShort((short) advert.interval().dividedBy(HUNDREDTH));
        }
        out.putShort((short) 0);
        advert.addresses().forEach(each -> out.put(each.getAddress()));
        if (v2) {
            out.putLong(advert.authenticationData());
        }
        Checksum covers = habit(advert.version(), advert.family(), checksum);
        out.putShort(CHECKSUM, (short) covers.of(out.array(), source, destination));
        return out.array();
    }

    /** {@return what the checksum covers, where there may be a choice} */
    static Checksum habit(VrrpVersion version, AddressFamily family, Checksum chosen) {
        if (version == VrrpVersion.V2) {
            return Checksum.PLAIN;
        }
        return family == AddressFamily.INET6 ? Checksum.PSEUDO_HEADER : chosen;
    }

    /** {@return the id, which is told before anything else is looked at; -1 = there is none} */
    static int virtualRouterId(byte[] message) {
        return message.length < HEADER ? -1 : message[ID] & BYTE;
    }

    /**
     * {@return why some bytes are no advert; null = they are one, but for a checksum} Any bytes may be given.
     *
     * @param message they
     * @param version the router's
     * @param family of the addresses that they came from
     */
    static @Nullable Rejection malformed(byte[] message, VrrpVersion version, AddressFamily family) {
        if (message.length < HEADER) {
            return Rejection.LENGTH;
        }
        if ((message[0] >>> 4 & NIBBLE) != version.number()) {
            return Rejection.VERSION;
        }
        if ((message[0] & NIBBLE) != TYPE) {
            return Rejection.TYPE;
        }
        int count = message[COUNT] & BYTE;
        if (message.length != length(version.number(), count, family)) {
            return Rejection.LENGTH;
        }
        return count == 0 ? Rejection.ADDRESSES : null;
    }

    private static int length(int version, int count, AddressFamily family) {
        int address = family == AddressFamily.INET ? 4 : 16;
        return HEADER + count * address + (version == VrrpVersion.V2.number() ? PASSWORD : 0);
    }

    /**
     * {@return whether an advert names an interval} One of version 3 that does not would have its master declared dead at once.
     *
     * @param message what is not {@link #malformed}
     * @param version its version
     */
    static boolean hasInterval(byte[] message, VrrpVersion version) {
        int both = ByteBuffer.wrap(message).getShort(INTERVAL);
        return (both & (version == VrrpVersion.V2 ? BYTE : HUNDREDTHS)) != 0;
    }

    /**
     * {@return the advert}
     *
     * @param message what is not {@link #malformed}, has an interval and an id other than 0
     * @param version its version
     * @param family of the addresses that it came from
     */
    static Advertisement decode(byte[] message, VrrpVersion version, AddressFamily family) {
        ByteBuffer in = ByteBuffer.wrap(message);
        in.get();
        int id = in.get() & BYTE;
        int priority = in.get() & BYTE;
        int count = in.get() & BYTE;
        int both = Short.toUnsignedInt(in.getShort());
        in.getShort();
        List<InetAddress> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] address = new byte[family == AddressFamily.INET ? 4 : 16];
            in.get(address);
            addresses.add(address(address));
        }
        return version == VrrpVersion.V2
                ? new Advertisement(
                        version, id, priority, Duration.ofSeconds(both & BYTE), addresses, both >>> 8, in.getLong())
                : new Advertisement(version, id, priority, HUNDREDTH.multipliedBy(both & HUNDREDTHS), addresses, 0, 0);
    }

    /** IPv4-mapped ones of an IPv6 advert stay what they are: hence not {@link InetAddress#getByAddress(byte[])} for these. */
    private static InetAddress address(byte[] bytes) {
        try {
            return bytes.length == 4 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes", e);
        }
    }
}
