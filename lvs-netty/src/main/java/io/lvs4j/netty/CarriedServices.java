package io.lvs4j.netty;

import io.lvs4j.Protocol;
import io.lvs4j.ServiceKey;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Ticker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The services of a backend. One thread at a time changes them, any may look; the thread on which listeners are handed over waits
 * for changes to end, and they for it.
 */
final class CarriedServices implements HandOver.Listening {
    private final Loops loops;
    private final Ticker ticker;
    private final int maxFlows;
    private final boolean transparent;
    private final Map<ServiceKey, CarriedService> services = new ConcurrentHashMap<>();
    private final Map<ServiceKey, SourceNeeds> needed = new ConcurrentHashMap<>();
    private final Object listening = new Object(); // held while listeners come, go or are handed over

    CarriedServices(Loops loops, Ticker ticker, int maxFlows, boolean transparent) {
        this.loops = loops;
        this.ticker = ticker;
        this.maxFlows = maxFlows;
        this.transparent = transparent;
    }

    /**
     * Begins to carry a service.
     *
     * @param inherited sockets that listen already; null if there are none
     */
    void add(Pool pool, @Nullable Inherited inherited) {
        ServiceKey key = pool.service().key();
        if (services.containsKey(key)) {
            throw new IllegalArgumentException("service: " + key + " (expected: each service once)");
        }
        SourceNeeds needs = SourceNeeds.of(pool.service(), transparent);
        needs.require(key);
        synchronized (listening) {
            services.put(key, start(pool, inherited));
        }
        needed.put(key, needs);
    }

    private CarriedService start(Pool pool, @Nullable Inherited inherited) {
        boolean udp = pool.service().key() instanceof ServiceKey.Listening key && key.protocol() == Protocol.UDP;
        return udp
                ? UdpService.start(loops, ticker, maxFlows, transparent, pool)
                : TcpService.start(loops, ticker, services::get, transparent, pool, inherited);
    }

    /** Takes a pool over. What it needs of the host is looked for again only if that is something else. */
    void update(Pool pool) {
        ServiceKey key = pool.service().key();
        CarriedService service = get(key);
        SourceNeeds needs = SourceNeeds.of(pool.service(), transparent);
        if (!needs.equals(needed.get(key))) {
            needs.require(key);
        }
        service.update(pool);
        needed.put(key, needs);
    }

    /** Lets a service take no new clients. */
    void quiesce(ServiceKey key) {
        synchronized (listening) {
            get(key).quiesce();
        }
    }

    /** Ends a service. */
    void remove(ServiceKey key) {
        synchronized (listening) {
            get(key).remove();
            services.remove(key);
        }
        needed.remove(key);
    }

    /** Ends all of them. */
    void removeAll() {
        List.copyOf(services.values()).forEach(CarriedService::remove);
        services.clear();
    }

    /** Returns a service that is carried. */
    CarriedService get(ServiceKey key) {
        CarriedService service = services.get(key);
        if (service == null) {
            throw new IllegalArgumentException("service: " + key + " (expected: one of " + services.keySet() + ")");
        }
        return service;
    }

    // ---------------------------------------------------------------- handing listeners over

    @Override
    public void withListeners(Use use) throws IOException {
        synchronized (listening) {
            use.with(tcp().flatMap(service -> service.listeners().stream()).toList());
        }
    }

    @Override
    public void accept() {
        synchronized (listening) {
            tcp().forEach(TcpService::acceptInherited);
        }
    }

    @Override
    public void letGo() {
        synchronized (listening) {
            tcp().forEach(TcpService::quiesce);
        }
    }

    private Stream<TcpService> tcp() {
        return services.values().stream().filter(TcpService.class::isInstance).map(TcpService.class::cast);
    }
}
