package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.RouterKeywords.Router;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.vrrp.UnicastPeer;
import io.lvs4j.vrrp.VirtualAddress;
import io.lvs4j.vrrp.VirtualMac;
import io.lvs4j.vrrp.VrrpVersion;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What may stand in {@code vrrp_instance} about how adverts travel, and on which interface addresses are. */
final class RouterNetworkKeywords {
    private static final int MOST_TTL = 255;
    private static final Map<String, VirtualMac.Type> IPVLANS = Map.of(
            "bridge", VirtualMac.Type.IPVLAN_BRIDGE,
            "private", VirtualMac.Type.IPVLAN_PRIVATE,
            "vepa", VirtualMac.Type.IPVLAN_VEPA);

    private RouterNetworkKeywords() {}

    /** Adds the keywords. */
    static void keywords(Keywords.Builder<Router> table) {
        table.value("interface", Interfaces.name(), (router, name) -> router.draft().networkInterface = name)
                .words("vrf", 1, 1, RouterNetworkKeywords::vrf)
                .flag("dont_track_primary", router -> router.draft().untrackedInterface = true)
                .words("mcast_src_ip", 1, 1, RouterNetworkKeywords::source)
                .words("unicast_src_ip", 1, 1, (router, arguments) -> {
                    router.draft().unicast = true;
                    source(router, arguments);
                })
                .words("mcast_dst_ip", 1, 1, RouterNetworkKeywords::group)
                .flag("track_src_ip", router -> router.draft().trackSource = true)
                .value("unicast_ttl", Value.integer(0, MOST_TTL), (router, ttl) -> router.draft().ttl = ttl)
                .flag("unicast_fault_no_peer", router -> {
                    router.draft().unicast = true;
                    router.draft().faultWithoutPeers = true;
                })
                .flag("check_unicast_src", router -> {
                    router.draft().unicast = true;
                    router.draft().checkSource = true;
                })
                .words("old_unicast_checksum", 0, 1, (router, arguments) -> {
                    router.draft().unicast = true;
                    router.draft().oldChecksum = arguments.count() == 0;
                    if (arguments.count() > 0) {
                        arguments.value(0, Value.oneOf("never"));
                    }
                })
                .words("native_ipv6", 0, 0, RouterNetworkKeywords::nativeIpv6)
                .words("kernel_rx_buf_size", 1, Integer.MAX_VALUE, RouterNetworkKeywords::receiveBuffer)
                .words("use_vmac", 0, 2, RouterNetworkKeywords::mac)
                .flag("use_vmac_addr", router -> router.draft().macForAll = true)
                .flag("vmac_xmit_base", router -> router.draft().sendOnBase = true)
                .words("use_ipvlan", 0, Integer.MAX_VALUE, RouterNetworkKeywords::ipvlan)
                .once();
        VrrpBlocks.lines(table, "unicast_peer", (router, arguments) -> {
            router.draft().unicast = true;
            for (Statement line : TrackLines.lines(arguments)) {
                peer(router.draft(), new Arguments(line, arguments.reading()));
            }
        });
    }

    private static void vrf(Router router, Arguments arguments) {
        arguments.value(0, Interfaces.name()).ifPresent(name -> {
            if (router.draft().networkInterface != null || router.draft().vrf != null) {
                arguments
                        .reading()
                        .corrected(
                                "contradiction",
                                arguments.at(),
                                "vrf beside " + (router.draft().vrf == null ? "interface" : "another one"),
                                "it is ignored");
            } else {
                router.draft().vrf = name;
            }
        });
    }

    private static void source(Router router, Arguments arguments) {
        arguments
                .value(0, Value.address())
                .filter(address ->
                        router.draft().takes(address, arguments.word(0).at(), arguments.reading()))
                .ifPresent(address -> router.draft().source = address);
    }

    private static void group(Router router, Arguments arguments) {
        Optional<InetAddress> group = arguments
                .value(0, Value.address())
                .filter(address ->
                        router.draft().takes(address, arguments.word(0).at(), arguments.reading()));
        if (group.isEmpty()) {
            return;
        }
        boolean ipv4 = AddressFamily.of(group.get()) == AddressFamily.INET;
        if (ipv4 ? group.get().isMulticastAddress() : group.get().isMCLinkLocal()) {
            router.draft().group = group.get();
        } else {
            arguments.error(
                    "out-of-range",
                    0,
                    Reading.shown(arguments.word(0).text()) + " (expected: a multicast address"
                            + (ipv4 ? ")" : " of the link, ff02::...)"));
        }
    }

    private static void nativeIpv6(Router router, Arguments arguments) {
        if (router.draft().family == AddressFamily.INET) {
            arguments
                    .reading()
                    .corrected("family-mismatch", arguments.at(), "native_ipv6 with IPv4 addresses", "it is ignored");
        } else {
            router.draft().family = AddressFamily.INET6;
            router.draft().version = VrrpVersion.V3;
        }
    }

    private static void receiveBuffer(Router router, Arguments arguments) {
        if (arguments.count() > 1) {
            arguments.error("too-many-values", 1, arguments.count() + " values (expected: 1)");
        }
        arguments.value(0, Value.number(0, Value.MAX)).ifPresent(bytes -> router.draft().receiveBuffer = bytes);
    }

    private static void peer(RouterDraft router, Arguments line) {
        Optional<InetAddress> address = Addresses.parse(line.keyword());
        if (address.isEmpty()) {
            line.reading()
                    .error(
                            "not-an-address",
                            line.at(),
                            "unicast_peer: " + Reading.shown(line.keyword()) + " (expected: an IPv4 or IPv6 literal)");
            return;
        }
        int min = 0;
        int max = MOST_TTL;
        for (int i = 0; i < line.count(); i += 2) {
            Optional<String> which = line.value(i, Value.oneOf("min_ttl", "max_ttl"));
            if (i + 1 == line.count()) {
                line.error("missing-value", i, line.word(i).text() + " without a value (expected: 0..255)");
                return;
            }
            Optional<Integer> ttl = line.value(i + 1, Value.integer(0, MOST_TTL));
            if (which.isEmpty() || ttl.isEmpty()) {
                return;
            }
            router.checkSource = true;
            min = which.get().equals("min_ttl") ? ttl.get() : min;
            max = which.get().equals("max_ttl") ? ttl.get() : max;
        }
        if (min > max) {
            line.error("out-of-range", 0, "min_ttl " + min + " (expected: at most max_ttl, " + max + ")");
        } else if (router.takes(address.get(), line.at(), line.reading())) {
            router.peers.add(new UnicastPeer(address.get(), min, max));
        }
    }

    private static void mac(Router router, Arguments arguments) {
        RouterDraft draft = router.draft();
        if (draft.macType == null) {
            draft.macType = VirtualMac.Type.MAC;
        }
        for (int i = 0; i < Math.min(2, arguments.count()); i++) {
            String text = arguments.word(i).text();
            if (text.indexOf(':') < 0) {
                name(router, arguments, i);
                continue;
            }
            String mac = normal(text);
            try {
                new VirtualMac(
                        VirtualMac.Type.MAC, Optional.empty(), Optional.of(mac), Optional.empty(), draft.sendOnBase);
                if (draft.mac != null) {
                    twice(arguments, i);
                } else {
                    draft.mac = mac;
                }
            } catch (IllegalArgumentException e) {
                arguments.error("not-a-mac", i, String.valueOf(e.getMessage()));
            }
        }
    }

    /** {@return a MAC address with two digits a byte} */
    private static String normal(String mac) {
        String all = mac.toLowerCase(Locale.ROOT);
        StringBuilder normal = new StringBuilder();
        for (String part : all.split(":", 7)) {
            if (!part.isEmpty()) {
                normal.append(normal.length() == 0 ? "" : ":")
                        .append(part.length() == 1 ? "0" : "")
                        .append(part);
            }
        }
        return normal.toString();
    }

    private static void twice(Arguments arguments, int index) {
        arguments
                .reading()
                .corrected(
                        "duplicate",
                        arguments.word(index).at(),
                        arguments.keyword() + ": "
                                + Reading.shown(arguments.word(index).text()) + " is a second one (expected: one)",
                        "the first one counts");
    }

    private static void name(Router router, Arguments arguments, int index) {
        arguments.value(index, Interfaces.name()).ifPresent(name -> {
            boolean taken =
                    router.config().vrrp.routers.values().stream().anyMatch(other -> name.equals(other.macName));
            if (router.draft().macName != null) {
                twice(arguments, index);
            } else if (taken) {
                arguments.error("duplicate", index, Reading.shown(name) + " (expected: a name of this instance alone)");
            } else {
                router.draft().macName = name;
            }
        });
    }

    private static void ipvlan(Router router, Arguments arguments) {
        RouterDraft draft = router.draft();
        boolean typed = false;
        draft.macType = VirtualMac.Type.IPVLAN_BRIDGE;
        for (int i = 0; i < arguments.count(); i++) {
            String text = arguments.word(i).text();
            VirtualMac.Type type = IPVLANS.get(text);
            if (type != null) {
                if (typed) {
                    twice(arguments, i);
                } else {
                    draft.macType = type;
                }
                typed = true;
            } else if (Addresses.parse(text.split("/", 2)[0]).isPresent()) {
                address(draft, arguments, i);
            } else {
                name(router, arguments, i);
            }
        }
    }

    private static void address(RouterDraft draft, Arguments arguments, int index) {
        try {
            VirtualAddress address = VirtualAddress.parse(arguments.word(index).text());
            if (draft.macAddress != null) {
                twice(arguments, index);
            } else if (draft.takes(address.address(), arguments.word(index).at(), arguments.reading())) {
                draft.macAddress = address;
                draft.source = draft.source == null ? address.address() : draft.source;
            }
        } catch (IllegalArgumentException e) {
            arguments.error("not-an-address", index, String.valueOf(e.getMessage()));
        }
    }
}
