package io.lvs4j.ipvsadm;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ForwardingMethod.Encapsulation;
import io.lvs4j.ListenAddress;
import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.syntax.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes descriptions of rules. What they cannot hold is told, by the option that says it. The service's forwarding method is its
 * first server's; servers with another say so.
 */
final class Descriptions {
    /** The port of GUE tunnels, which a description does not say. */
    static final int GUE_PORT = 6080;

    private final Findings findings;

    Descriptions(Findings findings) {
        this.findings = findings;
    }

    Optional<VirtualService> of(TableOfRules.Entry entry) {
        int before = findings.errors();
        Rules.Rule rule = entry.service();
        List<ForwardingMethod> methods = new ArrayList<>();
        List<RealServer> servers = new ArrayList<>();
        List<Rules.Rule> rules = new ArrayList<>();
        for (Rules.Rule server : entry.servers()) {
            realServer(server).ifPresent(described -> {
                ForwardingMethod method = described.forwarding().orElseThrow();
                methods.add(method);
                servers.add(method.equals(methods.get(0)) ? withoutMethod(described) : described);
                rules.add(server);
            });
        }
        Optional<VirtualService> service = service(rule, methods);
        if (service.isEmpty()) {
            return service;
        }
        try {
            service = service.map(description -> description.withRealServers(servers));
        } catch (IllegalArgumentException e) {
            tellServers(service.get(), servers, rules, e);
        }
        return findings.errors() == before ? service : Optional.empty();
    }

    private static RealServer withoutMethod(RealServer server) {
        return new RealServer(
                server.key(),
                server.weight(),
                server.upperThreshold(),
                server.lowerThreshold(),
                server.priority(),
                server.inhibitOnFailure(),
                Optional.empty(),
                server.healthChecks());
    }

    /** Says which servers the service refuses. */
    private void tellServers(
            VirtualService service, List<RealServer> servers, List<Rules.Rule> rules, IllegalArgumentException cause) {
        int before = findings.errors();
        for (int i = 0; i < servers.size(); i++) {
            try {
                service.withRealServers(List.of(servers.get(i)));
            } catch (IllegalArgumentException e) {
                unsupported(rules.get(i).position(Option.REAL_SERVER), "-r: " + e.getMessage());
            }
        }
        if (findings.errors() == before) {
            unsupported(rules.get(0).at(), String.valueOf(cause.getMessage()));
        }
    }

    // ---------------------------------------------------------------- services

    private Optional<VirtualService> service(Rules.Rule rule, List<ForwardingMethod> methods) {
        int before = findings.errors();
        ServiceRule says = TableOfRules.service(rule);
        VirtualService.Builder builder = VirtualService.builder();
        address(rule, says, builder);
        scheduling(rule, says).ifPresent(builder::scheduling);
        says.persistent()
                .flatMap(persistent -> persistence(rule, says, persistent))
                .ifPresent(builder::persistence);
        if (!says.engine().isEmpty()) {
            unsupported(
                    rule.position(Option.ENGINE),
                    "--pe: " + says.engine() + " (expected: none, clients are known by their address)");
        }
        if (says.onePacket()) {
            builder.onePacketScheduling();
        }
        if (!methods.isEmpty()) {
            builder.forwarding(methods.get(0));
        }
        if (findings.errors() != before) {
            return Optional.empty();
        }
        try {
            return Optional.of(builder.build());
        } catch (IllegalArgumentException e) {
            unsupported(rule.at(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void address(Rules.Rule rule, ServiceRule says, VirtualService.Builder builder) {
        Position at = rule.position(Option.TCP_SERVICE);
        if (says.address() instanceof ServiceAddress.Mark mark) {
            builder.firewallMark(mark.mark(), mark.family());
        } else if (says.address() instanceof ServiceAddress.At address && address.port() == 0) {
            unsupported(
                    at,
                    says.address()
                            + " (expected: a port, 1..65535; for a service of all ports mark the packets and use -f)");
        } else if (says.address() instanceof ServiceAddress.At address) {
            builder.protocol(address.protocol());
            try {
                builder.listen(new ListenAddress(address.address(), address.port(), address.port()));
            } catch (IllegalArgumentException e) {
                unsupported(at, says.address() + ": " + e.getMessage());
            }
        }
    }

    private Optional<Scheduling> scheduling(Rules.Rule rule, ServiceRule says) {
        String name = says.scheduler();
        if (!Scheduling.names().contains(name)) {
            unsupported(
                    rule.position(Option.SCHEDULER),
                    "-s: " + Findings.quoted(name) + " (expected: one of " + String.join(", ", Scheduling.names())
                            + ")");
            return Optional.empty();
        }
        List<SchedulerFlag> flags = new ArrayList<>();
        boolean hashes = name.equals("sh") || name.equals("mh");
        if (hashes && (says.flags() & 1) != 0) {
            flags.add(SchedulerFlag.parse(name + "-fallback"));
        }
        if (hashes && (says.flags() & 2) != 0) {
            flags.add(SchedulerFlag.parse(name + "-port"));
        }
        if (says.flags() > (hashes ? 3 : 0)) {
            unsupported(
                    rule.position(Option.SCHED_FLAGS),
                    "-b: flags " + says.flags() + " with " + name + " (expected: "
                            + (hashes ? name + "-fallback, " + name + "-port" : "none, " + name + " has none") + ")");
        }
        return Optional.of(Scheduling.of(name).withFlags(flags.toArray(SchedulerFlag[]::new)));
    }

    private Optional<Persistence> persistence(Rules.Rule rule, ServiceRule says, ServiceRule.Persistent persistent) {
        Persistence persistence = Persistence.of(Duration.ofSeconds(persistent.seconds()));
        int mask = persistent.netmask();
        if (says.address().family() == AddressFamily.INET6) {
            return Optional.of(persistence.withIpv6PrefixLength(mask));
        }
        int length = Integer.bitCount(mask);
        if (length == 0 || Integer.numberOfTrailingZeros(mask) != Integer.SIZE - length) {
            unsupported(
                    rule.position(Option.NETMASK),
                    "-M: " + says.netmask().orElse("")
                            + " (expected: ones before zeros such as 255.255.255.0, not 0.0.0.0)");
            return Optional.empty();
        }
        return Optional.of(persistence.withIpv4PrefixLength(length));
    }

    // ---------------------------------------------------------------- servers

    private Optional<RealServer> realServer(Rules.Rule rule) {
        int before = findings.errors();
        ServerRule says = TableOfRules.server(rule);
        if (says.port() == 0) {
            unsupported(
                    rule.position(Option.REAL_SERVER),
                    "-r: " + says.endpoint() + " (expected: a port, 1..65535, the server's own)");
        }
        if (says.weight() > RealServer.MAX_WEIGHT) {
            unsupported(
                    rule.position(Option.WEIGHT),
                    "-w: " + says.weight() + " (expected: 0.." + RealServer.MAX_WEIGHT + ")");
        }
        ForwardingMethod method = switch (says.forwarding()) {
            case MASQUERADING -> ForwardingMethod.masquerade();
            case TUNNEL -> tunnel(rule, says.tunnel().orElseThrow());
            case GATEWAYING, LOCAL -> ForwardingMethod.directRouting();
        };
        if (findings.errors() != before) {
            return Optional.empty();
        }
        try {
            return Optional.of(RealServer.builder(new ServerKey(says.address(), says.port()))
                    .weight(says.weight())
                    .upperThreshold(says.upperThreshold())
                    .lowerThreshold(says.lowerThreshold())
                    .forwarding(method)
                    .build());
        } catch (IllegalArgumentException e) {
            unsupported(rule.position(Option.REAL_SERVER), "-r: " + e.getMessage());
            return Optional.empty();
        }
    }

    private ForwardingMethod tunnel(Rules.Rule rule, ServerRule.Tunnel tunnel) {
        if (tunnel.encapsulation() == Encapsulation.GUE && tunnel.port() != GUE_PORT) {
            unsupported(
                    rule.position(Option.TUN_PORT), "--tun-port: " + tunnel.port() + " (expected: " + GUE_PORT + ")");
        }
        if (tunnel.checksum() != ServerRule.Checksum.NONE) {
            Position at = rule.position(Option.TUN_NOCSUM);
            unsupported(
                    at,
                    (tunnel.checksum() == ServerRule.Checksum.COMPUTE ? Option.TUN_CSUM : Option.TUN_REMCSUM)
                            + ": (expected: --tun-nocsum)");
        }
        return ForwardingMethod.tunnel(tunnel.encapsulation());
    }

    private void unsupported(Position at, String message) {
        findings.error("unsupported-value", at, message);
    }
}
