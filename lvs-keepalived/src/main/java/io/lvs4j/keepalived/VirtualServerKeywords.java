package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.Persistence;
import io.lvs4j.Protocol;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What may stand in {@code virtual_server}. */
final class VirtualServerKeywords {
    private static final Value<String> SCHEDULER =
            Value.oneOf(Scheduling.names().toArray(String[]::new));
    private static final Value<AddressFamily> FAMILY =
            Value.oneOf(Map.of("inet", AddressFamily.INET, "inet6", AddressFamily.INET6));
    private static final Value<Protocol> PROTOCOL = (keyword, word, reading) -> Value.oneOf(
                    Map.of("TCP", Protocol.TCP, "UDP", Protocol.UDP, "SCTP", Protocol.SCTP))
            .parse(
                    keyword,
                    new io.lvs4j.keepalived.syntax.Word(word.text().toUpperCase(Locale.ROOT), word.at(), word.quoted()),
                    reading);
    private static final int LONGEST_PERSISTENCE = Math.toIntExact(Persistence.MAX_TIMEOUT.toSeconds());
    private static final int ENGINE_NAME = 16;

    static final Keywords<VirtualServerDraft> TABLE = table();

    private VirtualServerKeywords() {}

    private static Keywords<VirtualServerDraft> table() {
        Keywords.Builder<VirtualServerDraft> table = Keywords.<VirtualServerDraft>in("virtual_server")
                .words("ip_family", 1, 1, VirtualServerKeywords::family)
                .value("lb_algo", SCHEDULER, (vs, name) -> vs.scheduler = name)
                .alias("lb_scheduler", "scheduler")
                .value("lvs_sched", SCHEDULER, (vs, name) -> vs.scheduler = name)
                .words("lb_kind", 1, Integer.MAX_VALUE, VirtualServerKeywords::forwarding)
                .words("lvs_method", 1, Integer.MAX_VALUE, VirtualServerKeywords::forwarding)
                .value("protocol", PROTOCOL, (vs, protocol) -> vs.protocol = protocol)
                .flag("ops", vs -> vs.onePacket = true)
                .words("hashed", 0, 0, VirtualServerKeywords::schedulerFlag)
                .words("sh-port", 0, 0, VirtualServerKeywords::schedulerFlag)
                .words("sh-fallback", 0, 0, VirtualServerKeywords::schedulerFlag)
                .words("mh-port", 0, 0, VirtualServerKeywords::schedulerFlag)
                .words("mh-fallback", 0, 0, VirtualServerKeywords::schedulerFlag)
                .flag("flag-1", vs -> vs.plainFlags.add("flag-1"))
                .flag("flag-2", vs -> vs.plainFlags.add("flag-2"))
                .flag("flag-3", vs -> vs.plainFlags.add("flag-3"))
                .words("persistence_timeout", 0, 1, VirtualServerKeywords::persistence)
                .alias("persistent_timeout", "persistence")
                .words("persistence_granularity", 1, 1, VirtualServerKeywords::granularity)
                .alias("persistent_granularity", "granularity")
                .value("persistence_engine", Value.text(ENGINE_NAME - 1), (vs, name) -> {})
                .notCarriedOut("persistence is by the client's address")
                .flag("inhibit_on_failure", vs -> vs.inhibit = true)
                .flag("alpha", vs -> vs.timing.alpha = true)
                .flag("omega", vs -> vs.omega = true)
                .words("quorum", 1, 1, (vs, arguments) -> {
                    vs.quorumAt = arguments.word(0).at();
                    arguments.value(0, Value.number(1, Value.MAX)).ifPresent(weight -> vs.quorum = weight);
                })
                .value("hysteresis", Value.number(0, Value.MAX), (vs, weight) -> vs.hysteresis = weight)
                .words(
                        "quorum_up",
                        1,
                        Integer.MAX_VALUE,
                        (vs, arguments) -> Script.read(arguments).ifPresent(script -> vs.quorumUp = script))
                .once()
                .words(
                        "quorum_down",
                        1,
                        Integer.MAX_VALUE,
                        (vs, arguments) -> Script.read(arguments).ifPresent(script -> vs.quorumDown = script))
                .once()
                .words(
                        "weight",
                        1,
                        1,
                        (vs, arguments) ->
                                RealServerKeywords.weight(arguments, 1).ifPresent(weight -> vs.weight = weight))
                .value("virtualhost", Value.text(), (vs, host) -> vs.virtualHost = host)
                .flag("ha_suspend", vs -> vs.haSuspend = true)
                .notCarriedOut("checks go on wherever the virtual address is")
                .bool("smtp_alert", (vs, yes) -> {})
                .notCarriedOut("no mail is sent")
                .words("snmp_name", 1, 1, (vs, arguments) -> {})
                .notCarriedOut("there is no SNMP")
                .words(
                        "sorry_server",
                        1,
                        2,
                        (vs, arguments) -> ServerDraft.begin(arguments).ifPresent(server -> vs.sorry = server))
                .words("sorry_server_inhibit", 0, 0, (vs, arguments) -> {
                    if (hasSorry(vs, arguments)) {
                        vs.sorryInhibit = true;
                    }
                })
                .words("sorry_server_lvs_method", 1, Integer.MAX_VALUE, VirtualServerKeywords::sorryForwarding)
                .block(
                        "real_server",
                        1,
                        2,
                        RealServerKeywords.TABLE,
                        (vs, arguments) -> ServerDraft.begin(arguments),
                        (vs, server, arguments) -> vs.servers.add(server));
        TimingDraft.keywords(table, vs -> vs.timing, 1);
        return TimingDraft.connectTimeout(table, vs -> vs.timing).build();
    }

    private static void family(VirtualServerDraft vs, Arguments arguments) {
        arguments.value(0, FAMILY).ifPresent(family -> {
            if (vs.family != null && vs.family != family) {
                arguments.error("family-mismatch", 0, family + " (expected: " + vs.family + ", the address's)");
            } else {
                vs.family = family;
            }
        });
    }

    private static void forwarding(VirtualServerDraft vs, Arguments arguments) {
        Forwarding.read(arguments).ifPresent(method -> vs.forwarding = method);
    }

    private static void sorryForwarding(VirtualServerDraft vs, Arguments arguments) {
        if (hasSorry(vs, arguments) && vs.sorry != null) {
            ServerDraft sorry = vs.sorry;
            Forwarding.read(arguments).ifPresent(method -> sorry.forwarding = method);
        }
    }

    private static boolean hasSorry(VirtualServerDraft vs, Arguments arguments) {
        if (vs.sorry == null) {
            arguments
                    .reading()
                    .corrected(
                            "wrong-order",
                            arguments.at(),
                            arguments.keyword() + " without a sorry_server before it",
                            "it is ignored");
        }
        return vs.sorry != null;
    }

    /** A flag must follow the scheduler that has it. */
    private static void schedulerFlag(VirtualServerDraft vs, Arguments arguments) {
        String flag = arguments.keyword();
        boolean known = "sh".equals(vs.scheduler) || "mh".equals(vs.scheduler);
        if (!known) {
            arguments
                    .reading()
                    .corrected(
                            "wrong-order",
                            arguments.at(),
                            flag + " without lb_algo " + (flag.startsWith("mh") ? "mh" : "sh") + " before it",
                            "it is ignored");
        } else if (flag.startsWith(vs.scheduler + "-")) {
            vs.schedulerFlags.add(SchedulerFlag.parse(flag));
        } else {
            arguments
                    .reading()
                    .warning("ignored-setting", arguments.at(), flag + " is ignored with lb_algo " + vs.scheduler);
        }
    }

    private static void persistence(VirtualServerDraft vs, Arguments arguments) {
        if (arguments.count() == 0) {
            vs.persistence = VirtualServerDraft.PERSISTENCE;
        } else {
            arguments.value(0, Value.integer(1, LONGEST_PERSISTENCE)).ifPresent(seconds -> vs.persistence = seconds);
        }
    }

    /** A netmask of IPv4 or a prefix length of IPv6; it switches persistence on. */
    private static void granularity(VirtualServerDraft vs, Arguments arguments) {
        String text = arguments.word(0).text();
        boolean ipv6 = vs.family == null ? text.indexOf('.') < 0 : vs.family == AddressFamily.INET6;
        if (ipv6) {
            Optional<Integer> prefix = arguments.value(0, Value.integer(1, 128));
            if (prefix.isEmpty()) {
                return;
            }
            vs.ipv6Prefix = prefix.get();
        } else {
            Optional<Integer> prefix = Addresses.parse(text).flatMap(VirtualServerKeywords::prefix);
            if (prefix.isEmpty()) {
                arguments.error(
                        "not-a-netmask",
                        0,
                        Reading.shown(text) + " (expected: a netmask such as 255.255.255.0, ones before zeros)");
                return;
            }
            vs.ipv4Prefix = prefix.get();
        }
        if (vs.family == null) {
            vs.family = ipv6 ? AddressFamily.INET6 : AddressFamily.INET;
        }
        if (vs.persistence == 0) {
            vs.persistence = VirtualServerDraft.PERSISTENCE;
        }
    }

    private static Optional<Integer> prefix(InetAddress mask) {
        if (!(mask instanceof Inet4Address)) {
            return Optional.empty();
        }
        int bits = java.nio.ByteBuffer.wrap(mask.getAddress()).getInt();
        int length = Integer.bitCount(bits);
        return length > 0 && bits == -1 << (32 - length) ? Optional.of(length) : Optional.empty();
    }
}
