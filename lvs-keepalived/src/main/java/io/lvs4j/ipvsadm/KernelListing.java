package io.lvs4j.ipvsadm;

import io.lvs4j.ConnectionEntry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What {@code ipvsadm -Ln} lists beside services and connections, which is the kernel's alone: persistence engines, timeouts, daemons. */
public final class KernelListing {
    private static final int DESTINATION_WIDTH = 16;

    private KernelListing() {}

    /**
     * A connection, with what a persistence engine remembers of it.
     *
     * @param entry the connection
     * @param engine the persistence engine and its data; empty = none
     */
    public record Connection(ConnectionEntry entry, Optional<EngineData> engine) {
        /** Refuses null. */
        public Connection {
            Objects.requireNonNull(entry, "entry");
            Objects.requireNonNull(engine, "engine");
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
     * {@return {@code -Lcn --persistent-conn}: connections with what persistence engines remember} Without: {@link
     * Listing#connections}.
     *
     * @param connections in the order in which to list them
     */
    public static String connectionsWithEngines(List<Connection> connections) {
        StringBuilder text = new StringBuilder(ConnectionLine.TITLE).append("        pe name          pe_data\n");
        for (Connection connection : connections) {
            text.append(line(connection)).append('\n');
        }
        return text.toString();
    }

    private static String line(Connection connection) {
        return connection
                .engine()
                .map(engine -> ConnectionLine.of(connection.entry(), DESTINATION_WIDTH)
                        + String.format(Locale.ROOT, " %-18s %s", engine.name(), engine.data()))
                .orElseGet(() -> ConnectionLine.of(connection.entry()));
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
