package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod.Kind;
import io.lvs4j.Protocol;
import io.lvs4j.keepalived.syntax.Position;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * keepalived's rules about a virtual server as a whole, looked at when all is read: what must be there, and what fits to what. What it
 * corrects is corrected here in the same way.
 */
final class VirtualServerRules {
    private final VirtualServerDraft vs;
    private final @Nullable GroupDraft group;
    private final Reading reading;

    private VirtualServerRules(VirtualServerDraft vs, @Nullable GroupDraft group, Reading reading) {
        this.vs = vs;
        this.group = group;
        this.reading = reading;
    }

    /**
     * Applies them.
     *
     * @param group the group that it names; null = none
     */
    static void apply(VirtualServerDraft vs, @Nullable GroupDraft group, Reading reading) {
        new VirtualServerRules(vs, group, reading).apply();
    }

    private void apply() {
        families();
        if (group != null) {
            groupFamily();
        }
        if (vs.servers.isEmpty()) {
            reading.error("no-real-server", vs.at, vs.name() + " has no real_server (expected: at least one)");
            return;
        }
        boolean marks = group == null ? vs.firewallMark != null : !group.marks.isEmpty();
        boolean addresses = group == null ? vs.firewallMark == null : !group.ranges.isEmpty();
        if (vs.haSuspend && marks) {
            corrected("contradiction", vs.at, "ha_suspend with a firewall mark", "it is ignored");
        }
        if (addresses) {
            protocol();
            ports();
        } else if (vs.protocol != null) {
            corrected(
                    "contradiction",
                    vs.at,
                    "protocol " + vs.protocol + " with a firewall mark (expected: none)",
                    "it is ignored");
            vs.protocol = null;
        }
        if (vs.scheduler == null) {
            corrected("missing-keyword", vs.at, "no lb_algo (expected: the scheduler)", "it is wlc");
            vs.scheduler = "wlc";
        }
        duplicates();
        method();
        sorry();
        quorum();
        new ServerPorts(vs, group, reading).check();
    }

    private void corrected(String code, Position at, String message, String correction) {
        reading.corrected(code, at, vs.name() + ": " + message, correction);
    }

    /** Servers are of the service's family, but those behind tunnels. */
    private void families() {
        ServerDraft sorry = vs.sorry;
        if (sorry != null && mismatch(sorry)) {
            mismatch("sorry_server", sorry);
            vs.sorry = null;
        }
        vs.servers.removeIf(server -> {
            boolean wrong = mismatch(server);
            if (wrong) {
                mismatch("real_server", server);
            }
            return wrong;
        });
        if (vs.family == null && group == null) {
            List<AddressFamily> all = vs.servers.stream()
                    .map(server -> AddressFamily.of(server.address))
                    .distinct()
                    .toList();
            vs.family = all.size() == 1 ? all.get(0) : AddressFamily.INET;
        }
    }

    private boolean mismatch(ServerDraft server) {
        if (vs.forwardingOf(server).kind() == Kind.TUNNEL) {
            return false;
        }
        if (vs.family == null) {
            vs.family = AddressFamily.of(server.address);
        }
        return vs.family != AddressFamily.of(server.address);
    }

    private void mismatch(String keyword, ServerDraft server) {
        reading.error(
                "family-mismatch",
                server.at,
                keyword + ": " + server.name() + " (expected: an address of family " + vs.family + ", as of "
                        + vs.name() + ")");
    }

    private void groupFamily() {
        GroupDraft all = Objects.requireNonNull(group);
        boolean both = all.has(AddressFamily.INET) && all.has(AddressFamily.INET6);
        boolean wrong = vs.family != null && (both || all.has(other(vs.family)));
        if (wrong) {
            reading.error(
                    "family-mismatch",
                    vs.at,
                    vs.name() + ": the group's addresses and its servers are of different families (expected: all "
                            + vs.family + ", or tunnels)");
        }
    }

    private static AddressFamily other(AddressFamily family) {
        return family == AddressFamily.INET ? AddressFamily.INET6 : AddressFamily.INET;
    }

    private void protocol() {
        if (vs.protocol == null) {
            corrected("missing-keyword", vs.at, "no protocol (expected: TCP, UDP or SCTP)", "it is UDP");
            vs.protocol = Protocol.UDP;
        }
        if (vs.onePacket && vs.protocol != Protocol.UDP) {
            corrected("contradiction", vs.at, "ops with " + vs.protocol + " (expected: UDP)", "it is ignored");
            vs.onePacket = false;
        }
    }

    /** Only clients that are kept on their server can have a service at all ports. */
    private void ports() {
        boolean without = group == null ? vs.port == 0 : group.byPort.containsKey(0);
        if (without && vs.persistence == 0) {
            corrected(
                    "missing-value",
                    vs.at,
                    "no port (expected: one, or persistence_timeout)",
                    "persistence is switched on");
            vs.persistence = VirtualServerDraft.PERSISTENCE;
        }
    }

    private void duplicates() {
        Set<String> seen = new HashSet<>(); // texts can be compared, so that many of one hash are found soon

        vs.servers.removeIf(server -> {
            boolean twice = !seen.add(server.name());
            if (twice) {
                corrected(
                        "duplicate",
                        server.at,
                        "real_server " + server.name() + " is there twice (expected: once)",
                        "the first one counts");
            }
            return twice;
        });
    }

    private void method() {
        boolean all = vs.servers.stream().allMatch(server -> server.forwarding != null)
                && (vs.sorry == null || vs.sorry.forwarding != null);
        if (vs.forwarding == null && !all) {
            corrected("missing-keyword", vs.at, "no lb_kind (expected: NAT, DR or TUN)", "it is NAT");
        }
    }

    private void sorry() {
        ServerDraft sorry = vs.sorry;
        if (sorry == null) {
            return;
        }
        for (ServerDraft server : vs.servers) {
            boolean inhibit = server.inhibit == null ? vs.inhibit : server.inhibit;
            if (server.sameAs(sorry) && inhibit != vs.sorryInhibit) {
                corrected(
                        "contradiction",
                        sorry.at,
                        "sorry_server is a real_server with another inhibit_on_failure (expected: the same)",
                        "the real_server's counts");
                vs.sorryInhibit = inhibit;
            }
        }
    }

    private void quorum() {
        long all = vs.servers.stream()
                .mapToLong(server -> server.weight == null ? vs.weight : server.weight)
                .sum();
        Position at = vs.quorumAt == null ? vs.at : vs.quorumAt;
        if (vs.quorum > all) {
            corrected(
                    "out-of-range",
                    at,
                    "quorum: " + vs.quorum + " (expected: at most what all real servers weigh, " + all + ")",
                    "it is lowered to that");
            vs.quorum = all;
        }
        if (vs.hysteresis > 0 && vs.hysteresis >= vs.quorum) {
            corrected(
                    "out-of-range",
                    at,
                    "hysteresis: " + vs.hysteresis + " (expected: less than the quorum, " + vs.quorum + ")",
                    "it is lowered to that");
            vs.hysteresis = Math.max(0, vs.quorum - 1);
        }
        vs.quorum = Math.max(1, vs.quorum);
    }
}
