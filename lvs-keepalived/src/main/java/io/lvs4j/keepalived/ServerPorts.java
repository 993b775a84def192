package io.lvs4j.keepalived;

import io.lvs4j.ForwardingMethod.Kind;
import org.jspecify.annotations.Nullable;

/** Looks whether ports fit: only NAT can change a packet's port, so that with DR and TUN servers have the service's. */
final class ServerPorts {
    private final VirtualServerDraft vs;
    private final @Nullable GroupDraft group;
    private final Reading reading;

    ServerPorts(VirtualServerDraft vs, @Nullable GroupDraft group, Reading reading) {
        this.vs = vs;
        this.group = group;
        this.reading = reading;
    }

    void check() {
        vs.servers.forEach(server -> check("real_server", server));
        if (vs.sorry != null) {
            check("sorry_server", vs.sorry);
        }
    }

    private void check(String keyword, ServerDraft server) {
        if (vs.forwardingOf(server).kind() == Kind.MASQUERADE || server.port == 0) {
            return;
        }
        boolean marked = group == null ? vs.firewallMark != null : !group.marks.isEmpty();
        boolean another =
                group == null ? vs.firewallMark == null && vs.port != server.port : group.hasOtherThan(server.port);
        if (marked) {
            reading.corrected(
                    "port-mismatch",
                    server.at,
                    keyword + ": port " + server.port + " with a firewall mark (expected: none, but with NAT)",
                    "packets keep their port");
        }
        if (another) {
            reading.corrected(
                    "port-mismatch",
                    server.at,
                    keyword + ": port " + server.port + " (expected: the port of " + vs.name() + ", but with NAT)",
                    "packets keep their port");
        }
    }
}
