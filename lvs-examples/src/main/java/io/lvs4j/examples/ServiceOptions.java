package io.lvs4j.examples;

import io.lvs4j.AddressRange;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ListenAddress;
import io.lvs4j.Persistence;
import io.lvs4j.Protocol;
import io.lvs4j.ProxyProtocol;
import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.check.HealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that describe a virtual service, or one over TCP and one over UDP that are alike. */
final class ServiceOptions {
    private static final String SERVER_FORM =
            "address:port[,weight=0..65535][,upper=connections][,lower=connections][,priority=0..255]";

    @Option(
            names = "--listen",
            paramLabel = "<address:port>",
            description = "Where clients connect, as an IP address; may be given more than once. Required.")
    private List<String> listen = new ArrayList<>();

    @Option(
            names = "--protocol",
            paramLabel = "<protocol,...>",
            description = "What clients speak: tcp, udp or tcp,udp for both at the same addresses. Default: tcp.")
    private String protocols = "tcp";

    @Option(
            names = "--server",
            paramLabel = "<server>",
            description = {
                "A real server: address:port[,weight=W][,upper=U][,lower=L][,priority=P]; may be given more than once.",
                "weight  its share, 0..65535, 0 = no new connections. Default: 1.",
                "upper   it gets no new connection from this many on. Default: 0, no limit.",
                "lower   it gets new ones again below this many. Default: three quarters of upper.",
                "priority  it stands by while one with a smaller number is up, 0..255. Default: 0."
            })
    private List<String> servers = new ArrayList<>();

    @Option(
            names = "--servers",
            paramLabel = "<address:port,...>",
            description = "Several real servers of weight 1 at once. --server, --servers or --server-name is required.")
    private List<String> serverLists = new ArrayList<>();

    @Option(
            names = "--server-name",
            paramLabel = "<name>",
            description = {
                "Real servers by name: host:port, with the settings of --server. Each address of the name is one; it is looked",
                "up again when its time to live has passed. May be given more than once."
            })
    private List<String> serverNames = new ArrayList<>();

    @Option(
            names = "--scheduler",
            paramLabel = "<scheduler>",
            description = {
                "Who gets the next connection: name[,flag...][,table=N][,expiry=D]. Default: wlc.",
                "name    rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh or twos.",
                "flag    of sh: sh-fallback, sh-port, sh-old-hash; of dh: dh-old-hash; of mh: mh-fallback, mh-port.",
                "table   of mh: how many entries its table has, such as 65521. Default: 4093.",
                "expiry  of lblc and lblcr: how long an unused address is remembered. Default: 24h."
            })
    private String scheduler = "wlc";

    @Option(
            names = "--persistence",
            paramLabel = "<duration>",
            description = "Keeps a client on its real server until it has been away for so long. Default: off.")
    private @Nullable String persistence;

    @Option(
            names = "--persistence-by",
            paramLabel = "<what>",
            description = {
                "With --persistence: what makes connections the same client's: address, or server-name, the name",
                "that a TLS client asks for (SNI). Default: address."
            })
    private @Nullable String persistenceBy;

    @Option(
            names = "--netmask",
            paramLabel = "<mask>",
            description = "With --persistence: keeps the IPv4 clients of a network together. Default: 255.255.255.255.")
    private @Nullable String netmask;

    @Option(
            names = "--forwarding",
            paramLabel = "<method>",
            description =
                    "How real servers are reached: nat, fullnat, dr or tun; the netty backend can do the first two."
                            + " Default: nat.")
    private String forwarding = "nat";

    @Option(
            names = "--source",
            paramLabel = "<address[-address]>",
            description = {
                "With --forwarding fullnat: what real servers see as the client's address, one of this host's, or several in",
                "a row if one has not ports enough. Default: the address on the way to the server."
            })
    private @Nullable String source;

    @Option(
            names = "--send-proxy",
            paramLabel = "<v1|v2>",
            description =
                    "Tells real servers the client's address by a PROXY header of this version. Default: no header.")
    private @Nullable String sendProxy;

    @Option(
            names = "--accept-proxy",
            paramLabel = "<network,...>",
            description = {
                "Takes clients' addresses from the PROXY headers of balancers in these networks, such as 10.0.0.0/8,fd00::1,",
                "and resets connections from anywhere else. Default: everybody is a client."
            })
    private @Nullable String acceptProxy;

    @Mixin
    private final AdmissionOptions admission = new AdmissionOptions();

    @Mixin
    private final PoolOptions pool = new PoolOptions();

    /** Returns one service per protocol. */
    List<VirtualService> parse(List<HealthCheck> checks) {
        List<VirtualService> services = new ArrayList<>();
        for (Protocol protocol : BadInput.parse("--protocol", protocols, ServiceOptions::protocols)) {
            services.add(parse(protocol, checks));
        }
        return services;
    }

    private static Set<Protocol> protocols(String text) {
        Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
        for (String name : text.split(",", -1)) {
            switch (name) {
                case "tcp" -> protocols.add(Protocol.TCP);
                case "udp" -> protocols.add(Protocol.UDP);
                default -> throw new BadInput("protocol", name, "tcp, udp or tcp,udp");
            }
        }
        return protocols;
    }

    private VirtualService parse(Protocol protocol, List<HealthCheck> checks) {
        VirtualService.Builder service = VirtualService.builder().protocol(protocol);
        required("--listen", listen, "address:port");
        for (String address : listen) {
            BadInput.parse("--listen", address, text -> service.listen(ListenAddress.parse(text)));
        }
        BadInput.parse("--scheduler", scheduler, text -> service.scheduling(scheduling(text)));
        service.forwarding(forwarding());
        persistence().ifPresent(service::persistence);
        if (sendProxy != null) {
            service.sendProxyProtocol(proxyVersion(sendProxy));
        }
        if (acceptProxy != null) {
            BadInput.parse("--accept-proxy", acceptProxy, text -> service.acceptProxyProtocol(text.split(",", -1)));
        }
        admission.apply(service);
        pool.apply(service);
        checks.forEach(service::healthCheck);
        addServers(service);
        return service.build();
    }

    private void addServers(VirtualService.Builder service) {
        for (String server : servers) {
            BadInput.parse("--server", server, text -> service.realServer(server(text)));
        }
        for (String list : serverLists) {
            for (String server : list.split(",", -1)) {
                BadInput.parse("--servers", server, text -> service.realServer(server(text)));
            }
        }
        for (String name : serverNames) {
            BadInput.parse("--server-name", name, text -> named(service, text));
        }
        if (serverLists.isEmpty() && serverNames.isEmpty()) {
            required("--server", servers, SERVER_FORM);
        }
    }

    private static void required(String option, List<String> values, String expected) {
        if (values.isEmpty()) {
            throw new BadInput(option, "none", expected);
        }
    }

    /** Parses {@code address:port,weight=2,upper=100,lower=50,priority=1}. */
    static RealServer server(String text) {
        String[] parts = text.split(",", -1);
        RealServer.Builder server = RealServer.builder(ServerKey.parse(parts[0]));
        settings(server, parts);
        return server.build();
    }

    private static VirtualService.Builder named(VirtualService.Builder service, String text) {
        String[] parts = text.split(",", -1);
        int colon = parts[0].lastIndexOf(':');
        if (colon < 0) {
            throw new BadInput("real server name", parts[0], "host:port");
        }
        int port = Numbers.parse("port", parts[0].substring(colon + 1), 1, 65535);
        return service.realServerName(parts[0].substring(0, colon), port, server -> settings(server, parts));
    }

    private static void settings(RealServer.Builder server, String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String name = parts[i].substring(0, Math.max(0, parts[i].indexOf('=')));
            String value = parts[i].substring(parts[i].indexOf('=') + 1);
            switch (name) {
                case "weight" -> server.weight(Numbers.parse("weight", value, 0, RealServer.MAX_WEIGHT));
                case "upper" -> server.upperThreshold(Numbers.parse("upper", value, 0, Integer.MAX_VALUE));
                case "lower" -> server.lowerThreshold(Numbers.parse("lower", value, 0, Integer.MAX_VALUE));
                case "priority" -> server.priority(Numbers.parse("priority", value, 0, 255));
                default -> throw new BadInput("setting", parts[i], "weight=, upper=, lower= or priority=");
            }
        }
    }

    /** Parses {@code sh,sh-port,sh-fallback}, {@code mh,table=65521} or {@code lblc,expiry=1h}. */
    private static Scheduling scheduling(String text) {
        String[] parts = text.split(",", -1);
        Scheduling scheduling = Scheduling.of(parts[0]);
        List<SchedulerFlag> flags = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            String value = parts[i].substring(parts[i].indexOf('=') + 1);
            if (parts[i].startsWith("table=")) {
                scheduling = scheduling.withTableSize(Numbers.parse("table", value, 1, Integer.MAX_VALUE));
            } else if (parts[i].startsWith("expiry=")) {
                scheduling = scheduling.withExpiry(Durations.parse("expiry", value));
            } else {
                flags.add(SchedulerFlag.parse(parts[i]));
            }
        }
        return scheduling.withFlags(flags.toArray(SchedulerFlag[]::new));
    }

    private Optional<Persistence> persistence() {
        if (persistence == null) {
            if (netmask != null) {
                throw new BadInput("--netmask", netmask, "only with --persistence");
            }
            if (persistenceBy != null) {
                throw new BadInput("--persistence-by", persistenceBy, "only with --persistence");
            }
            return Optional.empty();
        }
        Persistence settings = BadInput.parse(
                "--persistence", persistence, text -> persistence(Durations.parse("--persistence", text)));
        return Optional.of(netmask == null ? settings : BadInput.parse("--netmask", netmask, settings::withNetmask));
    }

    private Persistence persistence(Duration timeout) {
        if (persistenceBy == null || persistenceBy.equals("address")) {
            return Persistence.of(timeout);
        }
        if (!persistenceBy.equals("server-name")) {
            throw new BadInput("--persistence-by", persistenceBy, "address or server-name");
        }
        if (netmask != null) {
            throw new BadInput("--netmask", netmask, "only with --persistence-by address");
        }
        return Persistence.byServerName(timeout);
    }

    private static ProxyProtocol.Version proxyVersion(String name) {
        return switch (name) {
            case "v1" -> ProxyProtocol.Version.V1;
            case "v2" -> ProxyProtocol.Version.V2;
            default -> throw new BadInput("--send-proxy", name, "v1 or v2");
        };
    }

    private ForwardingMethod forwarding() {
        ForwardingMethod method = forwarding(forwarding);
        if (source == null) {
            return method;
        }
        if (method.kind() != ForwardingMethod.Kind.FULL_NAT) {
            throw new BadInput("--source", source, "only with --forwarding fullnat");
        }
        return BadInput.parse("--source", source, text -> ForwardingMethod.fullNat(AddressRange.parse(text)));
    }

    private static ForwardingMethod forwarding(String name) {
        return switch (name) {
            case "nat", "masquerade" -> ForwardingMethod.masquerade();
            case "fullnat", "full-nat" -> ForwardingMethod.fullNat();
            case "dr", "direct-routing" -> ForwardingMethod.directRouting();
            case "tun", "tunnel" -> ForwardingMethod.tunnel(ForwardingMethod.Encapsulation.IPIP);
            default -> throw new BadInput("--forwarding", name, "nat, fullnat, dr or tun");
        };
    }
}
