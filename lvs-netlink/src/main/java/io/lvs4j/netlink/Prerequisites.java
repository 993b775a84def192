package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Persistence;
import io.lvs4j.Protocol;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What services want of the host, which the kernel does not refuse to do without, but then does otherwise. */
final class Prerequisites {
    private static final String VS = "net.ipv4.vs.";
    private static final String CONNTRACK = VS + "conntrack";
    private static final String MISSING = "missing";
    private static final String MODULE = "module ";
    private static final String LOADED = "loaded";
    private static final String FTP_MODULE = "ip_vs_ftp";
    private static final int FTP_PORT = 21;
    private static final Set<String> SETTINGS = Set.of("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding");
    private static final Pattern VS_SETTING = Pattern.compile("net\\.ipv4\\.vs\\.[a-z0-9_]{1,64}");
    private static final Pattern NUMBERS = Pattern.compile("-?[0-9]{1,10}( -?[0-9]{1,10})?");

    private final Sysctl sysctl;
    private final Map<String, String> asked;
    private final HostProgram modprobe = new HostProgram(Optional.empty(), "load");

    /** Looks at settings; those that were asked for by name are wanted in any case, and take the place of others. */
    Prerequisites(Sysctl sysctl, Map<String, String> asked) {
        this.sysctl = sysctl;
        this.asked = Map.copyOf(asked);
    }

    /** Refuses a setting that has nothing to do with IPVS, and a value that is no number or two. */
    static void requireSetting(String name, String value) {
        if (!SETTINGS.contains(name) && !VS_SETTING.matcher(name).matches()) {
            throw new IllegalArgumentException("hostSetting: " + name + " (expected: net.ipv4.vs.*, "
                    + String.join(", ", new TreeSet<>(SETTINGS)) + ")");
        }
        if (!NUMBERS.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "hostSetting " + name + ": '" + value + "' (expected: a number, or two with a blank between)");
        }
    }

    /** Returns what services and sync daemons want, each once, met or not. */
    List<Prerequisite> of(Collection<VirtualService> services, Collection<SyncDaemon> daemons) {
        List<Prerequisite> wanted = ofServices(services);
        if (daemons.stream().anyMatch(daemon -> daemon.role() == SyncDaemon.Role.MASTER)) {
            add(wanted, VS + "sync_version", "1", "backups do not hear of connections over IPv6");
        }
        wanted.removeIf(each -> asked.containsKey(each.name()));
        new TreeMap<>(asked).forEach((name, value) -> add(wanted, name, value, "it is not what was asked for"));
        return wanted;
    }

    private List<Prerequisite> ofServices(Collection<VirtualService> services) {
        List<Prerequisite> wanted = new ArrayList<>();
        if (!services.isEmpty()) {
            add(
                    wanted,
                    VS + "expire_nodest_conn",
                    "1",
                    "connections of a removed server hang, and UDP flows go on being lost, until they time out");
        }
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
        if (services.stream().anyMatch(Prerequisites::isFtp)) {
            wanted.add(new Prerequisite(
                    MODULE + FTP_MODULE,
                    Files.exists(Path.of("/sys/module", FTP_MODULE)) ? LOADED : MISSING,
                    LOADED,
                    "clients of FTP are told the real server's address for their data",
                    "modprobe " + FTP_MODULE));
            if (wanted.stream().noneMatch(each -> each.name().equals(CONNTRACK))) {
                add(wanted, CONNTRACK, "1", FTP_MODULE + " drops what it should rewrite");
            }
        }
        return wanted;
    }

    private void add(List<Prerequisite> wanted, String name, String value, String reason) {
        wanted.add(new Prerequisite(
                name, sysctl.get(name).orElse(MISSING), value, reason, "sysctl -w " + name + "=" + value));
    }

    private static boolean isFtp(VirtualService service) {
        return KernelSettings.uses(service, ForwardingMethod.Kind.MASQUERADE)
                && service.key() instanceof ServiceKey.Listening listening
                && listening.protocol() == Protocol.TCP
                && listening.addresses().stream().anyMatch(at -> at.firstPort() == FTP_PORT);
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
    List<Prerequisite> apply(List<Prerequisite> prerequisites) {
        List<Prerequisite> set = new ArrayList<>();
        for (Prerequisite wanted : prerequisites) {
            if (!wanted.met()) {
                if (wanted.name().startsWith(MODULE)) {
                    String module = wanted.name().substring(MODULE.length());
                    String unused = modprobe.run(wanted.name(), List.of("modprobe", module));
                } else {
                    sysctl.set(wanted.name(), wanted.expected());
                }
                set.add(wanted);
            }
        }
        return set;
    }
}
