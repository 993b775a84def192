package io.lvs4j.keepalived;

import io.lvs4j.AccessList;
import io.lvs4j.AddressFamily;
import io.lvs4j.ConnectionLimits;
import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.DirectorSnapshot;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ListenAddress;
import io.lvs4j.Persistence;
import io.lvs4j.PoolRules;
import io.lvs4j.ProxyProtocol;
import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.ServerNames;
import io.lvs4j.ServiceKey;
import io.lvs4j.ServiceSnapshot;
import io.lvs4j.VirtualService;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.keepalived.syntax.ConfigTree;
import io.lvs4j.keepalived.syntax.ConfigWriter;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.Statement;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes services and virtual routers as keepalived.conf. {@link KeepalivedConfig} reads the same of it, in the form that keepalived has:
 * a service's checks are its servers', and a server does not repeat what its service says. To write a file that was read with its comments,
 * write its tree: {@code ConfigWriter.write(config.tree())}.
 *
 * <p>What keepalived has not is lost, and named in {@link #lost}: slow start, panic threshold, the limit on servers taken out, flap
 * damping and outlier detection; priorities; servers by name; timeouts of connections; the PROXY protocol; access lists and limits; TLS
 * server names; persistence by anything but the client's address; table size, expiry and old hash of schedulers; a sorry server's weight
 * and thresholds. Without what follows there is no configuration that comes near, and it is refused: ranges of ports, schedulers of the
 * embedder's own, full NAT, services without a server, checks that keepalived does not have (TLS, gRPC, agent, custom; HTTP with verified
 * certificates or headers) and settings of checks (more than one pass to rise, times of less than a microsecond).
 *
 * @param tree the configuration
 * @param lost what it cannot say, a sentence each, such as {@code tcp 10.0.0.1:80: slow start}
 */
public record KeepalivedWriter(ConfigTree tree, List<String> lost) {
    private static final int GUE_PORT = 6080;
    private static final Position NOWHERE = new Position("", 1, 1);

    /** Copies the list. */
    public KeepalivedWriter {
        Objects.requireNonNull(tree, "tree");
        lost = List.copyOf(lost);
    }

    /**
     * {@return a director's services as they are described, which is without what operators and checks made of them since}
     *
     * @param snapshot the services
     * @throws IllegalArgumentException as {@link #of(Collection)}
     */
    public static KeepalivedWriter of(DirectorSnapshot snapshot) {
        return of(snapshot.services().stream().map(ServiceSnapshot::service).toList());
    }

    /**
     * {@return some services}
     *
     * @param services the services
     * @throws IllegalArgumentException if nothing that keepalived has comes near one of them, naming it and what is wrong
     */
    public static KeepalivedWriter of(Collection<VirtualService> services) {
        return of(services, VrrpConfig.none());
    }

    /**
     * {@return some services and virtual routers}
     *
     * @param services the services
     * @param vrrp the routers, and what they look at
     * @throws IllegalArgumentException as {@link #of(Collection)}, and if what a router names is not there
     */
    public static KeepalivedWriter of(Collection<VirtualService> services, VrrpConfig vrrp) {
        return ofConfigured(
                services.stream().map(KeepalivedWriter::withoutScripts).toList(), vrrp);
    }

    private static ConfiguredService withoutScripts(VirtualService service) {
        return new ConfiguredService(service, NOWHERE, Optional.empty(), Optional.empty(), Map.of(), Map.of());
    }

    /**
     * {@return some services with their notify scripts, and virtual routers}
     *
     * @param services the services; where they were is of no matter
     * @param vrrp the routers, and what they look at
     * @throws IllegalArgumentException as {@link #of(Collection, VrrpConfig)}, or if a script is of a server that its service has not
     */
    public static KeepalivedWriter ofConfigured(Collection<ConfiguredService> services, VrrpConfig vrrp) {
        BlockWriter blocks = new BlockWriter();
        CheckWriter checks = new CheckWriter();
        BlockWriter files = new BlockWriter();
        List<String> lost = new ArrayList<>();
        List<ConfiguredService> written = new ArrayList<>();
        int groups = 0;
        for (ConfiguredService each : services) {
            VirtualService service = each.service();
            VirtualService plain = plain(service);
            lost(service, plain, lost);
            ConfiguredService shall = with(plain, each);
            written.add(shall);
            try {
                requireServers(each);
                requirePossible(plain);
                boolean group = plain.key() instanceof ServiceKey.Listening listening
                        && listening.addresses().size() > 1;
                write(shall, group ? "group_" + ++groups : "", checks, blocks);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(service.key() + ": " + e.getMessage(), e);
            }
        }
        checks.files()
                .forEach((path, name) -> files.block(
                        block -> {
                            block.add("file", path);
                            block.add("weight", 0);
                        },
                        "track_file",
                        name));
        RouterWriter.write(vrrp, files);
        List<Statement> all = new ArrayList<>(files.tree().statements());
        all.addAll(blocks.tree().statements());
        KeepalivedWriter result = new KeepalivedWriter(new ConfigTree(all, List.of()), lost);
        requireSame(written, vrrp, result.text());
        return result;
    }

    /** {@return the text} */
    public String text() {
        return ConfigWriter.write(tree);
    }

    /** Reads what has been written, so that nothing is written that would mean something else. */
    private static void requireSame(List<ConfiguredService> written, VrrpConfig vrrp, String text) {
        KeepalivedConfig read = KeepalivedConfig.read("written", text, ReadOptions.STRICT);
        read.diagnostics().stream()
                .filter(each -> each.severity() == Diagnostic.Severity.ERROR)
                .findFirst()
                .ifPresent(each -> {
                    throw new IllegalArgumentException("keepalived.conf: " + each.message());
                });
        List<ConfiguredService> services = read.services();
        for (int i = 0; i < written.size(); i++) {
            if (i >= services.size() || !isSame(services.get(i), written.get(i))) {
                throw new IllegalArgumentException(text(written.get(i))
                        + " (expected: what keepalived can say, which is rather "
                        + (i < services.size() ? text(services.get(i)) : "nothing")
                        + ")");
            }
        }
        if (vrrp.equals(VrrpConfig.none())) {
            return; // files of checks are read as files that routers may look at
        }
        VrrpConfig routers = RouterWriter.plain(read.vrrp());
        if (!routers.equals(RouterWriter.plain(vrrp))) {
            throw new IllegalArgumentException("virtual routers: " + vrrp
                    + " (expected: what keepalived can say, which is rather " + routers + ")");
        }
    }

    private static boolean isSame(ConfiguredService read, ConfiguredService written) {
        return read.service().equals(written.service()) && NotifyWriter.isSame(read, written);
    }

    private static String text(ConfiguredService each) {
        return each.service() + " " + each.service().realServers() + NotifyWriter.text(each);
    }

    private static void requireServers(ConfiguredService each) {
        Stream.of(each.notifyUp(), each.notifyDown())
                .flatMap(scripts -> scripts.keySet().stream())
                .forEach(server -> {
                    if (each.service().realServer(server).isEmpty()) {
                        throw new IllegalArgumentException(
                                "script of: " + server + " (expected: a server of the service)");
                    }
                });
    }

    private static ConfiguredService with(VirtualService service, ConfiguredService scripts) {
        return new ConfiguredService(
                service,
                scripts.at(),
                scripts.quorumUp(),
                scripts.quorumDown(),
                scripts.notifyUp(),
                scripts.notifyDown());
    }

    private static void requirePossible(VirtualService service) {
        if (!service.scheduling().isKernels()) {
            throw new IllegalArgumentException(
                    "scheduler: " + service.scheduling().name() + " (expected: one of "
                            + String.join(", ", Scheduling.names()) + ")");
        }
        if (service.realServers().isEmpty()) {
            throw new IllegalArgumentException("realServers: none (expected: at least one with an address)");
        }
        if (service.key() instanceof ServiceKey.Listening listening) {
            for (ListenAddress at : listening.addresses()) {
                if (at.firstPort() != at.lastPort()) {
                    throw new IllegalArgumentException("listen: " + at + " (expected: single ports)");
                }
            }
        }
    }

    // ---------------------------------------------------------------- what is lost

    /** {@return a service with what keepalived can say alone, in the form in which it is read} */
    private static VirtualService plain(VirtualService service) {
        Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
        flags.addAll(service.scheduling().flags());
        flags.remove(SchedulerFlag.SH_OLD_HASH);
        flags.remove(SchedulerFlag.DH_OLD_HASH);
        boolean kernels = service.scheduling().isKernels();
        PoolRules rules = service.poolRules();
        PoolRules.Builder kept = PoolRules.builder().quorum(rules.quorum(), rules.hysteresis());
        if (rules.alpha()) {
            kept.alpha();
        }
        if (rules.omega()) {
            kept.omega();
        }
        if (rules.inhibitOnFailure()) {
            kept.inhibitOnFailure();
        }
        rules.sorryServer()
                .ifPresent(sorry -> kept.sorryServer(plain(
                        new RealServer(
                                sorry.key(), 1, 0, 0, 0, sorry.inhibitOnFailure(), sorry.forwarding(), List.of()),
                        service,
                        List.of())));
        return new VirtualService(
                service.key(),
                kernels
                        ? Scheduling.of(service.scheduling().name()).withFlags(flags.toArray(SchedulerFlag[]::new))
                        : service.scheduling(),
                service.onePacketScheduling(),
                service.forwarding(),
                service.persistence().map(persistence -> plain(persistence, service.key())),
                kept.build(),
                ConnectionTimeouts.defaults(),
                ProxyProtocol.none(),
                AccessList.everybody(),
                ConnectionLimits.defaults(),
                ServerNames.none(),
                List.of(),
                service.realServers().stream()
                        .map(server -> plain(server, service, service.checksOf(server)))
                        .toList(),
                List.of());
    }

    private static RealServer plain(RealServer server, VirtualService service, List<HealthCheck> checks) {
        return new RealServer(
                server.key(),
                server.weight(),
                server.upperThreshold(),
                server.lowerThreshold(),
                0,
                server.inhibitOnFailure() && !service.poolRules().inhibitOnFailure(),
                server.forwarding().filter(method -> !method.equals(service.forwarding())),
                checks);
    }

    private static Persistence plain(Persistence persistence, ServiceKey key) {
        Persistence kept = Persistence.of(persistence.timeout());
        return family(key) == AddressFamily.INET6
                ? kept.withIpv6PrefixLength(persistence.ipv6PrefixLength())
                : kept.withIpv4PrefixLength(persistence.ipv4PrefixLength());
    }

    private static AddressFamily family(ServiceKey key) {
        return key instanceof ServiceKey.FirewallMark mark
                ? mark.family()
                : AddressFamily.of(
                        ((ServiceKey.Listening) key).addresses().get(0).address());
    }

    private static void lost(VirtualService service, VirtualService plain, List<String> lost) {
        lost(service, "settings of the scheduler", service.scheduling(), plain.scheduling(), lost);
        lost(service, "settings of the persistence", service.persistence(), plain.persistence(), lost);
        lost(service, "timeouts of connections", service.timeouts(), plain.timeouts(), lost);
        lost(service, "the PROXY protocol", service.proxyProtocol(), plain.proxyProtocol(), lost);
        lost(service, "who is let in", service.access(), plain.access(), lost);
        lost(service, "limits", service.limits(), plain.limits(), lost);
        lost(service, "TLS server names", service.serverNames(), plain.serverNames(), lost);
        lost(service, "servers by name", service.namedServers(), plain.namedServers(), lost);
        PoolRules rules = service.poolRules();
        PoolRules none = PoolRules.defaults();
        lost(service, "slow start", rules.slowStart(), none.slowStart(), lost);
        lost(service, "the panic threshold", rules.panicThreshold(), none.panicThreshold(), lost);
        lost(service, "how many servers may be taken out", rules.maxDepool(), none.maxDepool(), lost);
        lost(service, "flap damping", rules.flapDamping(), none.flapDamping(), lost);
        lost(service, "outlier detection", rules.outlierDetection(), none.outlierDetection(), lost);
        rules.sorryServer()
                .filter(sorry -> sorry.weight() != 1 || sorry.upperThreshold() != 0 || sorry.priority() != 0)
                .ifPresent(sorry -> lost.add(service.key() + ": settings of the sorry server"));
        service.realServers().stream()
                .filter(server -> server.priority() != 0)
                .forEach(server -> lost.add(service.key() + ": the priority of " + server.key()));
    }

    private static void lost(VirtualService service, String what, Object has, Object keeps, List<String> lost) {
        if (!has.equals(keeps)) {
            lost.add(service.key() + ": " + what);
        }
    }

    // ---------------------------------------------------------------- what is written

    private static void write(ConfiguredService described, String group, CheckWriter checks, BlockWriter blocks) {
        VirtualService service = described.service();
        Object[] name;
        if (service.key() instanceof ServiceKey.FirewallMark mark) {
            name = new Object[] {"fwmark", mark.mark()};
        } else {
            List<ListenAddress> addresses = ((ServiceKey.Listening) service.key()).addresses();
            if (group.isEmpty()) {
                name = new Object[] {
                    text(addresses.get(0).address()), addresses.get(0).firstPort()
                };
            } else {
                blocks.block(
                        block -> addresses.forEach(at -> block.add(text(at.address()), at.firstPort())),
                        "virtual_server_group",
                        group);
                name = new Object[] {"group", group};
            }
        }
        blocks.block(block -> settings(described, checks, block), "virtual_server", name);
    }

    private static void settings(ConfiguredService described, CheckWriter checks, BlockWriter block) {
        VirtualService service = described.service();
        if (service.key() instanceof ServiceKey.FirewallMark mark && mark.family() == AddressFamily.INET6) {
            block.add("ip_family", "inet6");
        }
        block.add("lb_algo", service.scheduling().name());
        service.scheduling().flags().forEach(flag -> block.add(flag.toString()));
        block.add("lb_kind", method(service.forwarding()));
        if (service.key() instanceof ServiceKey.Listening listening) {
            block.add("protocol", listening.protocol().toString().toUpperCase(Locale.ROOT));
        }
        if (service.onePacketScheduling()) {
            block.add("ops");
        }
        service.persistence().ifPresent(persistence -> persistence(persistence, service.key(), block));
        rules(service, block);
        NotifyWriter.service(described, block);
        boolean alpha = service.poolRules().alpha();
        for (RealServer server : service.realServers()) {
            block.block(
                    inner -> {
                        server(server, alpha, checks, inner);
                        NotifyWriter.server(described, server.key(), inner);
                    },
                    "real_server",
                    text(server.key().address()),
                    server.key().port());
        }
    }

    private static void persistence(Persistence persistence, ServiceKey key, BlockWriter block) {
        block.add("persistence_timeout", persistence.timeout().toSeconds());
        if (family(key) == AddressFamily.INET6) {
            if (persistence.ipv6PrefixLength() != 128) {
                block.add("persistence_granularity", persistence.ipv6PrefixLength());
            }
        } else if (persistence.ipv4PrefixLength() != 32) {
            block.add("persistence_granularity", netmask(persistence.ipv4PrefixLength()));
        }
    }

    private static String netmask(int prefix) {
        byte[] mask = ByteBuffer.allocate(4).putInt(-1 << (32 - prefix)).array();
        return List.of(mask[0], mask[1], mask[2], mask[3]).stream()
                .map(each -> Integer.toString(each & 0xff))
                .collect(Collectors.joining("."));
    }

    private static void rules(VirtualService service, BlockWriter block) {
        PoolRules rules = service.poolRules();
        if (rules.quorum() != 1) {
            block.add("quorum", rules.quorum());
        }
        if (rules.hysteresis() != 0) {
            block.add("hysteresis", rules.hysteresis());
        }
        if (rules.alpha()) {
            block.add("alpha");
        }
        if (rules.omega()) {
            block.add("omega");
        }
        if (rules.inhibitOnFailure()) {
            block.add("inhibit_on_failure");
        }
        rules.sorryServer().ifPresent(sorry -> {
            block.add("sorry_server", text(sorry.key().address()), sorry.key().port());
            if (sorry.inhibitOnFailure()) {
                block.add("sorry_server_inhibit");
            }
            sorry.forwarding().ifPresent(method -> block.add("sorry_server_lvs_method", method(method)));
        });
    }

    private static void server(RealServer server, boolean alpha, CheckWriter checks, BlockWriter block) {
        block.add("weight", server.weight());
        server.forwarding().ifPresent(method -> block.add("lvs_method", method(method)));
        if (server.upperThreshold() != 0) {
            block.add("uthreshold", server.upperThreshold());
        }
        if (server.lowerThreshold() != 0) {
            block.add("lthreshold", server.lowerThreshold());
        }
        if (server.inhibitOnFailure()) {
            block.add("inhibit_on_failure", "yes");
        }
        server.healthChecks().forEach(check -> checks.write(check, alpha, block));
    }

    private static Object[] method(ForwardingMethod method) {
        return switch (method.kind()) {
            case MASQUERADE -> new Object[] {"NAT"};
            case DIRECT_ROUTING -> new Object[] {"DR"};
            case TUNNEL ->
                switch (((ForwardingMethod.Tunnel) method).encapsulation()) {
                    case IPIP -> new Object[] {"TUN"};
                    case GUE -> new Object[] {"TUN", "type", "gue", "port", GUE_PORT};
                    case GRE -> new Object[] {"TUN", "type", "gre"};
                };
            case FULL_NAT ->
                throw new IllegalArgumentException(
                        "forwarding: " + method + " (expected: masquerade, direct-routing or tunnel)");
        };
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }
}
