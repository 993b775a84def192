package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.spi.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A persistence table on its own, with destinations that take turns. Thread-safe. */
final class Tables implements PersistenceTable.Chooser {
    static final long IPV4 = 0x0000_ffff_0000_0000L;

    final Roster roster = new Roster();
    final List<Destination> destinations = new ArrayList<>();
    final TemplateListeners listeners = new TemplateListeners();
    final PersistenceTable table;
    private final Ticker ticker;
    private final AtomicInteger turn = new AtomicInteger();

    Tables(Persistence settings, Ticker ticker, int servers) {
        this.ticker = ticker;
        for (int i = 0; i < servers; i++) {
            destinations.add(roster.create(ServerKey.of("10.9." + i / 250 + "." + (i % 250 + 1), 8000)));
            weight(i, 1);
        }
        this.table = PersistenceTable.of(settings, roster, ticker, listeners);
    }

    void weight(int server, int weight) {
        Destination destination = destinations.get(server);
        destination.configure(
                RealServer.builder(destination.key().address().getHostAddress(), 8000)
                        .weight(weight)
                        .build(),
                weight,
                true);
    }

    ClientTable clients() {
        return (ClientTable) table;
    }

    /** A flow of a client, with both an address and a key. */
    Flow flow(long client) {
        return fill(new Flow(), client).key(client);
    }

    /** As {@link #flow}, with an address only. */
    Flow fill(Flow flow, long client) {
        flow.set(0, IPV4 | client, 40000, 0, IPV4 | 1, 80);
        flow.time(ticker.nanos());
        return flow;
    }

    /** A connection as the engine would begin it. */
    @Nullable
    Lease open(long client) {
        return bind(table.assign(flow(client), this));
    }

    static @Nullable Lease bind(@Nullable Lease lease) {
        if (lease != null) {
            lease.destination().bind();
        }
        return lease;
    }

    Lease connect(long client) {
        Lease lease = open(client);
        lease.established();
        return lease;
    }

    @Override
    public boolean allowsTemplate(Destination destination) {
        return destination.weight() > 0;
    }

    @Override
    public @Nullable Destination choose(Flow flow) {
        for (int i = 0; i < destinations.size(); i++) {
            Destination candidate = destinations.get(Math.floorMod(turn.getAndIncrement(), destinations.size()));
            if (flow.canUse(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
