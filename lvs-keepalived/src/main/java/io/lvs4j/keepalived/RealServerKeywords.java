package io.lvs4j.keepalived;

import io.lvs4j.RealServer;
import java.util.Optional;

/** What may stand in {@code real_server}. */
final class RealServerKeywords {
    static final Keywords<ServerDraft> TABLE = table();

    private RealServerKeywords() {}

    /** {@return a weight; keepalived's may be greater than the kernel's} */
    static Optional<Integer> weight(Arguments arguments, int least) {
        Optional<Integer> weight = arguments.value(0, Value.integer(least, Integer.MAX_VALUE));
        weight.filter(each -> each > RealServer.MAX_WEIGHT)
                .ifPresent(each -> arguments
                        .reading()
                        .warning(
                                "limited",
                                arguments.word(0).at(),
                                "weight: " + each + " is carried out as " + RealServer.MAX_WEIGHT + " (expected: "
                                        + least + ".." + RealServer.MAX_WEIGHT + ")"));
        return weight;
    }

    private static Keywords<ServerDraft> table() {
        Keywords.Builder<ServerDraft> table = Keywords.<ServerDraft>in("real_server")
                .words(
                        "weight",
                        1,
                        1,
                        (server, arguments) -> weight(arguments, 0).ifPresent(weight -> server.weight = weight))
                .words(
                        "lvs_method",
                        1,
                        Integer.MAX_VALUE,
                        (server, arguments) ->
                                Forwarding.read(arguments).ifPresent(method -> server.forwarding = method))
                .alias("lb_kind")
                .value("uthreshold", Value.number(0, Value.MAX), (server, count) -> server.upperThreshold = count)
                .value("lthreshold", Value.number(0, Value.MAX), (server, count) -> server.lowerThreshold = count)
                .bool("inhibit_on_failure", (server, yes) -> server.inhibit = yes)
                .words(
                        "notify_up",
                        1,
                        Integer.MAX_VALUE,
                        (server, arguments) -> Script.read(arguments).ifPresent(script -> server.notifyUp = script))
                .once()
                .words(
                        "notify_down",
                        1,
                        Integer.MAX_VALUE,
                        (server, arguments) -> Script.read(arguments).ifPresent(script -> server.notifyDown = script))
                .once()
                .bool("alpha", (server, yes) -> server.timing.alpha = yes)
                .bool("smtp_alert", (server, yes) -> {})
                .notCarriedOut("no mail is sent")
                .value("virtualhost", Value.text(), (server, host) -> server.virtualHost = host)
                .words("snmp_name", 1, 1, (server, arguments) -> {})
                .notCarriedOut("there is no SNMP");
        TimingDraft.keywords(table, server -> server.timing, 1);
        TimingDraft.connectTimeout(table, server -> server.timing);
        return CheckKeywords.addTo(table).build();
    }
}
