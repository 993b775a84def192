package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod.Encapsulation;
import io.lvs4j.Protocol;
import io.lvs4j.netlink.genl.Request;
import io.lvs4j.netlink.wire.Attributes;
import io.lvs4j.netlink.wire.MalformedMessageException;
import io.lvs4j.netlink.wire.MessageWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * The language of the family IPVS: commands and attributes of {@code include/uapi/linux/ip_vs.h}. Ports, IPv4 netmasks and
 * addresses are in network byte order, all else in the machine's, the multicast port too. An IPv6 netmask is a prefix length.
 */
final class IpvsCodec {
    static final String FAMILY = "IPVS";
    static final int VERSION = 1;

    static final int NEW_SERVICE = 1;
    static final int SET_SERVICE = 2;
    static final int DEL_SERVICE = 3;
    static final int GET_SERVICE = 4;
    static final int NEW_DEST = 5;
    static final int SET_DEST = 6;
    static final int DEL_DEST = 7;
    static final int GET_DEST = 8;
    static final int NEW_DAEMON = 9;
    static final int DEL_DAEMON = 10;
    static final int GET_DAEMON = 11;
    static final int SET_CONFIG = 12;
    static final int GET_CONFIG = 13;
    static final int GET_INFO = 15;
    static final int ZERO = 16;
    static final int FLUSH = 17;

    private static final int CMD_SERVICE = 1;
    private static final int CMD_DEST = 2;
    private static final int CMD_DAEMON = 3;
    private static final int CMD_TIMEOUT_TCP = 4;
    private static final int CMD_TIMEOUT_TCP_FIN = 5;
    private static final int CMD_TIMEOUT_UDP = 6;

    private static final int SVC_AF = 1;
    private static final int SVC_PROTOCOL = 2;
    private static final int SVC_ADDR = 3;
    private static final int SVC_PORT = 4;
    private static final int SVC_FWMARK = 5;
    private static final int SVC_SCHED_NAME = 6;
    private static final int SVC_FLAGS = 7;
    private static final int SVC_TIMEOUT = 8;
    private static final int SVC_NETMASK = 9;
    private static final int SVC_STATS = 10;
    private static final int SVC_PE_NAME = 11;
    private static final int SVC_STATS64 = 12;

    private static final int DEST_ADDR = 1;
    private static final int DEST_PORT = 2;
    private static final int DEST_FWD_METHOD = 3;
    private static final int DEST_WEIGHT = 4;
    private static final int DEST_U_THRESH = 5;
    private static final int DEST_L_THRESH = 6;
    private static final int DEST_ACTIVE_CONNS = 7;
    private static final int DEST_INACT_CONNS = 8;
    private static final int DEST_PERSIST_CONNS = 9;
    private static final int DEST_STATS = 10;
    private static final int DEST_ADDR_FAMILY = 11;
    private static final int DEST_STATS64 = 12;
    private static final int DEST_TUN_TYPE = 13;
    private static final int DEST_TUN_PORT = 14;
    private static final int DEST_TUN_FLAGS = 15;

    private static final int STATS_CONNS = 1;
    private static final int STATS_INPKTS = 2;
    private static final int STATS_OUTPKTS = 3;
    private static final int STATS_INBYTES = 4;
    private static final int STATS_OUTBYTES = 5;
    private static final int STATS_CPS = 6;
    private static final int STATS_INPPS = 7;
    private static final int STATS_OUTPPS = 8;
    private static final int STATS_INBPS = 9;
    private static final int STATS_OUTBPS = 10;

    private static final int DAEMON_STATE = 1;
    private static final int DAEMON_MCAST_IFN = 2;
    private static final int DAEMON_SYNC_ID = 3;
    private static final int DAEMON_SYNC_MAXLEN = 4;
    private static final int DAEMON_MCAST_GROUP = 5;
    private static final int DAEMON_MCAST_GROUP6 = 6;
    private static final int DAEMON_MCAST_PORT = 7;
    private static final int DAEMON_MCAST_TTL = 8;

    private static final int INFO_VERSION = 1;
    private static final int INFO_CONN_TAB_SIZE = 2;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private static final int PERSISTENT = 1;
    private static final int ONE_PACKET = 4;
    private static final int SCHEDULER_SHIFT = 3;
    private static final int SCHEDULER_MASK = 7;
    private static final int WRITTEN_FLAGS = PERSISTENT | ONE_PACKET | SCHEDULER_MASK << SCHEDULER_SHIFT;

    private static final int METHOD_MASK = 7;

    private IpvsCodec() {}

    // ---------------------------------------------------------------- requests

    static Request request(IpvsChange change) {
        if (change instanceof IpvsChange.AddService add) {
            return new Request(NEW_SERVICE, w -> service(w, add.settings()));
        } else if (change instanceof IpvsChange.EditService edit) {
            return new Request(SET_SERVICE, w -> service(w, edit.settings()));
        } else if (change instanceof IpvsChange.RemoveService remove) {
            return new Request(DEL_SERVICE, w -> key(w, remove.service()));
        } else if (change instanceof IpvsChange.AddDestination add) {
            return destination(NEW_DEST, add.service(), add.settings());
        } else if (change instanceof IpvsChange.EditDestination edit) {
            return destination(SET_DEST, edit.service(), edit.settings());
        } else if (change instanceof IpvsChange.RemoveDestination remove) {
            return new Request(DEL_DEST, w -> {
                key(w, remove.service());
                int start = w.beginNested(CMD_DEST);
                server(w, remove.address(), remove.port());
                w.endNested(start);
            });
        } else if (change instanceof IpvsChange.ZeroService zero) {
            return new Request(ZERO, w -> key(w, zero.service()));
        }
        throw new IllegalStateException("unknown change: " + change);
    }

    static Request getService(IpvsServiceKey key) {
        return new Request(GET_SERVICE, w -> key(w, key));
    }

    static Request getDestinations(IpvsServiceKey key) {
        return new Request(GET_DEST, w -> key(w, key));
    }

    static Request setTimeouts(IpvsTimeouts timeouts) {
        return new Request(
                SET_CONFIG,
                w -> w.u32(CMD_TIMEOUT_TCP, timeouts.tcp().toSeconds())
                        .u32(CMD_TIMEOUT_TCP_FIN, timeouts.tcpFin().toSeconds())
                        .u32(CMD_TIMEOUT_UDP, timeouts.udp().toSeconds()));
    }

    static Request startDaemon(SyncDaemon daemon) {
        return new Request(NEW_DAEMON, w -> {
            int start = w.beginNested(CMD_DAEMON);
            w.u32(DAEMON_STATE, daemon.role().number);
            w.text(DAEMON_MCAST_IFN, daemon.networkInterface());
            w.u32(DAEMON_SYNC_ID, daemon.syncId());
            if (daemon.maxLength() > 0) {
                w.u16(DAEMON_SYNC_MAXLEN, daemon.maxLength());
            }
            boolean ipv4 = daemon.group() instanceof Inet4Address;
            w.bytes(
                    ipv4 ? DAEMON_MCAST_GROUP : DAEMON_MCAST_GROUP6,
                    daemon.group().getAddress());
            w.u16(DAEMON_MCAST_PORT, daemon.port());
            w.u8(DAEMON_MCAST_TTL, daemon.ttl());
            w.endNested(start);
        });
    }

    static Request stopDaemon(SyncDaemon.Role role) {
        return new Request(DEL_DAEMON, w -> {
            int start = w.beginNested(CMD_DAEMON);
            w.u32(DAEMON_STATE, role.number);
            w.endNested(start);
        });
    }

    private static void key(MessageWriter w, IpvsServiceKey key) {
        int start = w.beginNested(CMD_SERVICE);
        keyAttributes(w, key);
        w.endNested(start);
    }

    private static void keyAttributes(MessageWriter w, IpvsServiceKey key) {
        w.u16(SVC_AF, number(key.family()));
        if (key instanceof IpvsServiceKey.Address at) {
            w.u16(SVC_PROTOCOL, number(at.protocol()));
            w.bytes(SVC_ADDR, Addresses.encode(at.address()));
            w.u16be(SVC_PORT, at.port());
        } else if (key instanceof IpvsServiceKey.FirewallMark mark) {
            w.u32(SVC_FWMARK, mark.mark());
        }
    }

    private static void service(MessageWriter w, IpvsService service) {
        int start = w.beginNested(CMD_SERVICE);
        keyAttributes(w, service.key());
        w.text(SVC_SCHED_NAME, service.scheduler());
        if (!service.persistenceEngine().isEmpty()) {
            w.text(SVC_PE_NAME, service.persistenceEngine());
        }
        int flags = service.schedulerFlags() << SCHEDULER_SHIFT
                | (service.onePacket() ? ONE_PACKET : 0)
                | (service.persistence().isPresent() ? PERSISTENT : 0);
        w.bytes(
                SVC_FLAGS,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.nativeOrder())
                        .putInt(flags)
                        .putInt(WRITTEN_FLAGS)
                        .array());
        w.u32(
                SVC_TIMEOUT,
                service.persistence().map(p -> p.timeout().toSeconds()).orElse(0L));
        boolean ipv4 = service.key().family() == AddressFamily.INET;
        int prefix =
                service.persistence().map(IpvsService.Persistence::prefixLength).orElse(ipv4 ? 32 : 128);
        if (ipv4) {
            int mask = -1 << (32 - prefix);
            w.bytes(SVC_NETMASK, ByteBuffer.allocate(4).putInt(mask).array());
        } else {
            w.u32(SVC_NETMASK, prefix);
        }
        w.endNested(start);
    }

    private static Request destination(int command, IpvsServiceKey service, IpvsDestination settings) {
        return new Request(command, w -> {
            key(w, service);
            int start = w.beginNested(CMD_DEST);
            server(w, settings.address(), settings.port());
            w.u32(DEST_FWD_METHOD, settings.method().number);
            w.u32(DEST_WEIGHT, settings.weight());
            w.u32(DEST_U_THRESH, settings.upperThreshold());
            w.u32(DEST_L_THRESH, settings.lowerThreshold());
            settings.tunnel().ifPresent(tunnel -> {
                w.u8(DEST_TUN_TYPE, number(tunnel.encapsulation()));
                w.u16be(DEST_TUN_PORT, tunnel.port());
                w.u16(DEST_TUN_FLAGS, tunnel.checksum().number);
            });
            w.endNested(start);
        });
    }

    private static void server(MessageWriter w, InetAddress address, int port) {
        w.u16(DEST_ADDR_FAMILY, number(AddressFamily.of(address)));
        w.bytes(DEST_ADDR, Addresses.encode(address));
        w.u16be(DEST_PORT, port);
    }

    // ---------------------------------------------------------------- answers

    static IpvsServiceEntry serviceEntry(Attributes message) {
        Attributes in = message.nested(CMD_SERVICE);
        IpvsServiceKey key = key(in);
        int flags = ByteBuffer.wrap(in.bytes(SVC_FLAGS, 4))
                .order(ByteOrder.nativeOrder())
                .getInt();
        Optional<IpvsService.Persistence> persistence = (flags & PERSISTENT) == 0
                ? Optional.empty()
                : Optional.of(new IpvsService.Persistence(
                        Duration.ofSeconds(in.u32(SVC_TIMEOUT)), prefixLength(in, key.family())));
        IpvsService service = new IpvsService(
                key,
                in.text(SVC_SCHED_NAME),
                flags >>> SCHEDULER_SHIFT & SCHEDULER_MASK,
                (flags & ONE_PACKET) != 0,
                persistence,
                in.has(SVC_PE_NAME) ? in.text(SVC_PE_NAME) : "");
        return new IpvsServiceEntry(service, counters(in, SVC_STATS64, SVC_STATS));
    }

    private static IpvsServiceKey key(Attributes in) {
        AddressFamily family = family(in.u16(SVC_AF));
        if (in.has(SVC_FWMARK)) {
            return new IpvsServiceKey.FirewallMark(in.u32(SVC_FWMARK), family);
        }
        return new IpvsServiceKey.Address(
                protocol(in.u16(SVC_PROTOCOL)),
                Addresses.decode(family, in.bytes(SVC_ADDR, Addresses.BYTES)),
                in.u16be(SVC_PORT));
    }

    private static int prefixLength(Attributes in, AddressFamily family) {
        if (family == AddressFamily.INET6) {
            return in.s32(SVC_NETMASK);
        }
        int mask = ByteBuffer.wrap(in.bytes(SVC_NETMASK, 4)).getInt();
        int prefix = Integer.bitCount(mask);
        if (prefix == 0 || mask != -1 << (32 - prefix)) {
            throw new MalformedMessageException(
                    "IPVS service: netmask " + Integer.toHexString(mask) + " (expected: ones before zeros)");
        }
        return prefix;
    }

    static IpvsDestinationEntry destinationEntry(Attributes message, AddressFamily serviceFamily) {
        Attributes in = message.nested(CMD_DEST);
        AddressFamily family = in.has(DEST_ADDR_FAMILY) ? family(in.u16(DEST_ADDR_FAMILY)) : serviceFamily;
        IpvsDestination.Method method = named(
                "forwarding method",
                IpvsDestination.Method.values(),
                m -> m.number,
                in.s32(DEST_FWD_METHOD) & METHOD_MASK);
        Optional<IpvsDestination.Tunnel> tunnel =
                method == IpvsDestination.Method.TUNNEL ? Optional.of(tunnel(in)) : Optional.empty();
        IpvsDestination destination = new IpvsDestination(
                Addresses.decode(family, in.bytes(DEST_ADDR, Addresses.BYTES)),
                in.u16be(DEST_PORT),
                method,
                in.s32(DEST_WEIGHT),
                in.s32(DEST_U_THRESH),
                in.s32(DEST_L_THRESH),
                tunnel);
        return new IpvsDestinationEntry(
                destination,
                in.s32(DEST_ACTIVE_CONNS),
                in.s32(DEST_INACT_CONNS),
                in.s32(DEST_PERSIST_CONNS),
                counters(in, DEST_STATS64, DEST_STATS));
    }

    private static IpvsDestination.Tunnel tunnel(Attributes in) {
        if (!in.has(DEST_TUN_TYPE)) {
            return IpvsDestination.Tunnel.IPIP; // a kernel before 5.3
        }
        return new IpvsDestination.Tunnel(
                named("tunnel type", Encapsulation.values(), IpvsCodec::number, in.u8(DEST_TUN_TYPE)),
                in.u16be(DEST_TUN_PORT),
                named("tunnel flags", IpvsDestination.Checksum.values(), c -> c.number, in.u16(DEST_TUN_FLAGS)));
    }

    private static IpvsCounters counters(Attributes in, int wide, int narrow) {
        if (in.has(wide)) {
            Attributes stats = in.nested(wide);
            return new IpvsCounters(
                    stats.u64(STATS_CONNS),
                    stats.u64(STATS_INPKTS),
                    stats.u64(STATS_OUTPKTS),
                    stats.u64(STATS_INBYTES),
                    stats.u64(STATS_OUTBYTES),
                    stats.u64(STATS_CPS),
                    stats.u64(STATS_INPPS),
                    stats.u64(STATS_OUTPPS),
                    stats.u64(STATS_INBPS),
                    stats.u64(STATS_OUTBPS));
        }
        if (in.has(narrow)) {
            Attributes stats = in.nested(narrow);
            return new IpvsCounters(
                    stats.u32(STATS_CONNS),
                    stats.u32(STATS_INPKTS),
                    stats.u32(STATS_OUTPKTS),
                    stats.u64(STATS_INBYTES),
                    stats.u64(STATS_OUTBYTES),
                    stats.u32(STATS_CPS),
                    stats.u32(STATS_INPPS),
                    stats.u32(STATS_OUTPPS),
                    stats.u32(STATS_INBPS),
                    stats.u32(STATS_OUTBPS));
        }
        return IpvsCounters.ZERO;
    }

    static IpvsInfo info(Attributes in) {
        int version = in.s32(INFO_VERSION);
        return new IpvsInfo(
                (version >>> 16) + "." + (version >>> 8 & 0xff) + "." + (version & 0xff), in.s32(INFO_CONN_TAB_SIZE));
    }

    static IpvsTimeouts timeouts(Attributes in) {
        return new IpvsTimeouts(
                Duration.ofSeconds(in.u32(CMD_TIMEOUT_TCP)),
                Duration.ofSeconds(in.u32(CMD_TIMEOUT_TCP_FIN)),
                Duration.ofSeconds(in.u32(CMD_TIMEOUT_UDP)));
    }

    static SyncDaemon daemon(Attributes message) {
        Attributes in = message.nested(CMD_DAEMON);
        InetAddress group = in.has(DAEMON_MCAST_GROUP6)
                ? Addresses.decode(AddressFamily.INET6, in.bytes(DAEMON_MCAST_GROUP6, Addresses.BYTES))
                : Addresses.decode(AddressFamily.INET, in.bytes(DAEMON_MCAST_GROUP, 4));
        return new SyncDaemon(
                named("sync daemon state", SyncDaemon.Role.values(), r -> r.number, in.s32(DAEMON_STATE)),
                in.text(DAEMON_MCAST_IFN),
                in.s32(DAEMON_SYNC_ID),
                in.u16(DAEMON_SYNC_MAXLEN),
                group,
                in.u16(DAEMON_MCAST_PORT),
                in.u8(DAEMON_MCAST_TTL));
    }

    // ---------------------------------------------------------------- numbers

    private static int number(AddressFamily family) {
        return family == AddressFamily.INET ? AF_INET : AF_INET6;
    }

    private static AddressFamily family(int number) {
        return switch (number) {
            case AF_INET -> AddressFamily.INET;
            case AF_INET6 -> AddressFamily.INET6;
            default -> throw new MalformedMessageException("IPVS address family: " + number + " (expected: 2 or 10)");
        };
    }

    static int number(Protocol protocol) {
        return switch (protocol) {
            case TCP -> 6;
            case UDP -> 17;
            case SCTP -> 132;
        };
    }

    private static Protocol protocol(int number) {
        return named("protocol", Protocol.values(), IpvsCodec::number, number);
    }

    private static int number(Encapsulation encapsulation) {
        return switch (encapsulation) {
            case IPIP -> 0;
            case GUE -> 1;
            case GRE -> 2;
        };
    }

    private static <T> T named(String what, T[] values, ToIntFunction<T> numbers, int number) {
        for (T value : values) {
            if (numbers.applyAsInt(value) == number) {
                return value;
            }
        }
        throw new MalformedMessageException(
                "IPVS " + what + ": " + number + " (expected: one of " + List.of(values) + ")");
    }
}
