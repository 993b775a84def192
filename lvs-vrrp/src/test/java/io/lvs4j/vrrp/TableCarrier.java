package io.lvs4j.vrrp;

import io.lvs4j.BackendException;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Protocol;
import io.lvs4j.ServiceKey;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Capabilities;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Repair;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A carrier that is a table, and can fail on demand. It minds that it is called as backends are: one call at a time, of what is there. */
final class TableCarrier implements Backend {
    /** What the table has of a service, and whether it takes connections. */
    record Row(Pool pool, boolean takes) {}

    final Map<ServiceKey, Row> rows = new ConcurrentHashMap<>();
    /** Services that cannot be added, quiesced or removed now. */
    final Set<ServiceKey> broken = ConcurrentHashMap.newKeySet();

    /** Happens before it is looked whether there is a service whose connections are to be listed. */
    Runnable beforeListing = () -> {};

    /** Happens after that. */
    Runnable afterListing = () -> {};

    private final AtomicInteger inside = new AtomicInteger();
    /** What was done wrong; empty = nothing. */
    final Set<String> misuse = ConcurrentHashMap.newKeySet();

    private void call(String what, ServiceKey service, boolean there, boolean canFail, Runnable action) {
        alone(what + " " + service, () -> {
            if (rows.containsKey(service) != there) {
                misuse.add(what + " " + service + (there ? " which is not there" : " which is there"));
            }
            if (canFail && broken.contains(service)) {
                throw new BackendException(what, service.toString(), "broken", null);
            }
            action.run();
        });
    }

    private void alone(String what, Runnable action) {
        if (inside.incrementAndGet() != 1) {
            misuse.add(what + " while another call is under way");
        }
        try {
            action.run();
        } finally {
            inside.decrementAndGet();
        }
    }

    @Override
    public String name() {
        return "table";
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                Set.of(Protocol.TCP), List.of("wlc", "rr"), Set.of(ForwardingMethod.Kind.MASQUERADE), Set.of());
    }

    @Override
    public void start(Ticker ticker) {}

    @Override
    public void add(Pool pool) {
        ServiceKey key = pool.service().key();
        call("add", key, false, true, () -> rows.put(key, new Row(pool, true)));
    }

    @Override
    public void update(Pool pool) {
        ServiceKey key = pool.service().key();
        call("update", key, true, false, () -> rows.computeIfPresent(key, (k, row) -> new Row(pool, row.takes)));
    }

    @Override
    public void quiesce(ServiceKey key) {
        call(
                "quiesce",
                key,
                true,
                true,
                () -> rows.computeIfPresent(key, (k, row) -> {
                    if (!row.takes) {
                        misuse.add("quiesce " + key + " again");
                    }
                    return new Row(row.pool, false);
                }));
    }

    @Override
    public void remove(ServiceKey key) {
        call("remove", key, true, true, () -> rows.remove(key));
    }

    @Override
    public ServiceCounters counters(ServiceKey key) {
        return new ServiceCounters(Map.of(), rows.containsKey(key) ? 1 : -1, Map.of());
    }

    @Override
    public ConnectionEntries connections(ServiceKey key, int most) {
        beforeListing.run();
        boolean there = rows.containsKey(key);
        afterListing.run();
        if (!there) {
            throw new IllegalArgumentException("service: " + key + " (expected: one of " + rows.keySet() + ")");
        }
        return new ConnectionEntries(List.of(), 1);
    }

    @Override
    public Duration repairInterval() {
        return Duration.ofSeconds(7);
    }

    @Override
    public Duration rateInterval() {
        return Duration.ofSeconds(3);
    }

    /** Says that all has been mended. */
    @Override
    public List<Repair> repair() {
        List<Repair> repairs = new ArrayList<>();
        alone("repair", () -> rows.keySet().forEach(key -> repairs.add(new Repair(key, List.of("mended")))));
        return repairs;
    }

    @Override
    public void close() {
        rows.clear();
    }
}
