package io.lvs4j.health;

import io.lvs4j.ForwardingMethod;
import io.lvs4j.Protocol;
import io.lvs4j.ServiceKey;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Capabilities;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Carries nothing, for tests that need a director. */
final class IdleBackend implements Backend {
    @Override
    public String name() {
        return "idle";
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(Set.of(Protocol.TCP), List.of("rr"), Set.of(ForwardingMethod.Kind.values()), Set.of());
    }

    @Override
    public void start(Ticker ticker) {}

    @Override
    public void add(Pool pool) {}

    @Override
    public void update(Pool pool) {}

    @Override
    public void quiesce(ServiceKey service) {}

    @Override
    public void remove(ServiceKey service) {}

    @Override
    public ServiceCounters counters(ServiceKey service) {
        return new ServiceCounters(Map.of(), 0, Map.of());
    }

    @Override
    public void close() {}
}
