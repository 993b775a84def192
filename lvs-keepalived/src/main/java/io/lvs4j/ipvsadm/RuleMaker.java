package io.lvs4j.ipvsadm;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ListenAddress;
import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import io.lvs4j.ipvsadm.ServerRule.Forwarding;
import java.util.List;
import java.util.Optional;

/** Makes rules of descriptions, as far as rules go. */
final class RuleMaker {
    private RuleMaker() {}

    /** Returns a rule for each listen address, of a range for its first port; or the one of the firewall mark. */
    static List<ServiceRule> services(VirtualService service) {
        if (service.key() instanceof ServiceKey.FirewallMark mark) {
            return List.of(service(service, new ServiceAddress.Mark(mark.mark(), mark.family())));
        }
        ServiceKey.Listening listening = (ServiceKey.Listening) service.key();
        return listening.addresses().stream()
                .map(at -> service(service, address(listening, at)))
                .toList();
    }

    private static ServiceAddress address(ServiceKey.Listening listening, ListenAddress at) {
        return new ServiceAddress.At(listening.protocol(), at.address(), at.firstPort());
    }

    private static ServiceRule service(VirtualService service, ServiceAddress address) {
        int flags = 0;
        for (SchedulerFlag flag : service.scheduling().flags()) {
            flags |= switch (flag) {
                case SH_FALLBACK, MH_FALLBACK -> 1;
                case SH_PORT, MH_PORT -> 2;
                case SH_OLD_HASH, DH_OLD_HASH -> 0;
            };
        }
        return new ServiceRule(
                address,
                service.scheduling().name(),
                flags,
                service.persistence().map(persistence -> persistent(persistence, address.family())),
                "",
                service.onePacketScheduling());
    }

    private static ServiceRule.Persistent persistent(Persistence persistence, AddressFamily family) {
        int mask = switch (family) {
            case INET -> -1 << (Integer.SIZE - persistence.ipv4PrefixLength());
            case INET6 -> persistence.ipv6PrefixLength();
        };
        return new ServiceRule.Persistent(persistence.timeout().toSeconds(), mask);
    }

    static ServerRule server(VirtualService service, RealServer server, int weight) {
        ForwardingMethod method = service.forwardingOf(server);
        Forwarding forwarding = switch (method.kind()) {
            case MASQUERADE, FULL_NAT -> Forwarding.MASQUERADING;
            case DIRECT_ROUTING -> Forwarding.GATEWAYING;
            case TUNNEL -> Forwarding.TUNNEL;
        };
        Optional<ServerRule.Tunnel> tunnel = method instanceof ForwardingMethod.Tunnel wrapped
                ? Optional.of(new ServerRule.Tunnel(
                        wrapped.encapsulation(),
                        wrapped.encapsulation() == ForwardingMethod.Encapsulation.GUE ? Descriptions.GUE_PORT : 0,
                        ServerRule.Checksum.NONE))
                : Optional.empty();
        return new ServerRule(
                server.key().address(),
                server.key().port(),
                forwarding,
                weight,
                server.upperThreshold(),
                server.lowerThreshold(),
                tunnel);
    }
}
