package io.lvs4j.netty;

import io.lvs4j.ConnectionEntries;
import io.lvs4j.scheduler.DecisionEngine;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServiceCounters;

/** One virtual service that is being carried. Changed by one thread at a time, never an event loop. */
interface CarriedService {

    /** Takes a pool over. */
    void update(Pool pool);

    /** Takes no new clients. */
    void quiesce();

    /** Stops listening and ends everything. */
    void remove();

    /** Who decides. */
    DecisionEngine engine();

    /** The counters. Any thread may ask. */
    ServiceCounters counters();

    /** The connections that have a server; some of them, and how many more there are. Any thread but an event loop may ask. */
    ConnectionEntries connections(int most);
}
