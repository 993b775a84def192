package io.lvs4j.vrrp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/**
 * Packets that keepalived 2.2.7 sent, captured on an interface of a network namespace: from 192.0.2.1 and, for IPv6, from the address named
 * beside them.
 */
final class Packets {
    /** An IPv4 header and its advert: id 51, priority 150, 1 s, 192.0.2.100, password secret12, to the group. */
    static final String V2_PASSWORD =
            "45c0002800010000ff701891c0000201e0000012" + "21339601010117e7c00002647365637265743132";
    /** Its farewell. */
    static final String V2_FAREWELL =
            "45c0002800080000ff70188ac0000201e0000012" + "213300010101ade7c00002647365637265743132";
    /** Id 52, priority 100, 2 s, three addresses from 192.0.2.101 on, no password. */
    static final String V2_PLAIN =
            "45c0003000010000ff701889c0000201e0000012" + "2134640300023392c0000265c0000266c00002670000000000000000";
    /** Id 53, priority 100, 1 s, 192.0.2.104, password abc. */
    static final String V2_SHORT_PASSWORD =
            "45c0002800010000ff701891c0000201e0000012" + "213564010101f2fcc00002686162630000000000";
    /** Id 54, priority 200, 0.25 s, 192.0.2.105 and .106, to the group. */
    static final String V3 = "45c0002400010000ff701895c0000201e0000012" + "3136c8020019df44c0000269c000026a";
    /** Id 55, priority 99, 1 s, 192.0.2.107, to 192.0.2.2. */
    static final String V3_UNICAST = "45c0002000010000ff7036a9c0000201c0000202" + "3137630100642477c000026b";
    /** The same to 192.0.2.3. */
    static final String V3_UNICAST_OTHER = "45c0002000010000ff7036a8c0000201c0000203" + "3137630100642476c000026b";
    /** Id 56, priority 98, 1 s, 192.0.2.108, to 192.0.2.2, with the checksum of old times. */
    static final String V3_OLD = "45c0002000010000ff7036a9c0000201c0000202" + "3138620100640765c000026c";
    /** Id 59, the farewell of an owner, 40.95 s, 192.0.2.110. */
    static final String V3_SLOW = "45c0002000020000ff701898c0000201e0000012" + "313b00010fff59c5c000026e";

    /** The advert alone, as IPv6 comes without its header: id 57, priority 120, 1 s, fe80::5 and 2001:db8::5, to ff02::12. */
    static final String V3_IPV6 =
            "3139780200642c8b" + "fe800000000000000000000000000005" + "20010db8000000000000000000000005";

    static final String V3_IPV6_SOURCE = "fe80::804b:ffff:fed8:803e";
    /** Id 58, priority 121, 1 s, 2001:db8::6, from 2001:db8::1 to 2001:db8::2. */
    static final String V3_IPV6_UNICAST = "313a79010064cba3" + "20010db8000000000000000000000006";

    private Packets() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
