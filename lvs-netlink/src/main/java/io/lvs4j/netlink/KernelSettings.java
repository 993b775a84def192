package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ListenAddress;
import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceKey;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a description means in the kernel's terms. A service with several listen addresses is as many services of the kernel with
 * the same servers, each with a scheduler's state of its own; a firewall mark makes one of them.
 */
final class KernelSettings {
    /** The size of mh's table in every kernel that is not built otherwise ({@code CONFIG_IP_VS_MH_TAB_INDEX}). */
    private static final int MH_TABLE_SIZE = 4093;

    /** GUE's port as IANA has assigned it. */
    private static final int GUE_PORT = 6080;

    private static final int FALLBACK = 1;
    private static final int PORT = 2;

    private KernelSettings() {}

    /** Refuses what the kernel cannot do, beyond what capabilities say. */
    static void require(VirtualService service, String backend) {
        if (service.key() instanceof ServiceKey.Listening listening) {
            for (ListenAddress address : listening.addresses()) {
                if (address.firstPort() != address.lastPort()) {
                    throw unsupported(
                            service,
                            backend,
                            "listen",
                            address,
                            "single ports; for a range mark packets and use firewallMark");
                }
                if (address.address().isAnyLocalAddress()) {
                    throw unsupported(
                            service,
                            backend,
                            "listen",
                            address,
                            "the virtual addresses one by one; for all of them mark packets and use firewallMark");
                }
            }
            if (listening.addresses().size() > 1 && service.persistence().isPresent()) {
                throw unsupported(
                        service,
                        backend,
                        "persistence",
                        "with " + listening.addresses().size() + " listen addresses",
                        "one listen address; for clients to stay on their server across several mark packets and use"
                                + " firewallMark");
            }
        }
        if (isFullNat(service) && uses(service, ForwardingMethod.Kind.MASQUERADE)) {
            throw unsupported(
                    service,
                    backend,
                    "forwarding",
                    "masquerade and full NAT in one service",
                    "one of them; to iptables both are the same");
        }
        if (service.onePacketScheduling() && isFullNat(service)) { // without a connection no rule finds what to rewrite
            throw unsupported(
                    service, backend, "onePacketScheduling", "with full NAT", "direct routing, a tunnel or masquerade");
        }
        requireOneSource(service, backend);
        Scheduling scheduling = service.scheduling();
        for (SchedulerFlag flag : scheduling.flags()) {
            if (flag == SchedulerFlag.SH_OLD_HASH || flag == SchedulerFlag.DH_OLD_HASH) {
                throw unsupported(
                        service, backend, "scheduler flag", flag, "none such; the kernel hashes as its version does");
            }
        }
        if (scheduling.tableSize().isPresent() && scheduling.tableSize().getAsInt() != MH_TABLE_SIZE) {
            throw unsupported(
                    service,
                    backend,
                    "scheduler table size",
                    scheduling.tableSize().getAsInt(),
                    MH_TABLE_SIZE + ", which the kernel is built with");
        }
        if (scheduling.expiry().isPresent()) {
            throw unsupported(
                    service,
                    backend,
                    "scheduler expiry",
                    scheduling.expiry().get(),
                    "none; sysctl net.ipv4.vs." + scheduling.name() + "_expiration says it for all services");
        }
    }

    private static void requireOneSource(VirtualService service, String backend) {
        List<ForwardingMethod.FullNat> methods = FullNatRule.methods(service);
        if (methods.size() > 1) {
            throw unsupported(service, backend, "forwarding", methods, "one source for all servers of a service");
        }
        for (FullNatRule rule : FullNatRule.of(service)) {
            if (rule.source().isPresent()
                    && AddressFamily.of(rule.source().get().first())
                            != rule.service().family()) {
                throw unsupported(
                        service,
                        backend,
                        "forwarding",
                        methods.get(0),
                        "a source of the family of " + rule.service() + ", "
                                + rule.service().family());
            }
        }
    }

    private static UnsupportedSettingException unsupported(
            VirtualService service, String backend, String setting, Object value, String expected) {
        return new UnsupportedSettingException(setting, value.toString(), backend, expected, service.key());
    }

    /** Whether the source of packets is to be rewritten as well. */
    static boolean isFullNat(VirtualService service) {
        return uses(service, ForwardingMethod.Kind.FULL_NAT);
    }

    static boolean uses(VirtualService service, ForwardingMethod.Kind kind) {
        return service.allServers().stream()
                .anyMatch(server -> service.forwardingOf(server).kind() == kind);
    }

    /** Returns the kernel services that a service is. */
    static List<IpvsServiceKey> keys(ServiceKey key) {
        if (key instanceof ServiceKey.FirewallMark mark) {
            return List.of(new IpvsServiceKey.FirewallMark(mark.mark(), mark.family()));
        }
        ServiceKey.Listening listening = (ServiceKey.Listening) key;
        return listening.addresses().stream()
                .<IpvsServiceKey>map(
                        at -> new IpvsServiceKey.Address(listening.protocol(), at.address(), at.firstPort()))
                .toList();
    }

    /**
     * Returns what one of the kernel services that a pool is shall be.
     *
     * <p>A server that is not serving and has connections stays with weight 0, so that they go on. To the hashes it would still be
     * the one server for its clients: then {@code sh} and {@code mh} fall back on others, and for {@code dh}, which cannot, it
     * leaves.
     *
     * @param busy the servers that have connections in the kernel
     */
    static ServiceState state(Pool pool, IpvsServiceKey key, Set<ServerKey> busy) {
        String scheduler = pool.service().scheduling().name();
        boolean held = false;
        List<IpvsDestination> destinations = new ArrayList<>();
        for (Pool.Member member : pool.members()) {
            if (member.serving()) {
                destinations.add(destination(pool.service(), member.server(), member.weight()));
            } else if (busy.contains(member.server().key()) && !scheduler.equals("dh")) {
                destinations.add(destination(pool.service(), member.server(), 0));
                held = true;
            }
        }
        boolean fallback = held && (scheduler.equals("sh") || scheduler.equals("mh"));
        return new ServiceState(service(pool.service(), key, fallback ? FALLBACK : 0), destinations);
    }

    private static IpvsService service(VirtualService service, IpvsServiceKey key, int moreFlags) {
        int flags = moreFlags;
        for (SchedulerFlag flag : service.scheduling().flags()) {
            flags |= flag == SchedulerFlag.SH_FALLBACK || flag == SchedulerFlag.MH_FALLBACK ? FALLBACK : PORT;
        }
        Optional<IpvsService.Persistence> persistence =
                service.persistence().map(p -> new IpvsService.Persistence(p.timeout(), prefixLength(p, key)));
        return new IpvsService(key, service.scheduling().name(), flags, service.onePacketScheduling(), persistence, "");
    }

    private static int prefixLength(Persistence persistence, IpvsServiceKey key) {
        return switch (key.family()) {
            case INET -> persistence.ipv4PrefixLength();
            case INET6 -> persistence.ipv6PrefixLength();
        };
    }

    private static IpvsDestination destination(VirtualService service, RealServer server, int weight) {
        ForwardingMethod method = service.forwardingOf(server);
        IpvsDestination.Method kernels = switch (method.kind()) {
            case MASQUERADE, FULL_NAT -> IpvsDestination.Method.MASQUERADE;
            case DIRECT_ROUTING -> IpvsDestination.Method.DIRECT_ROUTING;
            case TUNNEL -> IpvsDestination.Method.TUNNEL;
        };
        Optional<IpvsDestination.Tunnel> tunnel = method instanceof ForwardingMethod.Tunnel t
                ? Optional.of(new IpvsDestination.Tunnel(
                        t.encapsulation(),
                        t.encapsulation() == ForwardingMethod.Encapsulation.GUE ? GUE_PORT : 0,
                        IpvsDestination.Checksum.NONE))
                : Optional.empty();
        return new IpvsDestination(
                server.key().address(),
                server.key().port(),
                kernels,
                weight,
                server.upperThreshold(),
                server.lowerThreshold(),
                tunnel);
    }
}
