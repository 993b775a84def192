package io.lvs4j.ipvsadm;

import io.lvs4j.ConnectionEntry;
import java.util.List;
import java.util.Locale;

/**
 * The listings of {@code ipvsadm -Ln}, as version 1.31 prints them to the byte, but for firewall marks above 2147483647, which it
 * prints as negative numbers. {@link #connections} of whatever services are one more.
 */
public enum Listing {
    /** {@code -Ln}: forwarding methods, weights and connections. */
    TABLE("""
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
            """) {
        @Override
        void server(ListedServer server, StringBuilder text) {
            text.append(pad(server.rule().forwarding().title(), 7)).append(' ');
            weightAndConnections(server, text);
        }
    },

    /** {@code -Ln --stats}: what has passed; large numbers in thousands (K), millions (M) or more (G, T). */
    STATS(columns("Conns", "InPkts", "OutPkts", "InBytes", "OutBytes")) {
        @Override
        void service(ListedService service, StringBuilder text) {
            traffic(service.rule(), service.totals(), false, text);
        }

        @Override
        void server(ListedServer server, StringBuilder text) {
            traffic(server.totals(), false, text);
        }
    },

    /** {@code -Ln --stats --exact}: what has passed, in full. */
    STATS_EXACT(STATS.title) {
        @Override
        void service(ListedService service, StringBuilder text) {
            traffic(service.rule(), service.totals(), true, text);
        }

        @Override
        void server(ListedServer server, StringBuilder text) {
            traffic(server.totals(), true, text);
        }
    },

    /** {@code -Ln --rate}: what passes a second; large numbers as those of {@link #STATS}. */
    RATE(columns("CPS", "InPPS", "OutPPS", "InBPS", "OutBPS")) {
        @Override
        void service(ListedService service, StringBuilder text) {
            traffic(service.rule(), service.rates(), false, text);
        }

        @Override
        void server(ListedServer server, StringBuilder text) {
            rates(server.rates(), false, text);
        }
    },

    /** {@code -Ln --rate --exact}: what passes a second, in full. */
    RATE_EXACT(RATE.title) {
        @Override
        void service(ListedService service, StringBuilder text) {
            traffic(service.rule(), service.rates(), true, text);
        }

        @Override
        void server(ListedServer server, StringBuilder text) {
            rates(server.rates(), true, text);
        }
    },

    /** {@code -Ln --thresholds}. */
    THRESHOLDS(pad("Prot LocalAddress:Port", 33)
            + " Uthreshold Lthreshold ActiveConn InActConn \n  -> RemoteAddress:Port\n") {
        @Override
        void server(ListedServer server, StringBuilder text) {
            text.append(pad(server.rule().upperThreshold(), 10)).append(' ');
            text.append(pad(server.rule().lowerThreshold(), 10)).append(' ');
            activeAndInactive(server, text);
        }
    },

    /** {@code -Ln --persistent-conn}: how many persistence templates there are. */
    PERSISTENT_CONN(pad("Prot LocalAddress:Port", 33)
            + " Weight    PersistConn ActiveConn InActConn \n  -> RemoteAddress:Port\n") {
        @Override
        void server(ListedServer server, StringBuilder text) {
            text.append(pad(server.rule().weight(), 9)).append(' ');
            text.append(pad(server.persistent(), 11)).append(' ');
            activeAndInactive(server, text);
        }
    },

    /** {@code -Ln --tun-info}: how packets are wrapped. */
    TUN_INFO("""
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn
            """) {
        @Override
        void server(ListedServer server, StringBuilder text) {
            text.append(pad(server.rule().forwarding().title(), 7)).append(' ');
            text.append(pad(server.rule().tunnel().map(ServerRule.Tunnel::title).orElse("n/a"), 13))
                    .append(' ');
            weightAndConnections(server, text);
        }
    };

    private static final int SERVICE_WIDTH = 33;
    private static final int SERVER_WIDTH = 28;

    private final String title;

    Listing(String title) {
        this.title = title;
    }

    private static String columns(String... names) {
        StringBuilder title = new StringBuilder(pad("Prot LocalAddress:Port", 33));
        for (String name : names) {
            title.append(' ').append(alignRight(name, 8));
        }
        return title.append("\n  -> RemoteAddress:Port\n").toString();
    }

    /**
     * {@return the listing of a table} Lines end with a newline.
     *
     * @param table the table; {@link ServiceListing#sorted} to have it in ipvsadm's order
     */
    public String text(ServiceListing table) {
        StringBuilder text = new StringBuilder("IP Virtual Server version ")
                .append(table.version())
                .append(" (size=")
                .append(table.size())
                .append(")\n")
                .append(title);
        table.services().forEach(service -> entry(service, text));
        return text.toString();
    }

    /**
     * {@return the listing of one service, as {@code ipvsadm -Ln -t ADDRESS} prints it: without the first line}
     *
     * @param service the service
     */
    public String text(ListedService service) {
        StringBuilder text = new StringBuilder(title);
        entry(service, text);
        return text.toString();
    }

    /**
     * {@return {@code -Lcn}, connections and persistence templates}
     *
     * @param connections in the order in which to list them
     */
    public static String connections(List<ConnectionEntry> connections) {
        StringBuilder text = new StringBuilder(ConnectionLine.TITLE).append('\n');
        connections.forEach(
                connection -> text.append(ConnectionLine.of(connection)).append('\n'));
        return text.toString();
    }

    private void entry(ListedService service, StringBuilder text) {
        service(service, text);
        text.append('\n');
        for (ListedServer server : service.servers()) {
            text.append("  -> ")
                    .append(pad(server.rule().endpoint(), SERVER_WIDTH))
                    .append(' ');
            server(server, text);
            text.append('\n');
        }
    }

    void service(ListedService service, StringBuilder text) {
        text.append(service.rule().heading());
    }

    /** Writes what follows a server's address and a space. */
    abstract void server(ListedServer server, StringBuilder text);

    private static void weightAndConnections(ListedServer server, StringBuilder text) {
        text.append(pad(server.rule().weight(), 6)).append(' ');
        activeAndInactive(server, text);
    }

    private static void activeAndInactive(ListedServer server, StringBuilder text) {
        text.append(pad(server.active(), 10)).append(' ').append(pad(server.inactive(), 10));
    }

    private static void traffic(ServiceRule service, Traffic traffic, boolean exact, StringBuilder text) {
        text.append(pad(service.address().heading(), SERVICE_WIDTH)).append(' ');
        traffic(traffic, exact, text);
    }

    private static void traffic(Traffic traffic, boolean exact, StringBuilder text) {
        text.append(large(traffic.connections(), exact)).append(' ');
        text.append(large(traffic.packetsIn(), exact)).append(' ');
        text.append(large(traffic.packetsOut(), exact)).append(' ');
        text.append(large(traffic.bytesIn(), exact)).append(' ');
        text.append(large(traffic.bytesOut(), exact));
    }

    /** Of a server's rates only bytes are abbreviated. */
    private static void rates(Traffic traffic, boolean exact, StringBuilder text) {
        text.append(alignRight(traffic.connections(), 8)).append(' ');
        text.append(alignRight(traffic.packetsIn(), 8)).append(' ');
        text.append(alignRight(traffic.packetsOut(), 8)).append(' ');
        text.append(large(traffic.bytesIn(), exact)).append(' ');
        text.append(large(traffic.bytesOut(), exact));
    }

    /** Returns a number right-aligned in 8 columns; it is unsigned. */
    private static String large(long number, boolean exact) {
        if (exact || Long.compareUnsigned(number, 100_000_000L) < 0) {
            return alignRight(Long.toUnsignedString(number), 8);
        }
        String units = Long.compareUnsigned(number, 1_000_000_000L) < 0
                ? Long.divideUnsigned(number, 1_000L) + "K"
                : Long.compareUnsigned(number, 100_000_000_000L) < 0
                        ? Long.divideUnsigned(number, 1_000_000L) + "M"
                        : Long.compareUnsigned(number, 100_000_000_000_000L) < 0
                                ? Long.divideUnsigned(number, 1_000_000_000L) + "G"
                                : Long.divideUnsigned(number, 1_000_000_000_000L) + "T";
        return alignRight(units, 8);
    }

    private static String pad(Object value, int width) {
        return String.format(Locale.ROOT, "%-" + width + "s", value);
    }

    private static String alignRight(Object value, int width) {
        return String.format(Locale.ROOT, "%" + width + "s", value);
    }
}
