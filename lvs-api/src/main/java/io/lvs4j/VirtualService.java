package io.lvs4j;

import io.lvs4j.check.HealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The description of a virtual service: its key, its settings and its real servers. Immutable and valid once it exists;
 * give it to a {@link Director} to run it.
 *
 * <pre>{@code
 * VirtualService auth = VirtualService.builder()
 *         .listen("10.64.1.2", 10000)
 *         .scheduler("rr")
 *         .persistence(Duration.ofSeconds(10))
 *         .healthCheck(TcpCheck.builder().connectTimeout(Duration.ofSeconds(3)).build())
 *         .realServer("192.168.1.100", 8089)
 *         .realServer("192.168.1.101", 18089)
 *         .build();
 * }</pre>
 *
 * @param key protocol and listen addresses, or firewall mark
 * @param scheduling the scheduler
 * @param onePacketScheduling whether each UDP datagram is scheduled by itself, see {@link Builder#onePacketScheduling}
 * @param forwarding how servers are reached that do not say otherwise
 * @param persistence whether clients stay on their server; empty = they do not
 * @param poolRules how health, weights and time make the servers the set that serves
 * @param timeouts the in-process forwarder's timeouts
 * @param proxyProtocol whether servers are told the client's address in a header, and fronts tell it us
 * @param access who may use it, by address
 * @param limits how many connections it takes
 * @param serverNames which other services carry TLS connections, by the name that they ask for
 * @param healthChecks the checks of servers that have none of their own; empty = such servers are always up
 * @param realServers the servers, each key once, in the order in which they are added to the scheduler
 * @param namedServers servers by name; a director adds what the names stand for to the real servers
 */
public record VirtualService(
        ServiceKey key,
        Scheduling scheduling,
        boolean onePacketScheduling,
        ForwardingMethod forwarding,
        Optional<Persistence> persistence,
        PoolRules poolRules,
        ConnectionTimeouts timeouts,
        ProxyProtocol proxyProtocol,
        AccessList access,
        ConnectionLimits limits,
        ServerNames serverNames,
        List<HealthCheck> healthChecks,
        List<RealServer> realServers,
        List<NamedServer> namedServers) {

    /**
     * Refuses duplicate servers, servers that would forward to the service itself, one-packet scheduling without UDP or with
     * limits on connections, and the PROXY protocol or server names without TCP.
     */
    public VirtualService {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(scheduling, "scheduling");
        Objects.requireNonNull(forwarding, "forwarding");
        Objects.requireNonNull(persistence, "persistence");
        Objects.requireNonNull(poolRules, "poolRules");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(proxyProtocol, "proxyProtocol");
        Objects.requireNonNull(access, "access");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(serverNames, "serverNames");
        healthChecks = List.copyOf(healthChecks);
        realServers = List.copyOf(realServers);
        namedServers = List.copyOf(namedServers);
        if (onePacketScheduling
                && key instanceof ServiceKey.Listening listening
                && listening.protocol() != Protocol.UDP) {
            throw new IllegalArgumentException("onePacketScheduling: with " + listening.protocol()
                    + " (expected: UDP or a firewall mark, only datagrams can be scheduled one by one)");
        }
        if (onePacketScheduling && limits.limitsConnections()) {
            throw new IllegalArgumentException("limits: " + limits + " with onePacketScheduling (expected: none but"
                    + " new-per-source, no datagram leaves a connection behind)");
        }
        boolean tcp = key instanceof ServiceKey.Listening on && on.protocol() == Protocol.TCP;
        if (!serverNames.equals(ServerNames.none()) && !tcp) {
            throw new IllegalArgumentException(
                    "serverNames: " + serverNames + " with " + key + " (expected: a TCP service, they are of TLS)");
        }
        if (persistence.filter(p -> p.by() == Persistence.By.SERVER_NAME).isPresent() && !tcp) {
            throw new IllegalArgumentException(
                    "persistence: by server name with " + key + " (expected: a TCP service, server names are of TLS)");
        }
        if (!proxyProtocol.equals(ProxyProtocol.none()) && !tcp) {
            throw new IllegalArgumentException("proxyProtocol: " + proxyProtocol + " with " + key
                    + " (expected: a TCP service, the header is of TCP)");
        }
        Set<ServerKey> seen = new HashSet<>();
        for (RealServer server : realServers) {
            if (!seen.add(server.key())) {
                throw new IllegalArgumentException(
                        "realServer: " + server.key() + " (expected: each real server once in " + key + ")");
            }
            requireNoLoop("realServer", key, server, forwarding);
        }
        if (poolRules.sorryServer().isPresent()) {
            requireNoLoop("sorryServer", key, poolRules.sorryServer().get(), forwarding);
        }
    }

    private static void requireNoLoop(String name, ServiceKey key, RealServer server, ForwardingMethod forwarding) {
        if (loops(key, server.key(), server.forwarding().orElse(forwarding))) {
            throw new IllegalArgumentException(name + ": " + server.key()
                    + " (expected: not an address that the service itself listens on, " + key + ")");
        }
    }

    private static boolean loops(ServiceKey key, ServerKey server, ForwardingMethod method) {
        boolean rewritesDestination =
                method.kind() == ForwardingMethod.Kind.MASQUERADE || method.kind() == ForwardingMethod.Kind.FULL_NAT;
        return rewritesDestination
                && key instanceof ServiceKey.Listening listening
                && listening.addresses().stream().anyMatch(a -> a.receives(server.address(), server.port()));
    }

    /** {@return an empty builder: TCP, wlc, masquerade, no persistence, no checks} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that starts from this description} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        if (key instanceof ServiceKey.Listening listening) {
            builder.protocol = listening.protocol();
            builder.addresses.addAll(listening.addresses());
        } else if (key instanceof ServiceKey.FirewallMark mark) {
            builder.firewallMark = mark;
        }
        builder.scheduling = scheduling;
        builder.onePacketScheduling = onePacketScheduling;
        builder.forwarding = forwarding;
        builder.persistence = persistence.orElse(null);
        builder.poolRules(poolRules);
        builder.timeouts = timeouts;
        builder.proxyProtocol = proxyProtocol;
        builder.access = access;
        builder.limits = limits;
        builder.serverNames = serverNames;
        builder.healthChecks.addAll(healthChecks);
        builder.realServers.addAll(realServers);
        builder.namedServers.addAll(namedServers);
        return builder;
    }

    /**
     * {@return the real server with this key, or empty}
     *
     * @param server address and port
     */
    public Optional<RealServer> realServer(ServerKey server) {
        return realServers.stream().filter(s -> s.key().equals(server)).findFirst();
    }

    /** {@return the real servers, and at the end the sorry server if it is none of them} */
    public List<RealServer> allServers() {
        return poolRules
                .sorryServer()
                .filter(sorry -> realServer(sorry.key()).isEmpty())
                .map(sorry ->
                        Stream.concat(realServers.stream(), Stream.of(sorry)).toList())
                .orElse(realServers);
    }

    /**
     * {@return the checks that decide on a server's health: its own, or else the service's}
     *
     * @param server one of this service's servers
     */
    public List<HealthCheck> checksOf(RealServer server) {
        return server.healthChecks().isEmpty() ? healthChecks : server.healthChecks();
    }

    /**
     * {@return how a server is reached: its own method, or else the service's}
     *
     * @param server one of this service's servers
     */
    public ForwardingMethod forwardingOf(RealServer server) {
        return server.forwarding().orElse(forwarding);
    }

    /**
     * {@return a copy with another list of servers}
     *
     * @param servers each key once
     */
    public VirtualService withRealServers(List<RealServer> servers) {
        return new VirtualService(
                key,
                scheduling,
                onePacketScheduling,
                forwarding,
                persistence,
                poolRules,
                timeouts,
                proxyProtocol,
                access,
                limits,
                serverNames,
                healthChecks,
                servers,
                namedServers);
    }

    /**
     * {@return a copy in which this server replaces the one with its key, or is added at the end}
     *
     * @param server the server
     */
    public VirtualService withRealServer(RealServer server) {
        List<RealServer> servers = new ArrayList<>(realServers);
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).key().equals(server.key())) {
                servers.set(i, server);
                return withRealServers(servers);
            }
        }
        servers.add(server);
        return withRealServers(servers);
    }

    /**
     * {@return a copy without the server with this key}
     *
     * @param server address and port
     */
    public VirtualService withoutRealServer(ServerKey server) {
        return withRealServers(
                realServers.stream().filter(s -> !s.key().equals(server)).toList());
    }

    /**
     * {@return what is allowed but probably not meant, one sentence each} A director logs them when it takes the description
     * over.
     */
    public List<String> warnings() {
        return Warnings.of(this);
    }

    @Override
    public String toString() {
        return key + " " + scheduling
                + (onePacketScheduling ? " one-packet" : "")
                + (forwarding.kind() == ForwardingMethod.Kind.MASQUERADE ? "" : " " + forwarding)
                + persistence.map(p -> " " + p).orElse("")
                + poolRules
                + (proxyProtocol.equals(ProxyProtocol.none()) ? "" : " " + proxyProtocol)
                + (access.equals(AccessList.everybody()) ? "" : " " + access)
                + (limits.equals(ConnectionLimits.defaults()) ? "" : " " + limits)
                + (serverNames.equals(ServerNames.none()) ? "" : " " + serverNames);
    }

    /** Collects a service's settings. Every setter checks its own value. Not thread-safe. */
    public static final class Builder extends PoolRulesBuilder<Builder> {
        private @Nullable Protocol protocol;
        private final List<ListenAddress> addresses = new ArrayList<>();
        private ServiceKey.@Nullable FirewallMark firewallMark;
        private Scheduling scheduling = Scheduling.of("wlc");
        private boolean onePacketScheduling;
        private ForwardingMethod forwarding = ForwardingMethod.masquerade();
        private @Nullable Persistence persistence;
        private ConnectionTimeouts timeouts = ConnectionTimeouts.defaults();
        private ProxyProtocol proxyProtocol = ProxyProtocol.none();
        private AccessList access = AccessList.everybody();
        private ConnectionLimits limits = ConnectionLimits.defaults();
        private ServerNames serverNames = ServerNames.none();
        private final List<HealthCheck> healthChecks = new ArrayList<>();
        private final List<RealServer> realServers = new ArrayList<>();
        private final List<NamedServer> namedServers = new ArrayList<>();

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Adds a listen address. A service may have several, of both families.
         *
         * @param address an IPv4 or IPv6 literal
         * @param port 1..65535
         * @return this
         */
        public Builder listen(String address, int port) {
            return listen(ListenAddress.of(address, port));
        }

        /**
         * Adds a listen address.
         *
         * @param address such as {@code 10.0.0.1:80}, {@code [::1]:80} or {@code 10.0.0.1:80-90}
         * @return this
         * @throws IllegalArgumentException if the text is malformed
         */
        public Builder listen(String address) {
            return listen(ListenAddress.parse(address));
        }

        /**
         * Adds a listen address.
         *
         * @param address address and port or port range
         * @return this
         */
        public Builder listen(ListenAddress address) {
            Objects.requireNonNull(address, "listen");
            if (firewallMark != null) {
                throw new IllegalArgumentException(
                        "listen: " + address + " (expected: none, the service already is " + firewallMark + ")");
            }
            for (ListenAddress other : addresses) {
                if (other.overlaps(address)) {
                    throw new IllegalArgumentException(
                            "listen: " + address + " (expected: each address and port once, overlaps " + other + ")");
                }
            }
            addresses.add(address);
            return this;
        }

        /**
         * Makes the service of all packets with a firewall mark, instead of listen addresses.
         *
         * @param mark 1..4294967295
         * @param family the address family
         * @return this
         */
        public Builder firewallMark(long mark, AddressFamily family) {
            ServiceKey.FirewallMark key = new ServiceKey.FirewallMark(mark, family);
            if (!addresses.isEmpty()) {
                throw new IllegalArgumentException(
                        key + " (expected: no firewall mark, the service already listens on " + addresses + ")");
            }
            if (protocol != null) {
                throw new IllegalArgumentException(
                        key + " (expected: no protocol with a firewall mark, but it is " + protocol + ")");
            }
            firewallMark = key;
            return this;
        }

        /**
         * Sets the transport protocol. Default TCP.
         *
         * @param protocol the protocol
         * @return this
         */
        public Builder protocol(Protocol protocol) {
            Objects.requireNonNull(protocol, "protocol");
            if (firewallMark != null) {
                throw new IllegalArgumentException(
                        "protocol: " + protocol + " (expected: none, the service is " + firewallMark + ")");
            }
            this.protocol = protocol;
            return this;
        }

        /**
         * Sets the scheduler by its short name. Default {@code wlc}, as ipvsadm's.
         *
         * @param name one of {@link Scheduling#names()}
         * @return this
         */
        public Builder scheduler(String name) {
            return scheduling(Scheduling.of(name));
        }

        /**
         * Sets the scheduler and its settings.
         *
         * @param scheduling such as {@code Scheduling.of("mh").withTableSize(65521)}
         * @return this
         */
        public Builder scheduling(Scheduling scheduling) {
            this.scheduling = Objects.requireNonNull(scheduling, "scheduling");
            return this;
        }

        /**
         * Schedules each UDP datagram by itself and keeps no connection: {@code ipvsadm}'s {@code --ops}, keepalived's {@code
         * ops}. For requests of one datagram that any server can answer, such as DNS, or that want no answer, such as syslog.
         * Packets of other protocols that have a firewall mark are scheduled as ever.
         *
         * <p>Schedulers, thresholds, counters and drains see no connections. Persistence, if set, is kept. Where the kernel
         * masquerades, it leaves answers as they are, so that they come from the server's own address; with direct routing
         * and tunnels they come from the service's. Its full NAT rewrites connections only and is refused.
         *
         * @return this
         */
        public Builder onePacketScheduling() {
            this.onePacketScheduling = true;
            return this;
        }

        /** Schedules datagrams by connection, the default: those between two addresses and ports go to one server. Returns this. */
        public Builder noOnePacketScheduling() {
            this.onePacketScheduling = false;
            return this;
        }

        /**
         * Sets how servers are reached. Default masquerade (NAT).
         *
         * @param method the method of all servers that do not say otherwise
         * @return this
         */
        public Builder forwarding(ForwardingMethod method) {
            this.forwarding = Objects.requireNonNull(method, "forwarding");
            return this;
        }

        /**
         * Keeps each client address on its server.
         *
         * @param timeout 1 s..31 d in whole seconds
         * @return this
         */
        public Builder persistence(Duration timeout) {
            return persistence(Persistence.of(timeout));
        }

        /**
         * Keeps clients on their servers.
         *
         * @param persistence the settings
         * @return this
         */
        public Builder persistence(Persistence persistence) {
            this.persistence = Objects.requireNonNull(persistence, "persistence");
            return this;
        }

        /** Switches persistence off, the default. Returns this. */
        public Builder noPersistence() {
            this.persistence = null;
            return this;
        }

        /**
         * Sets the in-process forwarder's timeouts. Default {@link ConnectionTimeouts#defaults()}.
         *
         * @param timeouts the timeouts
         * @return this
         */
        public Builder timeouts(ConnectionTimeouts timeouts) {
            this.timeouts = Objects.requireNonNull(timeouts, "timeouts");
            return this;
        }

        /**
         * Tells real servers the client's address: every connection to one begins with a PROXY header, and so do TCP and HTTP
         * checks of it, because a server that expects the header takes nothing else. Default: no header. On the netty backend.
         *
         * @param version the form of the header
         * @return this
         */
        public Builder sendProxyProtocol(ProxyProtocol.Version version) {
            this.proxyProtocol = proxyProtocol.withSend(version);
            return this;
        }

        /**
         * Takes the client's address from the PROXY header that balancers in front send, and serves nobody else: see {@link
         * ProxyProtocol.Fronts}. The header must be complete within 3 s. On the netty backend.
         *
         * @param trustedFronts their networks, at least one, such as {@code 10.0.0.0/8} or {@code fd00::1}
         * @return this
         * @throws IllegalArgumentException if there is none, or one is malformed
         */
        public Builder acceptProxyProtocol(String... trustedFronts) {
            return acceptProxyProtocol(new ProxyProtocol.Fronts(
                    Arrays.stream(trustedFronts).map(AddressPrefix::parse).toList(),
                    ProxyProtocol.Fronts.DEFAULT_HEADER_TIMEOUT));
        }

        /**
         * Takes the client's address from the PROXY header that balancers in front send, and serves nobody else.
         *
         * @param fronts their networks, and how long to wait for a header
         * @return this
         */
        public Builder acceptProxyProtocol(ProxyProtocol.Fronts fronts) {
            this.proxyProtocol = proxyProtocol.withAccept(fronts);
            return this;
        }

        /** Neither sends nor accepts PROXY headers, the default. Returns this. */
        public Builder noProxyProtocol() {
            this.proxyProtocol = ProxyProtocol.none();
            return this;
        }

        /**
         * Allows clients of these networks, and of those allowed before, and of no others. Default: everybody. On the netty
         * backend.
         *
         * @param networks such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address
         * @return this
         * @throws IllegalArgumentException if one is malformed or denied
         */
        public Builder allow(String... networks) {
            return access(access.withAllowed(networks));
        }

        /**
         * Denies clients of these networks, and of those denied before, whatever is allowed. On the netty backend.
         *
         * @param networks such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address
         * @return this
         * @throws IllegalArgumentException if one is malformed, or one that is allowed lies within it
         */
        public Builder deny(String... networks) {
            return access(access.withDenied(networks));
        }

        /**
         * Sets who may use the service, in place of what was allowed and denied before. Default everybody. On the netty backend.
         *
         * @param access the networks
         * @return this
         */
        public Builder access(AccessList access) {
            this.access = Objects.requireNonNull(access, "access");
            return this;
        }

        /**
         * Sets how many connections the service takes. Default: nothing is said. On the netty backend.
         *
         * @param limits the limits
         * @return this
         */
        public Builder limits(ConnectionLimits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * Lets another service carry the TLS connections that ask for a name, see {@link ServerNames}. TLS is not terminated. On
         * the netty backend.
         *
         * @param name such as {@code auth.example.org}, or {@code *.example.org} for every name with one label more
         * @param service the key of a TCP service of the same director
         * @return this
         */
        public Builder routeServerName(String name, ServiceKey service) {
            return serverNames(serverNames.withRoute(name, service));
        }

        /**
         * Lets other services carry TLS connections by the name that they ask for. Default {@link ServerNames#none()}. On the
         * netty backend.
         *
         * @param names names and services, and what becomes of other names
         * @return this
         */
        public Builder serverNames(ServerNames names) {
            this.serverNames = Objects.requireNonNull(names, "serverNames");
            return this;
        }

        /**
         * Adds a check of every server that has none of its own. A server is up while all of its checks pass.
         *
         * @param check the check
         * @return this
         */
        public Builder healthCheck(HealthCheck check) {
            healthChecks.add(Objects.requireNonNull(check, "healthCheck"));
            return this;
        }

        /** Forgets the checks added so far. Returns this. */
        public Builder noHealthChecks() {
            healthChecks.clear();
            return this;
        }

        /**
         * Adds a real server with weight 1.
         *
         * @param address an IPv4 or IPv6 literal
         * @param port 1..65535
         * @return this
         */
        public Builder realServer(String address, int port) {
            return realServer(RealServer.of(address, port));
        }

        /**
         * Adds a real server with weight 1.
         *
         * @param address such as {@code 192.168.1.100:8089} or {@code [fd00::1]:80}
         * @return this
         * @throws IllegalArgumentException if the text is malformed
         */
        public Builder realServer(String address) {
            return realServer(RealServer.builder(ServerKey.parse(address)).build());
        }

        /**
         * Adds a real server with settings of its own.
         *
         * @param address an IPv4 or IPv6 literal
         * @param port 1..65535
         * @param settings sets them
         * @return this
         */
        public Builder realServer(String address, int port, Consumer<RealServer.Builder> settings) {
            RealServer.Builder server = RealServer.builder(address, port);
            settings.accept(server);
            return realServer(server.build());
        }

        /**
         * Adds a real server.
         *
         * @param server the server; its key must be new
         * @return this
         */
        public Builder realServer(RealServer server) {
            Objects.requireNonNull(server, "realServer");
            for (RealServer other : realServers) {
                if (other.key().equals(server.key())) {
                    throw new IllegalArgumentException(
                            "realServer: " + server.key() + " (expected: each real server once)");
                }
            }
            realServers.add(server);
            return this;
        }

        /**
         * Adds the servers that a name stands for, with weight 1; see {@link NamedServer}.
         *
         * @param host a host name
         * @param port 1..65535
         * @return this
         */
        public Builder realServerName(String host, int port) {
            return realServerName(host, port, settings -> {});
        }

        /**
         * Adds the servers that a name stands for; see {@link NamedServer}.
         *
         * @param host a host name
         * @param port 1..65535
         * @param settings changes the settings of each of them
         * @return this
         */
        public Builder realServerName(String host, int port, Consumer<RealServer.Builder> settings) {
            NamedServer named = NamedServer.of(host, port, settings);
            for (NamedServer other : namedServers) {
                if (other.host().equalsIgnoreCase(host) && other.port() == port) {
                    throw new IllegalArgumentException(
                            "realServerName: " + host + ":" + port + " (expected: each name and port once)");
                }
            }
            namedServers.add(named);
            return this;
        }

        /**
         * {@return the description}
         *
         * @throws IllegalArgumentException if there is neither a listen address nor a firewall mark, if a server is an
         *     address that the service itself listens on, if packets of TCP or SCTP are to be scheduled one by one, or if
         *     anything but TCP shall have the PROXY protocol or server names
         */
        public VirtualService build() {
            ServiceKey key = firewallMark != null
                    ? firewallMark
                    : new ServiceKey.Listening(protocol == null ? Protocol.TCP : protocol, addresses);
            return new VirtualService(
                    key,
                    scheduling,
                    onePacketScheduling,
                    forwarding,
                    Optional.ofNullable(persistence),
                    rules(),
                    timeouts,
                    proxyProtocol,
                    access,
                    limits,
                    serverNames,
                    healthChecks,
                    realServers,
                    namedServers);
        }
    }
}
