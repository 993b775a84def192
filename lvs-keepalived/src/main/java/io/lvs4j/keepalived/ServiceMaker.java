package io.lvs4j.keepalived;

import io.lvs4j.ForwardingMethod;
import io.lvs4j.ForwardingMethod.Kind;
import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a service of a virtual server that has no errors. */
final class ServiceMaker {
    private final VirtualServerDraft vs;
    private final Reading reading;
    private final boolean alphaOfAll;
    private final boolean inhibitOfAll;

    ServiceMaker(VirtualServerDraft vs, Reading reading) {
        this.vs = vs;
        this.reading = reading;
        alphaOfAll = Boolean.TRUE.equals(vs.timing.alpha)
                && vs.servers.stream()
                        .allMatch(server -> !Boolean.FALSE.equals(server.timing.alpha)
                                && server.checks.stream().noneMatch(check -> Boolean.FALSE.equals(check.timing.alpha)));
        inhibitOfAll = vs.inhibit && vs.servers.stream().noneMatch(server -> Boolean.FALSE.equals(server.inhibit));
    }

    /** {@return whether a server's port is that of the service} */
    static boolean takesPortOfService(VirtualServerDraft vs, ServerDraft server) {
        return server.port == 0 || vs.forwardingOf(server).kind() != Kind.MASQUERADE;
    }

    /**
     * {@return the service}
     *
     * @param service it, with its key
     * @param port its port; 0 = a firewall mark's, -1 = several, none of which a server takes
     * @throws IllegalArgumentException if the library has no such services
     */
    ConfiguredService make(VirtualService.Builder service, int port) {
        settings(service, port == 0);
        rules(service, port);
        List<RealServer> servers = new ArrayList<>(vs.servers.size());
        Map<ServerKey, Script> up = new HashMap<>();
        Map<ServerKey, Script> down = new HashMap<>();
        for (ServerDraft each : vs.servers) {
            RealServer server = server(each, port);
            servers.add(server);
            if (each.notifyUp != null) {
                up.put(server.key(), each.notifyUp);
            }
            if (each.notifyDown != null) {
                down.put(server.key(), each.notifyDown);
            }
        }
        return new ConfiguredService(
                service.build().withRealServers(servers),
                vs.at,
                Optional.ofNullable(vs.quorumUp),
                Optional.ofNullable(vs.quorumDown),
                up,
                down);
    }

    private void settings(VirtualService.Builder service, boolean mark) {
        if (vs.protocol != null && !mark) {
            service.protocol(vs.protocol);
        }
        String scheduler = vs.scheduler == null ? "wlc" : vs.scheduler;
        service.scheduling(Scheduling.of(scheduler).withFlags(flags(scheduler).toArray(SchedulerFlag[]::new)));
        service.forwarding(vs.forwarding == null ? ForwardingMethod.masquerade() : vs.forwarding);
        if (vs.onePacket) {
            service.onePacketScheduling();
        }
        if (vs.persistence > 0) {
            Persistence persistence = Persistence.of(Duration.ofSeconds(vs.persistence));
            if (vs.ipv4Prefix != null) {
                persistence = persistence.withIpv4PrefixLength(vs.ipv4Prefix);
            }
            if (vs.ipv6Prefix != null) {
                persistence = persistence.withIpv6PrefixLength(vs.ipv6Prefix);
            }
            service.persistence(persistence);
        }
    }

    /** {@code flag-1} is the fallback and {@code flag-2} the port, of the schedulers that have flags. */
    private Set<SchedulerFlag> flags(String scheduler) {
        Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
        for (SchedulerFlag each : vs.schedulerFlags) {
            if (each.scheduler().equals(scheduler)) {
                flags.add(each);
            }
        }
        if (scheduler.equals("sh") || scheduler.equals("mh")) {
            if (vs.plainFlags.contains("flag-1")) {
                flags.add(SchedulerFlag.parse(scheduler + "-fallback"));
            }
            if (vs.plainFlags.contains("flag-2")) {
                flags.add(SchedulerFlag.parse(scheduler + "-port"));
            }
        }
        return flags;
    }

    private void rules(VirtualService.Builder service, int port) {
        service.quorum((int) Math.min(vs.quorum, Integer.MAX_VALUE), (int) Math.min(vs.hysteresis, Integer.MAX_VALUE));
        if (alphaOfAll) {
            service.alpha();
        }
        if (vs.omega) {
            service.omega();
        }
        if (inhibitOfAll) {
            service.inhibitOnFailure();
        }
        ServerDraft sorry = vs.sorry;
        if (sorry != null) {
            RealServer.Builder server = RealServer.builder(key(sorry, port));
            if (vs.sorryInhibit && !inhibitOfAll) {
                server.inhibitOnFailure();
            }
            forwarding(sorry, server);
            service.sorryServer(server.build());
        }
    }

    private ServerKey key(ServerDraft server, int port) {
        return new ServerKey(server.address, takesPortOfService(vs, server) && port > 0 ? port : server.port);
    }

    private void forwarding(ServerDraft from, RealServer.Builder to) {
        ForwardingMethod standard = vs.forwarding == null ? ForwardingMethod.masquerade() : vs.forwarding;
        if (from.forwarding != null && !from.forwarding.equals(standard)) {
            to.forwarding(from.forwarding);
        }
    }

    private RealServer server(ServerDraft each, int port) {
        RealServer.Builder server = RealServer.builder(key(each, port))
                .weight(Math.min(RealServer.MAX_WEIGHT, each.weight == null ? vs.weight : each.weight))
                .upperThreshold((int) Math.min(Integer.MAX_VALUE, each.upperThreshold))
                .lowerThreshold((int) Math.min(Integer.MAX_VALUE, each.lowerThreshold));
        if (!inhibitOfAll && (each.inhibit == null ? vs.inhibit : each.inhibit)) {
            server.inhibitOnFailure();
        }
        forwarding(each, server);
        Optional<String> host = Optional.ofNullable(each.virtualHost).or(() -> Optional.ofNullable(vs.virtualHost));
        TimingDraft around = each.timing.within(vs.timing);
        for (CheckDraft check : each.checks) {
            server.healthCheck(check.build(check.resolve(around, alphaOfAll, reading), host, reading));
        }
        return server.build();
    }
}
