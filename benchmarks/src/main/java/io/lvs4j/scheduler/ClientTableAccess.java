package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.spi.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a {@link ClientTable} without an engine, as {@link DestinationAccess} opens destinations. New clients get their server
 * by address, so that choosing costs next to nothing.
 */
public final class ClientTableAccess implements PersistenceTable.Chooser {
    private final Ticker ticker;
    private final List<Destination> destinations = new ArrayList<>();
    private final ClientTable table;

    /**
     * Creates an empty table.
     *
     * @param settings by client address
     * @param servers those that the templates name
     */
    public ClientTableAccess(Persistence settings, List<RealServer> servers, Ticker ticker) {
        this.ticker = ticker;
        Roster roster = new Roster();
        for (RealServer server : servers) {
            Destination destination = roster.create(server.key());
            destination.configure(server, server.weight(), true);
            destinations.add(destination);
        }
        this.table = new ClientTable(settings, roster, ticker, new TemplateListeners());
    }

    /**
     * Looks a client's template up: the server that a connection would go to at a time, or null. Counts nothing.
     *
     * @param high upper half of the client's address
     * @param low lower half of the client's address
     */
    public @Nullable Destination find(long high, long low, long time) {
        Destination destination = table.find(high, low, time);
        return destination != null && allowsTemplate(destination) ? destination : null;
    }

    /** Opens a connection, finding the client's template or making one, and ends it at once. Reads the clock twice. */
    public @Nullable Destination connect(Flow flow, boolean establish) {
        flow.time(ticker.nanos());
        Lease lease = table.assign(flow, this);
        if (lease == null) {
            return null;
        }
        if (lease.table() != null) {
            if (establish) {
                table.established(lease);
            }
            table.release(lease);
        }
        return lease.destination();
    }

    /** As the engine's rules have it. */
    @Override
    public boolean allowsTemplate(Destination destination) {
        return destination.serving() && destination.weight() > 0;
    }

    @Override
    public Destination choose(Flow flow) {
        return destinations.get((int) (flow.clientLow() >>> 8 & 0xffff) % destinations.size());
    }
}
