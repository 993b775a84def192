package io.lvs4j.testkit;

import io.lvs4j.BackendException;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Protocol;
import io.lvs4j.Scheduling;
import io.lvs4j.ServiceKey;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Capabilities;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Repair;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A backend that carries nothing and fails when told, as no real one can be made to at a given moment. */
final class FailingBackend implements Backend {
    static final Duration REPAIR_INTERVAL = Duration.ofMinutes(10);

    final Map<ServiceKey, Pool> pools = new LinkedHashMap<>();
    boolean failing;
    boolean uncountable;
    /** The services that cannot be removed. */
    final Set<ServiceKey> stuck = new HashSet<>();
    /** What the next looks for repairs throw, one each. */
    final Deque<Throwable> brokenLooks = new ArrayDeque<>();

    /** What happens while connections are being listed. */
    Runnable whileListing = () -> {};

    int looks;
    int updates;

    @Override
    public String name() {
        return "failing";
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                Set.of(Protocol.TCP), Scheduling.names(), Set.of(ForwardingMethod.Kind.MASQUERADE), Set.of());
    }

    @Override
    public void start(Ticker ticker) {
        failIfTold("start", "backend");
    }

    @Override
    public void add(Pool pool) {
        failIfTold("listen", pool.service().key());
        pools.put(pool.service().key(), pool);
    }

    @Override
    public void update(Pool pool) {
        failIfTold("update", pool.service().key());
        updates++;
        pools.put(pool.service().key(), pool);
    }

    @Override
    public void quiesce(ServiceKey service) {}

    @Override
    public void remove(ServiceKey service) {
        failIf(failing || stuck.contains(service), "remove", service);
        pools.remove(service);
    }

    @Override
    public ServiceCounters counters(ServiceKey service) {
        failIf(uncountable, "count", service);
        return new ServiceCounters(Map.of(), 0, Map.of());
    }

    @Override
    public ConnectionEntries connections(ServiceKey service, int most) {
        whileListing.run();
        return Backend.super.connections(service, most);
    }

    @Override
    public Duration repairInterval() {
        return REPAIR_INTERVAL;
    }

    @Override
    public List<Repair> repair() {
        looks++;
        Throwable broken = brokenLooks.poll();
        if (broken instanceof Error error) {
            throw error;
        }
        if (broken instanceof RuntimeException exception) {
            throw exception;
        }
        return List.of();
    }

    @Override
    public void close() {
        pools.clear();
        failIfTold("close", "backend");
    }

    private void failIfTold(String operation, Object subject) {
        failIf(failing, operation, subject);
    }

    private static void failIf(boolean failing, String operation, Object subject) {
        if (failing) {
            throw new BackendException(operation, subject.toString(), "on purpose", null);
        }
    }

    List<Pool.Member> members(ServiceKey service) {
        return pools.get(service).members();
    }
}
