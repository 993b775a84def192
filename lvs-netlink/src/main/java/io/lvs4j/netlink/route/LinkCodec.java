package io.lvs4j.netlink.route;

import io.lvs4j.netlink.conversation.Call;
import io.lvs4j.netlink.frame.MacAddress;
import io.lvs4j.netlink.wire.Attributes;
import io.lvs4j.netlink.wire.MalformedMessageException;
import io.lvs4j.netlink.wire.MessageWriter;
import io.lvs4j.netlink.wire.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Interfaces as {@code struct ifinfomsg} and its attributes. */
final class LinkCodec {
    static final int NEW = 16;
    static final int DELETE = 17;
    static final int GET = 18;
    static final int SET = 19;

    private static final int HEADER_BYTES = 16;
    private static final int ADDRESS = 1;
    private static final int NAME = 3;
    private static final int MTU = 4;
    private static final int LINK = 5;
    private static final int LINK_INFO = 18;
    private static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int MACVLAN_MODE = 1;
    private static final int FAMILIES = 26; // IFLA_AF_SPEC
    private static final int INET_CONF = 1;
    private static final int INET6_CONF = 2;
    private static final int INET6_FORWARDING = 0;
    private static final int INET6_ADDRESS_GENERATION = 8;
    private static final int NO_ADDRESS_GENERATION = 1;

    private static final String MACVLAN = "macvlan";

    private LinkCodec() {}

    private static void header(MessageWriter writer, int index, int flags, int change) {
        writer.raw8(RouteBytes.AF_UNSPEC)
                .raw8(0)
                .raw16(0)
                .raw32(index)
                .raw32(flags)
                .raw32(change);
    }

    // ---------------------------------------------------------------- asking

    static Call list() {
        return new Call(GET, 0, writer -> header(writer, 0, 0, 0));
    }

    static Call get(String name) {
        return new Call(GET, 0, writer -> {
            header(writer, 0, 0, 0);
            writer.text(NAME, name);
        });
    }

    static Call get(int index) {
        return new Call(GET, 0, writer -> header(writer, index, 0, 0));
    }

    /** Reads an interface; empty if it is one as a bridge sees it. */
    static Optional<Link> read(ByteBuffer payload) {
        ByteBuffer in = RouteBytes.header("interface", payload, HEADER_BYTES);
        if (in.get(0) != RouteBytes.AF_UNSPEC) {
            return Optional.empty();
        }
        Attributes attributes = RouteBytes.attributes(in, HEADER_BYTES);
        Optional<Attributes> info =
                attributes.has(LINK_INFO) ? Optional.of(attributes.nested(LINK_INFO)) : Optional.empty();
        Optional<String> kind = info.filter(it -> it.has(INFO_KIND)).map(it -> it.text(INFO_KIND));
        Optional<Integer> mode = info.filter(it -> kind.equals(Optional.of(MACVLAN)) && it.has(INFO_DATA))
                .map(it -> it.nested(INFO_DATA))
                .filter(data -> data.has(MACVLAN_MODE))
                .map(data -> data.s32(MACVLAN_MODE));
        return Optional.of(new Link(
                in.getInt(4),
                attributes.text(NAME),
                in.getInt(8),
                mac(attributes),
                attributes.has(MTU) ? attributes.u32(MTU) : 0,
                kind,
                attributes.has(LINK) ? OptionalInt.of(attributes.s32(LINK)) : OptionalInt.empty(),
                mode.map(OptionalInt::of).orElse(OptionalInt.empty())));
    }

    private static Optional<MacAddress> mac(Attributes attributes) {
        if (!attributes.has(ADDRESS)) {
            return Optional.empty();
        }
        byte[] bytes = attributes.bytes(ADDRESS);
        return bytes.length == MacAddress.BYTES ? Optional.of(MacAddress.of(bytes)) : Optional.empty();
    }

    /** Reads a setting of IPv4 out of an answer about an interface. */
    static int setting(ByteBuffer payload, Ipv4Setting setting) {
        return number(payload, RouteBytes.AF_INET, INET_CONF, setting.number() - 1);
    }

    /** Reads whether IPv6 packets are forwarded out of an answer about an interface. */
    static boolean forwardsIpv6(ByteBuffer payload) {
        return number(payload, RouteBytes.AF_INET6, INET6_CONF, INET6_FORWARDING) != 0;
    }

    private static int number(ByteBuffer payload, int family, int type, int position) {
        ByteBuffer in = RouteBytes.header("interface", payload, HEADER_BYTES);
        byte[] numbers = RouteBytes.attributes(in, HEADER_BYTES)
                .nested(FAMILIES)
                .nested(family)
                .bytes(type);
        int at = position * Integer.BYTES;
        if (at + Integer.BYTES > numbers.length) {
            throw new MalformedMessageException("setting " + position + ": the kernel does not tell it");
        }
        return ByteBuffer.wrap(numbers).order(ByteOrder.nativeOrder()).getInt(at);
    }

    // ---------------------------------------------------------------- changing

    static Call addMacvlan(String name, int parent, MacAddress mac) {
        return new Call(NEW, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, writer -> {
            header(writer, 0, 0, 0);
            writer.u32(LINK, parent).text(NAME, name).bytes(ADDRESS, mac.bytes());
            int info = writer.beginNested(LINK_INFO);
            writer.text(INFO_KIND, MACVLAN);
            int data = writer.beginNested(INFO_DATA);
            writer.u32(MACVLAN_MODE, Link.MACVLAN_PRIVATE);
            writer.endNested(data).endNested(info);
        });
    }

    static Call remove(int index) {
        return new Call(DELETE, 0, writer -> header(writer, index, 0, 0));
    }

    static Call up(int index, boolean up) {
        return new Call(SET, 0, writer -> header(writer, index, up ? Link.UP : 0, Link.UP));
    }

    static Call settings(int index, Map<Ipv4Setting, Integer> settings) {
        return new Call(SET, 0, writer -> {
            header(writer, index, 0, 0);
            int families = writer.beginNested(FAMILIES);
            int inet = writer.beginNested(RouteBytes.AF_INET);
            int conf = writer.beginNested(INET_CONF);
            settings.forEach((setting, value) -> writer.u32(setting.number(), value));
            writer.endNested(conf).endNested(inet).endNested(families);
        });
    }

    /** Keeps the kernel from giving the interface a link-local IPv6 address when it comes up. */
    static Call noLinkLocalAddress(int index) {
        return new Call(SET, 0, writer -> {
            header(writer, index, 0, 0);
            int families = writer.beginNested(FAMILIES);
            int inet6 = writer.beginNested(RouteBytes.AF_INET6);
            writer.u8(INET6_ADDRESS_GENERATION, NO_ADDRESS_GENERATION);
            writer.endNested(inet6).endNested(families);
        });
    }
}
