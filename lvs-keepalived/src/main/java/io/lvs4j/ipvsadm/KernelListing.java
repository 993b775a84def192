package io.lvs4j.ipvsadm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What {@code ipvsadm -Ln} lists beside services: connections, timeouts and sync daemons, for backends that have them. */
public final class KernelListing {
    private KernelListing() {}

    /**
     * A connection, or a persistence template, which has the port 0 of a client.
     *
     * @param protocol such as {@code TCP}; {@code IP} for the template of a firewall mark
     * @param client who connects
     * @param virtual where to
     * @param destination the real server
     * @param state such as {@code ESTABLISHED}; {@code NONE} for templates
     * @param expiresIn how long it is kept if nothing happens
     * @param engine the persistence engine and its data; empty = none
     */
    public record Connection(
            String protocol,
            InetSocketAddress client,
            InetSocketAddress virtual,
            InetSocketAddress destination,
            String state,
            Duration expiresIn,
            Optional<EngineData> engine) {
        /** Refuses null, and addresses that are names. */
        public Connection {
            Objects.requireNonNull(protocol, "protocol");
            requireAddress("client", client);
            requireAddress("virtual", virtual);
            requireAddress("destination", destination);
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(expiresIn, "expiresIn");
            Objects.requireNonNull(engine, "engine");
        }

        private static void requireAddress(String name, InetSocketAddress address) {
            if (address.isUnresolved()) {
                throw new IllegalArgumentException(name + ": " + address + " (expected: an address, not a name)");
            }
        }
    }

    /**
     * What a persistence engine remembers of a connection.
     *
     * @param name the engine, such as {@code sip}
     * @param data what it remembers
     */
    public record EngineData(String name, String data) {
        /** Refuses null. */
        public EngineData {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(data, "data");
        }
    }

    /**
     * A sync daemon.
     *
     * @param role {@code master} or {@code backup}
     * @param networkInterface the interface
     * @param syncId the group of directors
     * @param maxLength the longest message; 0 = not known
     * @param group the multicast address; empty = not known
     * @param port the UDP port; 0 = not known
     * @param ttl how many routers a message may pass; 0 = not known
     */
    public record Daemon(
            String role,
            String networkInterface,
            int syncId,
            int maxLength,
            Optional<InetAddress> group,
            int port,
            int ttl) {
        /** Refuses null. */
        public Daemon {
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(networkInterface, "networkInterface");
            Objects.requireNonNull(group, "group");
        }
    }

    /**
     * {@return {@code -Lcn}}
     *
     * @param connections in the order in which to list them
     */
    public static String connections(List<Connection> connections) {
        StringBuilder text = new StringBuilder("IPVS connection entries\n");
        text.append("pro expire state       source             virtual            destination\n");
        for (Connection connection : connections) {
            text.append(line(connection)).append(destination(connection)).append('\n');
        }
        return text.toString();
    }

    /**
     * {@return {@code -Lcn --persistent-conn}: connections with what persistence engines remember}
     *
     * @param connections in the order in which to list them
     */
    public static String connectionsWithEngines(List<Connection> connections) {
        StringBuilder text = new StringBuilder("IPVS connection entries\n");
        text.append(
                "pro expire state       source             virtual            destination        pe name          pe_data\n");
        for (Connection connection : connections) {
            String destination = destination(connection);
            text.append(line(connection))
                    .append(connection
                            .engine()
                            .map(engine -> String.format(
                                    Locale.ROOT, "%-16s %-18s %s", destination, engine.name(), engine.data()))
                            .orElse(destination))
                    .append('\n');
        }
        return text.toString();
    }

    private static String line(Connection connection) {
        long seconds = connection.expiresIn().toSeconds();
        return String.format(
                Locale.ROOT,
                "%-3s %-6s %-11s %-18s %-18s ",
                connection.protocol(),
                String.format(Locale.ROOT, "%02d:%02d", seconds / 60, seconds % 60),
                connection.state(),
                text(connection.client()),
                text(connection.virtual()));
    }

    private static String destination(Connection connection) {
        return text(connection.destination());
    }

    private static String text(InetSocketAddress address) {
        return AddressText.format(address.getAddress(), address.getPort());
    }

    /**
     * {@return {@code -Ln --timeout}}
     *
     * @param tcp of established TCP connections
     * @param tcpFin of TCP connections that one side has ended
     * @param udp of UDP flows
     */
    public static String timeouts(Duration tcp, Duration tcpFin, Duration udp) {
        return "Timeout (tcp tcpfin udp): " + tcp.toSeconds() + " " + tcpFin.toSeconds() + " " + udp.toSeconds() + "\n";
    }

    /**
     * {@return {@code -Ln --daemon}}
     *
     * @param daemons those that run, the master first
     */
    public static String daemons(List<Daemon> daemons) {
        StringBuilder text = new StringBuilder();
        for (Daemon daemon : daemons) {
            text.append(daemon.role())
                    .append(" sync daemon (mcast=")
                    .append(daemon.networkInterface())
                    .append(", syncid=")
                    .append(daemon.syncId())
                    .append(daemon.maxLength() == 0 ? "" : ", maxlen=" + daemon.maxLength())
                    .append(daemon.group()
                            .map(group -> ", group=" + AddressText.format(group))
                            .orElse(""))
                    .append(daemon.port() == 0 ? "" : ", port=" + daemon.port())
                    .append(daemon.ttl() == 0 ? "" : ", ttl=" + daemon.ttl())
                    .append(")\n");
        }
        return text.toString();
    }
}
