package io.lvs4j.netlink.route;

import io.lvs4j.netlink.conversation.Call;
import io.lvs4j.netlink.wire.Attributes;
import io.lvs4j.netlink.wire.MessageWriter;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Addresses as {@code struct ifaddrmsg} and its attributes. */
final class AddressCodec {
    static final int NEW = 20;
    static final int DELETE = 21;
    static final int GET = 22;

    private static final int HEADER_BYTES = 8;
    private static final int ADDRESS = 1;
    private static final int LOCAL = 2;
    private static final int LABEL = 3;
    private static final int BROADCAST = 4;
    private static final int CACHE_INFO = 6;
    private static final int FLAGS = 8;
    private static final int PROTOCOL = 11;
    private static final int CACHE_INFO_BYTES = 16;

    private AddressCodec() {}

    static Call list() {
        return new Call(GET, 0, writer -> header(writer, RouteBytes.AF_UNSPEC, 0, 0, 0, 0));
    }

    static Call add(InterfaceAddress address, int flags) {
        return new Call(NEW, flags, writer -> {
            identity(writer, address);
            address.label().ifPresent(label -> writer.text(LABEL, label));
            address.broadcast().ifPresent(broadcast -> writer.bytes(BROADCAST, broadcast.getAddress()));
            writer.u32(FLAGS, address.flags());
            if (address.protocol() != 0) {
                writer.u8(PROTOCOL, address.protocol());
            }
            byte[] lifetimes = ByteBuffer.allocate(CACHE_INFO_BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putInt((int) address.preferredSeconds())
                    .putInt((int) address.validSeconds())
                    .array();
            writer.bytes(CACHE_INFO, lifetimes);
        });
    }

    static Call remove(InterfaceAddress address) {
        return new Call(DELETE, 0, writer -> identity(writer, address));
    }

    private static void identity(MessageWriter writer, InterfaceAddress address) {
        int family = RouteBytes.number(address.family());
        header(writer, family, address.prefixLength(), 0, address.scope(), address.interfaceIndex());
        writer.bytes(LOCAL, address.address().getAddress());
        writer.bytes(ADDRESS, address.peer().orElse(address.address()).getAddress());
    }

    private static void header(MessageWriter writer, int family, int prefix, int flags, int scope, int index) {
        writer.raw8(family).raw8(prefix).raw8(flags).raw8(scope).raw32(index);
    }

    /** Reads an address of any family of which addresses are known here; empty for others. */
    static Optional<InterfaceAddress> read(ByteBuffer payload) {
        ByteBuffer in = RouteBytes.header("address", payload, HEADER_BYTES);
        int family = Byte.toUnsignedInt(in.get(0));
        if (family != RouteBytes.AF_INET && family != RouteBytes.AF_INET6) {
            return Optional.empty();
        }
        Attributes attributes = RouteBytes.attributes(in, HEADER_BYTES);
        // Without a peer IPv4 says both, with the same value, and IPv6 the former alone.
        InetAddress other = RouteBytes.address(family, attributes, attributes.has(ADDRESS) ? ADDRESS : LOCAL);
        InetAddress own = attributes.has(LOCAL) ? RouteBytes.address(family, attributes, LOCAL) : other;
        long preferred = InterfaceAddress.FOREVER;
        long valid = InterfaceAddress.FOREVER;
        if (attributes.has(CACHE_INFO)) {
            ByteBuffer lifetimes = ByteBuffer.wrap(attributes.bytes(CACHE_INFO, 2 * Integer.BYTES))
                    .order(ByteOrder.nativeOrder());
            preferred = Integer.toUnsignedLong(lifetimes.getInt());
            valid = Math.max(1, Integer.toUnsignedLong(lifetimes.getInt())); // 0 is its last second
        }
        int bits = own.getAddress().length * Byte.SIZE;
        return Optional.of(new InterfaceAddress(
                in.getInt(4),
                own,
                Math.min(Byte.toUnsignedInt(in.get(1)), bits),
                other.equals(own) ? Optional.empty() : Optional.of(other),
                Byte.toUnsignedInt(in.get(3)),
                attributes.has(LABEL) ? label(attributes.text(LABEL)) : Optional.empty(),
                family == RouteBytes.AF_INET && attributes.has(BROADCAST)
                        ? Optional.of(RouteBytes.address(family, attributes, BROADCAST))
                        : Optional.empty(),
                attributes.has(FLAGS) ? attributes.s32(FLAGS) : Byte.toUnsignedInt(in.get(2)),
                Math.min(preferred, valid),
                valid,
                attributes.has(PROTOCOL) ? attributes.u8(PROTOCOL) : 0));
    }

    private static Optional<String> label(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes == 0 || bytes > 15 ? Optional.empty() : Optional.of(text);
    }
}
