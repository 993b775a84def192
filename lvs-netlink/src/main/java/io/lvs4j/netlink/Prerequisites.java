package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Persistence;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What services want of the host, which the kernel does not refuse to do without, but then does otherwise. */
final class Prerequisites {
    private static final String VS = "net.ipv4.vs.";
    private static final String CONNTRACK = VS + "conntrack";
    private static final String MISSING = "missing";

    private final Sysctl sysctl;

    Prerequisites(Sysctl sysctl) {
        this.sysctl = sysctl;
    }

    /** Returns what services want, each once, met or not. */
    List<Prerequisite> of(Collection<VirtualService> services) {
        List<Prerequisite> wanted = new ArrayList<>();
        add(
                wanted,
                VS + "expire_nodest_conn",
                "1",
                "connections of a removed server hang, and UDP flows go on being lost, until they time out");
        if (services.stream().anyMatch(service -> quiescent(service, Persistence.Quiescent.EXPIRE))) {
            add(
                    wanted,
                    VS + "expire_quiescent_template",
                    "1",
                    "clients that persist to a quiesced server keep coming to it");
        }
        if (services.stream().anyMatch(service -> quiescent(service, Persistence.Quiescent.KEEP))) {
            add(
                    wanted,
                    VS + "expire_quiescent_template",
                    "0",
                    "clients that persist to a quiesced server are sent elsewhere");
        }
        if (services.stream().anyMatch(service -> rewrites(service, AddressFamily.INET))) {
            add(wanted, "net.ipv4.ip_forward", "1", "packets of real servers do not get back to clients");
        }
        if (services.stream().anyMatch(service -> rewrites(service, AddressFamily.INET6))) {
            add(wanted, "net.ipv6.conf.all.forwarding", "1", "packets of real servers do not get back to clients");
        }
        if (services.stream().anyMatch(KernelSettings::isFullNat)) {
            add(wanted, CONNTRACK, "1", "full NAT leaves the client's address as it is");
        }
        return wanted;
    }

    private void add(List<Prerequisite> wanted, String name, String value, String reason) {
        wanted.add(new Prerequisite(
                name, sysctl.get(name).orElse(MISSING), value, reason, "sysctl -w " + name + "=" + value));
    }

    private static boolean quiescent(VirtualService service, Persistence.Quiescent what) {
        return service.persistence()
                .map(Persistence::quiescent)
                .filter(what::equals)
                .isPresent();
    }

    private static boolean rewrites(VirtualService service, AddressFamily family) {
        return family(service, family)
                && (KernelSettings.uses(service, ForwardingMethod.Kind.MASQUERADE)
                        || KernelSettings.isFullNat(service));
    }

    /**
     * Whether a rule of an earlier run may rewrite the source of what this service sends. Without this setting it cannot, and to
     * look for it would load what tracks connections.
     */
    boolean mayHaveFullNat(VirtualService service) {
        return (rewrites(service, AddressFamily.INET) || rewrites(service, AddressFamily.INET6))
                && sysctl.get(CONNTRACK).filter("1"::equals).isPresent();
    }

    private static boolean family(VirtualService service, AddressFamily family) {
        if (service.key() instanceof ServiceKey.FirewallMark mark) {
            return mark.family() == family;
        }
        return ((ServiceKey.Listening) service.key())
                .addresses().stream().anyMatch(at -> AddressFamily.of(at.address()) == family);
    }

    /** Sets what is not as it should be. Returns what it has set. */
    List<Prerequisite> apply(Collection<VirtualService> services) {
        List<Prerequisite> set = new ArrayList<>();
        for (Prerequisite wanted : of(services)) {
            if (!wanted.met()) {
                sysctl.set(wanted.name(), wanted.expected());
                set.add(wanted);
            }
        }
        return set;
    }
}
