package io.lvs4j.scheduler;

import io.lvs4j.ForwardingMethod;
import io.lvs4j.ListenAddress;
import io.lvs4j.PersistenceTemplates;
import io.lvs4j.Protocol;
import io.lvs4j.ServiceKey;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Capabilities;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Carries no packets: an embedder that has its own data plane, such as a gateway, asks it for a real server per connection.
 *
 * <pre>{@code
 * HeadlessBackend backend = HeadlessBackend.create();
 * Director director = Director.builder().backend(backend).build();
 * ServiceKey web = director.add(VirtualService.builder()...build()).key();
 *
 * Optional<Lease> lease = backend.acquire(web, client); // empty: no server can be used, refuse the client
 * lease.ifPresent(l -> connectTo(l.server()));          // l.established(), l.closing(), l.close() as the connection goes on
 * }</pre>
 *
 * <p>Decisions are those of every backend: scheduler, persistence, thresholds, health and drains. It opens no socket, and a
 * forwarding method or a firewall mark is whatever the embedder makes of it. Whom to admit is the embedder's, too (access lists and
 * limits are refused): a connection begins before the first {@code acquire}, and may go on through several leases. When a server or a service is removed, other
 * backends reset its connections; here {@link Lease#serverRemoved()} says so, and so do the director's events
 * ({@link io.lvs4j.DirectorEvent.ServerRemoved}, {@link io.lvs4j.DirectorEvent.ServiceRemoved}): the embedder ends them. It also
 * knows whose they are: {@link io.lvs4j.ServiceHandle#connections} lists persistence templates only.
 *
 * <p>Thread-safe. {@code acquire} may be called from any thread, an event loop too: it waits for nobody, except where
 * persistence makes the first connections of one client wait for each other.
 */
public final class HeadlessBackend implements Backend {
    private static final String NAME = "headless";

    private final Map<ServiceKey, Service> services = new ConcurrentHashMap<>();
    private Ticker ticker = Ticker.system();

    private static final class Service {
        final DecisionEngine engine;
        final InetSocketAddress address;
        volatile boolean quiesced;

        Service(ServiceKey key, Ticker ticker) {
            engine = new DecisionEngine(ticker);
            address = addressOf(key);
        }

        /** What a client connects to unless the embedder says otherwise. */
        private static InetSocketAddress addressOf(ServiceKey key) {
            if (key instanceof ServiceKey.Listening listening) {
                ListenAddress first = listening.addresses().get(0);
                return new InetSocketAddress(first.address(), first.firstPort());
            }
            return new InetSocketAddress((InetAddress) null, 0); // a mark has no address: the wildcard
        }
    }

    private HeadlessBackend() {}

    /** {@return a backend to be given to one director} */
    public static HeadlessBackend create() {
        return new HeadlessBackend();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                EnumSet.of(Protocol.TCP, Protocol.UDP),
                Schedulers.names(),
                EnumSet.allOf(ForwardingMethod.Kind.class),
                EnumSet.complementOf(EnumSet.of(
                        Capabilities.Feature.ONE_PACKET_SCHEDULING,
                        Capabilities.Feature.PROXY_PROTOCOL,
                        Capabilities.Feature.ACCESS_LIST,
                        Capabilities.Feature.CONNECTION_LIMITS)));
    }

    // ---------------------------------------------------------------- deciding

    /**
     * Decides on a connection to the first listen address of a service.
     *
     * @param service the service
     * @param client the client's address and port, resolved
     * @return the lease on a server, to be closed when the connection is over; empty if no server can be used or the service
     *     takes no more connections
     * @throws IllegalArgumentException if there is no such service
     */
    public Optional<Lease> acquire(ServiceKey service, InetSocketAddress client) {
        Service known = service(service);
        return acquire(known, client, known.address);
    }

    /**
     * Decides on a connection. The address matters to the schedulers {@code dh} and {@code lblc}, which keep what goes to one
     * address on one server.
     *
     * @param service the service
     * @param client the client's address and port, resolved
     * @param destination the address and port that it connects to, resolved; need not be one that the service listens on
     * @return the lease on a server, to be closed when the connection is over; empty if no server can be used or the service
     *     takes no more connections
     * @throws IllegalArgumentException if there is no such service
     */
    public Optional<Lease> acquire(ServiceKey service, InetSocketAddress client, InetSocketAddress destination) {
        return acquire(service(service), client, destination);
    }

    /**
     * Decides on a flow, such as one with a {@link Flow#key key}. After {@link Flow#exclude} the same flow may be given again.
     *
     * @param service the service
     * @param flow who connects and where to
     * @return the lease on a server, to be closed when the connection is over; empty if no server can be used or the service
     *     takes no more connections
     * @throws IllegalArgumentException if there is no such service
     */
    public Optional<Lease> acquire(ServiceKey service, Flow flow) {
        return acquire(service(service), flow);
    }

    /**
     * Says what {@link #acquire(ServiceKey, Flow)} would decide now and why, and changes nothing. Not for the hot path.
     *
     * @param service the service
     * @param flow who connects and where to
     * @return the explanation
     * @throws IllegalArgumentException if there is no such service
     */
    public Explanation explain(ServiceKey service, Flow flow) {
        Service known = service(service);
        Explanation explanation = known.engine.explain(flow);
        return known.quiesced ? explanation.refused("the service takes no more connections") : explanation;
    }

    private static Optional<Lease> acquire(Service service, InetSocketAddress client, InetSocketAddress destination) {
        return acquire(service, new Flow().set(resolved("client", client), resolved("destination", destination)));
    }

    private static Optional<Lease> acquire(Service service, Flow flow) {
        if (service.quiesced) {
            return Optional.empty();
        }
        Lease lease = service.engine.acquire(flow);
        if (lease != null && service.quiesced) {
            lease.close(); // decided on while the service was being quiesced
            return Optional.empty();
        }
        return Optional.ofNullable(lease);
    }

    private static InetSocketAddress resolved(String name, InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(name + ": " + address + " (expected: a resolved address)");
        }
        return address;
    }

    private Service service(ServiceKey key) {
        Service service = services.get(key);
        if (service == null) {
            throw new IllegalArgumentException("service: " + key + " (expected: one of " + services.keySet() + ")");
        }
        return service;
    }

    // ---------------------------------------------------------------- what the director asks for

    @Override
    public void start(Ticker clock) {
        ticker = clock;
    }

    @Override
    public void add(Pool pool) {
        Service service = new Service(pool.service().key(), ticker);
        service.engine.configure(pool);
        services.put(pool.service().key(), service);
    }

    @Override
    public void update(Pool pool) {
        service(pool.service().key()).engine.configure(pool);
    }

    @Override
    public void quiesce(ServiceKey service) {
        service(service).quiesced = true;
    }

    @Override
    public void remove(ServiceKey service) {
        quiesce(service);
        service(service).engine.retire();
        services.remove(service);
    }

    @Override
    public ServiceCounters counters(ServiceKey service) {
        return service(service).engine.counters();
    }

    @Override
    public Duration rateInterval() {
        return ESTIMATION_INTERVAL;
    }

    @Override
    public Optional<PersistenceTemplates> persistence(ServiceKey service) {
        return service(service).engine.persistence();
    }

    @Override
    public void close() {
        List.copyOf(services.keySet()).forEach(this::remove);
    }
}
