package io.lvs4j.examples;

import io.lvs4j.ConnectionEntries;
import io.lvs4j.Director;
import io.lvs4j.LvsException;
import io.lvs4j.ServiceHandle;
import io.lvs4j.ipvsadm.Listing;
import io.lvs4j.ipvsadm.ServiceListing;
import io.lvs4j.vrrp.RouterSnapshot;
import java.io.PrintWriter;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Prints what {@code ipvsadm -Ln}, {@code --stats}, {@code --rate} and {@code -Lcn} would print of a running director, and a line for each virtual
 * router, at each SIGUSR1.
 */
final class Figures {
    private static final List<Listing> SHOWN = List.of(Listing.TABLE, Listing.STATS, Listing.RATE);

    /** How many connections are listed at most. */
    static final int MOST = 4096;

    private Figures() {}

    /**
     * Begins to hear the signal.
     *
     * @param routers gives the virtual routers of then
     */
    static void onSignal(Director director, Supplier<List<RouterSnapshot>> routers, ServingOptions serving) {
        Signals.on("USR1", () -> print(director, routers.get(), serving.news(), serving.messages()));
    }

    private static void print(Director director, List<RouterSnapshot> routers, PrintWriter out, PrintWriter messages) {
        try {
            String text = text(ServiceListing.of(director.snapshot()), connections(director));
            out.print(text);
            routers.forEach(each -> out.println(line(each)));
            out.flush();
        } catch (LvsException | IllegalStateException e) {
            messages.println("no figures: " + e.getMessage()); // it has been closed, or the kernel does not tell
        }
    }

    private static ConnectionEntries connections(Director director) {
        ConnectionEntries all = ConnectionEntries.none();
        for (ServiceHandle service : director.services()) {
            all = all.plus(connections(service), MOST);
        }
        return all;
    }

    private static ConnectionEntries connections(ServiceHandle service) {
        try {
            return service.connections(MOST);
        } catch (IllegalArgumentException e) {
            return ConnectionEntries.none(); // it has just been removed
        }
    }

    /** Returns the listings of one moment, with an empty line after each. */
    static String text(ServiceListing table, ConnectionEntries connections) {
        StringBuilder text = new StringBuilder();
        SHOWN.forEach(each -> text.append(each.text(table)).append('\n'));
        text.append(Listing.connections(connections.entries()));
        if (connections.more() > 0) {
            text.append("and ").append(connections.more()).append(" more\n");
        }
        return text.append('\n').toString();
    }

    /** Returns {@code virtual router VI_1: BACKUP, priority 100, master 10.0.0.2, adverts: 0 sent, 7 accepted, rejected {TTL=2}}. */
    static String line(RouterSnapshot router) {
        return "virtual router " + router.router().name() + ": " + router.state() + ", priority " + router.priority()
                + router.master()
                        .map(each -> ", master " + each.getHostAddress())
                        .orElse("")
                + (router.faults().isEmpty() ? "" : ", faults " + router.faults())
                + ", adverts: " + router.sent() + " sent, " + router.accepted() + " accepted"
                + (router.rejected().isEmpty() ? "" : ", rejected " + new TreeMap<>(router.rejected()));
    }
}
