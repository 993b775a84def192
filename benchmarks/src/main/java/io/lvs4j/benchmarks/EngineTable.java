package io.lvs4j.benchmarks;

import io.lvs4j.VirtualService;
import io.lvs4j.scheduler.DecisionEngine;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Lease;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Ticker;
import java.time.Duration;
import java.util.List;

/**
 * lvs4j's own persistence table, reached through a whole engine: to find a client is to decide on a connection of it and to
 * end that connection. So a client that is not there is put in, and the time is that of the decision and the lease, too. A
 * table that can be asked by itself deserves an adapter of its own.
 */
final class EngineTable implements ClientTable {
    /** As the table says of itself. */
    private static final int CAPACITY = 1 << 18;

    private final DecisionEngine engine = new DecisionEngine(Ticker.system());
    private final ThreadLocal<Flow> flows = ThreadLocal.withInitial(Flow::new);

    EngineTable() {
        VirtualService service = VirtualService.builder()
                .listen("10.8.0.1", 80)
                .scheduler("rr")
                .persistence(Duration.ofMinutes(5))
                .build();
        List<Pool.Member> members = Servers.mixed(16).stream()
                .map(server -> new Pool.Member(server, server.weight(), true))
                .toList();
        engine.configure(new Pool(service, members));
    }

    @Override
    public Object find(long client) {
        Lease lease = engine.acquire(flows.get().set(0, client, 40000, 0, Clients.IPV4_MAPPED | 1, 80));
        lease.established();
        lease.close();
        return lease.server();
    }

    @Override
    public void put(long client, Object server) {
        find(client);
    }

    @Override
    public int capacity(int wanted) {
        return Math.min(wanted, CAPACITY);
    }
}
