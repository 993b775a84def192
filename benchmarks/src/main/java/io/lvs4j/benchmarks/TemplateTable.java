package io.lvs4j.benchmarks;

import io.lvs4j.Persistence;
import io.lvs4j.scheduler.ClientTableAccess;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.spi.Ticker;
import java.time.Duration;

/**
 * lvs4j's own persistence table. To find a client is to look its template up, as of a given time, and changes nothing: a
 * template's timeout begins anew when a connection ends. To put one in is to open a connection of it and to end that.
 */
final class TemplateTable implements ClientTable {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Ticker ticker = Ticker.system();
    private final ClientTableAccess table;
    private final long begin = ticker.nanos();
    private final ThreadLocal<Flow> flows = ThreadLocal.withInitial(Flow::new);

    TemplateTable(int clients) {
        table = new ClientTableAccess(Persistence.of(TIMEOUT).withMaxEntries(clients), Servers.mixed(16), ticker);
    }

    @Override
    public Object find(long client) {
        return table.find(0, client, begin);
    }

    @Override
    public void put(long client, Object server) {
        table.connect(flow(client), false);
    }

    @Override
    public Object connect(long client) {
        return table.connect(flow(client), true);
    }

    private Flow flow(long client) {
        return flows.get().set(0, client, 40000, 0, Clients.IPV4_MAPPED | 1, 80);
    }
}
