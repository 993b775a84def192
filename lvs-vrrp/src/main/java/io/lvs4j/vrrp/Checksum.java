package io.lvs4j.vrrp;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What the checksum of an advert covers. Version 2 has one habit, and so has IPv6; of version 3 over IPv4 there are three on networks, because
 * RFC 5798 could be read in two ways.
 */
enum Checksum {
    /** Message and addresses: IPv6, and version 3 of keepalived and of frr's default. */
    PSEUDO_HEADER,
    /** The message alone: version 2, and version 3 over IPv4 of RFC 9568, Cisco and Juniper. */
    PLAIN,
    /** As the first, but with 224.0.0.18 in place of a unicast destination: keepalived before 1.3.6. */
    GROUP_PSEUDO_HEADER;

    private static final byte[] GROUP = {(byte) 224, 0, 0, 18};
    private static final int WORD = 0xffff;

    /**
     * {@return what makes a message's sum right, if it stands where zeros stand now; 0 = it is right already}
     *
     * @param message an even number of bytes
     * @param source where it comes from
     * @param destination where it goes to, of the same family
     */
    int of(byte[] message, InetAddress source, InetAddress destination) {
        long sum = sum(message);
        if (this != PLAIN) {
            byte[] to = destination.getAddress();
            sum += sum(source.getAddress())
                    + sum(this == GROUP_PSEUDO_HEADER && to.length == GROUP.length ? GROUP : to)
                    + message.length
                    + AdvertisementCodec.PROTOCOL;
        }
        while (sum > WORD) {
            sum = (sum & WORD) + (sum >>> Short.SIZE);
        }
        return (int) ~sum & WORD;
    }

    private static long sum(byte[] bytes) {
        ByteBuffer words = ByteBuffer.wrap(bytes);
        long sum = 0;
        while (words.remaining() >= Short.BYTES) {
            sum += Short.toUnsignedInt(words.getShort());
        }
        return sum;
    }
}
