package io.lvs4j.benchmarks;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A persistence table that never forgets, and grows with every client: what a look-up costs without the rest. */
final class PlainTable implements ClientTable {
    private final Map<Client, Object> map = new ConcurrentHashMap<>();

    private record Client(long high, long low) {}

    @Override
    public Object find(long client) {
        return map.get(new Client(0, client));
    }

    @Override
    public void put(long client, Object server) {
        map.put(new Client(0, client), server);
    }
}
