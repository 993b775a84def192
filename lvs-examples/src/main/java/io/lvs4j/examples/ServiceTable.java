package io.lvs4j.examples;

import io.lvs4j.DirectorSnapshot;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ServerSnapshot;
import io.lvs4j.ServiceKey;
import io.lvs4j.ServiceSnapshot;
import io.lvs4j.VirtualService;
import java.util.Locale;
import java.util.TreeMap;

/** A director's services as {@code ipvsadm -Ln} would list them, with two more columns: what each real server is doing, and
 * how many connections it has had. */
final class ServiceTable {
    private static final String ROW = "  -> %-28s %-7s %-6s %-10s %-9s %-11s %s%n";

    private ServiceTable() {}

    static String of(DirectorSnapshot snapshot) {
        StringBuilder table = new StringBuilder(512);
        table.append(String.format(Locale.ROOT, "Prot LocalAddress:Port Scheduler Flags%n"));
        table.append(String.format(
                Locale.ROOT,
                ROW,
                "RemoteAddress:Port",
                "Forward",
                "Weight",
                "ActiveConn",
                "InActConn",
                "State",
                "Conns"));
        for (ServiceSnapshot service : snapshot.services()) {
            append(table, service);
        }
        return table.toString();
    }

    private static void append(StringBuilder table, ServiceSnapshot snapshot) {
        VirtualService service = snapshot.service();
        table.append(String.format(
                Locale.ROOT,
                "%s %s%s%n",
                key(service.key()),
                service.scheduling(),
                service.persistence().map(p -> " " + p).orElse("")));
        snapshot.servers()
                .forEach(server -> append(table, service, server, server.state().toString()));
        snapshot.sorryServer()
                .ifPresent(sorry -> append(table, service, sorry, sorry.serving() ? "sorry" : "sorry, idle"));
        if (!snapshot.quorum().held()) {
            table.append(String.format(
                    Locale.ROOT,
                    "  quorum lost: weight %d of %d%n",
                    snapshot.quorum().weight(),
                    snapshot.quorum().required()));
        }
        if (snapshot.panic()) {
            table.append(String.format(Locale.ROOT, "  panic: servers that failed serve, too%n"));
        }
        if (!snapshot.refusals().isEmpty()) {
            table.append(String.format(Locale.ROOT, "  turned away: %s%n", new TreeMap<>(snapshot.refusals())));
        }
    }

    private static void append(StringBuilder table, VirtualService service, ServerSnapshot server, String state) {
        table.append(String.format(
                Locale.ROOT,
                ROW,
                server.server().key(),
                forward(service.forwardingOf(server.server())),
                server.weight(),
                server.counters().active(),
                server.counters().inactive(),
                state,
                server.counters().connections()));
    }

    private static String key(ServiceKey key) {
        String text = key.toString(); // such as "tcp 127.0.0.1:80"
        int space = text.indexOf(' ');
        return String.format(
                Locale.ROOT, "%-4s%s", text.substring(0, space).toUpperCase(Locale.ROOT), text.substring(space));
    }

    private static String forward(ForwardingMethod method) {
        return switch (method.kind()) {
            case MASQUERADE -> "Masq";
            case FULL_NAT -> "FullNat";
            case DIRECT_ROUTING -> "Route";
            case TUNNEL -> "Tunnel";
        };
    }
}
