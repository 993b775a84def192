package io.lvs4j.netty;

import io.lvs4j.BackendException;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.ListenAddress;
import io.lvs4j.Persistence;
import io.lvs4j.ProxyProtocol;
import io.lvs4j.Refusal;
import io.lvs4j.ServerKey;
import io.lvs4j.ServerNames;
import io.lvs4j.ServiceKey;
import io.lvs4j.scheduler.DecisionEngine;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One virtual service over TCP: its listeners, its decision engine and its settings. Changed by one thread at a time, never an event
 * loop; the event loops read settings that are published by volatile writes.
 */
final class TcpService implements CarriedService {
    /** Where other services of the backend are found. Thread-safe. */
    @FunctionalInterface
    interface Services {
        /** Returns a service, or null if there is none. */
        @Nullable
        CarriedService find(ServiceKey key);
    }

    private static final Logger log = LoggerFactory.getLogger(TcpService.class);
    private static final Pattern ERRNO = Pattern.compile("^.*failed with error\\(-?\\d+\\): ");

    private final Loops loops;
    private final Services services;
    private final boolean transparent;
    private final DecisionEngine engine;
    private final SilentServers silentServers;
    private final List<TcpListener> listeners = new ArrayList<>();
    private final @Nullable Inherited inherited;
    private final Map<InetSocketAddress, List<Integer>> notAccepting = new HashMap<>();
    private final Refusals refusals = new Refusals();
    private final Admission admission;
    private volatile ConnectionTimeouts timeouts;
    private volatile @Nullable ProxyProtocol proxyProtocol;
    private volatile @Nullable ServerNames serverNames;
    private volatile @Nullable Sources sources;
    private volatile boolean removed;

    private TcpService(
            Loops loops,
            Ticker ticker,
            Services services,
            boolean transparent,
            Pool pool,
            @Nullable Inherited inherited) {
        this.loops = loops;
        this.services = services;
        this.transparent = transparent;
        this.sources = Sources.of(pool, transparent);
        this.inherited = inherited;
        this.engine = new DecisionEngine(ticker);
        this.admission = new Admission(
                refusals, ticker, SourceTable.SLOTS, loops.profile().limits(), pool.service());
        this.silentServers = new SilentServers(this, loops);
        this.timeouts = pool.service().timeouts();
        this.proxyProtocol = proxyProtocol(pool);
        this.serverNames = serverNames(pool);
        engine.configure(pool);
    }

    /**
     * Listens everywhere, or nowhere if that fails.
     *
     * @param inherited sockets that listen already: where there are some nobody is accepted before {@link #acceptInherited}; null
     *     if there are none
     */
    static TcpService start(
            Loops loops,
            Ticker ticker,
            Services services,
            boolean transparent,
            Pool pool,
            @Nullable Inherited inherited) {
        TcpService service = new TcpService(loops, ticker, services, transparent, pool, inherited);
        boolean success = false;
        try {
            ServiceKey.Listening key = (ServiceKey.Listening) pool.service().key();
            for (ListenAddress address : key.addresses()) {
                for (int port = address.firstPort(); port <= address.lastPort(); port++) {
                    service.listen(new ListenAddress(address.address(), port, port));
                }
            }
            success = true;
            return service;
        } finally {
            if (!success) {
                service.remove();
            }
        }
    }

    /** Every loop accepts what it is to carry, if the transport can; else one accepts for all. */
    private void listen(ListenAddress address) {
        Loop loop = loops.next();
        InetSocketAddress at = new InetSocketAddress(address.address(), address.firstPort());
        List<Integer> descriptors = inherited == null ? List.of() : inherited.claim(at);
        if (!descriptors.isEmpty()) {
            notAccepting.put(at, descriptors);
            return;
        }
        try {
            if (loop.sockets().sharesAddresses()) {
                loop.sockets().requireFree(at);
                for (Loop each : loops.all()) {
                    listen(each, at, true, this::begin);
                }
            } else {
                listen(loop, at, false, this::handOn);
            }
        } catch (IOException e) {
            throw new BackendException("listen", "tcp " + address, reason(e), e);
        }
    }

    private void listen(Loop loop, InetSocketAddress at, boolean shared, TcpListener.Acceptor acceptor)
            throws IOException {
        listeners.add(loops.call(loop, () -> loop.sockets().listen(loop, at, shared, acceptor)));
    }

    /** Accepts on the sockets that another process has handed over. */
    void acceptInherited() {
        for (InetSocketAddress at : List.copyOf(notAccepting.keySet())) {
            try {
                acceptInherited(at, Objects.requireNonNull(notAccepting.remove(at)));
            } catch (IOException e) {
                throw new BackendException("listen", "tcp " + at, reason(e), e);
            }
        }
    }

    /** Every loop has its part of the sockets: several where there are more of them, one of its own where there are fewer. */
    private void acceptInherited(InetSocketAddress at, List<Integer> descriptors) throws IOException {
        List<Loop> all = loops.all();
        for (int i = 0; i < descriptors.size(); i++) {
            int descriptor = descriptors.get(i);
            Loop loop = all.get(i % all.size());
            listeners.add(loops.call(loop, () -> loop.sockets().takeOver(loop, descriptor, at, this::begin)));
        }
        try {
            for (int i = descriptors.size(); i < all.size(); i++) {
                listen(all.get(i), at, true, this::begin);
            }
        } catch (IOException e) { // such as when another user has bound the first ones
            log.warn("Only {} of {} event loops accept on {}: {}", descriptors.size(), all.size(), at, reason(e));
        }
    }

    List<TcpListener> listeners() {
        return listeners;
    }

    /** The operating system's words, the same on every transport. */
    static String reason(IOException e) {
        String text = ERRNO.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        String reason =
                text.isEmpty() ? e.toString() : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
        if (reason.startsWith("cannot assign")) {
            return reason + "; give this host the address first";
        }
        return reason.startsWith("permission denied")
                ? reason + "; ports below 1024 need CAP_NET_BIND_SERVICE"
                : reason;
    }

    /** Gives the loops what one has accepted, in turn. */
    private void handOn(Loop from, StreamSocket socket, InetSocketAddress client, InetSocketAddress destination) {
        Loop loop = loops.next();
        if (loop == from) {
            begin(loop, socket, client, destination);
        } else {
            from.budget().takeConnection(); // or more would be accepted meanwhile than there is room for
            loop.execute(() -> {
                loop.budget().untakeConnection();
                begin(loop, socket, client, destination);
                loop.budget().passOn(); // if it was not taken in
            });
        }
    }

    private void begin(Loop loop, StreamSocket socket, InetSocketAddress client, InetSocketAddress destination) {
        if (removed) {
            socket.reset();
        } else {
            new Connection(this, loop, socket, client, destination).start();
        }
    }

    // ---------------------------------------------------------------- what connections ask

    @Override
    public DecisionEngine engine() {
        return engine;
    }

    SilentServers silentServers() {
        return silentServers;
    }

    ConnectionTimeouts timeouts() {
        return timeouts;
    }

    /** Null if headers are neither sent nor accepted. */
    @Nullable
    ProxyProtocol proxyProtocol() {
        return proxyProtocol;
    }

    private static @Nullable ProxyProtocol proxyProtocol(Pool pool) {
        ProxyProtocol settings = pool.service().proxyProtocol();
        return settings.equals(ProxyProtocol.none()) ? null : settings;
    }

    Admission admission() {
        return admission;
    }

    /** Null if this host's routes decide what servers see. */
    @Nullable
    Sources sources() {
        return sources;
    }

    /** Null if nobody asks for the name that clients ask for. */
    @Nullable
    ServerNames serverNames() {
        return serverNames;
    }

    private static @Nullable ServerNames serverNames(Pool pool) {
        ServerNames names = pool.service().serverNames();
        boolean persists = pool.service()
                .persistence()
                .filter(persistence -> persistence.by() == Persistence.By.SERVER_NAME)
                .isPresent();
        return persists || !names.routes().isEmpty() ? names : null;
    }

    /** Returns who carries a client of ours that asks for a name, or null, and counts it, if nobody does. On an event loop. */
    @Nullable
    TcpService carrierOf(@Nullable String name) {
        ServerNames names = serverNames;
        ServiceKey route = names == null ? null : names.route(name).orElse(null);
        if (route == null) {
            if (names != null && names.othersRefused()) {
                countRefusal(Refusal.UNKNOWN_SERVER_NAME);
                return null;
            }
            return this;
        }
        // A removal sets its mark before it visits the connections of each loop, so it finds this one, or we find the
        // mark.
        if (services.find(route) instanceof TcpService carrier && !carrier.removed) {
            return carrier;
        }
        countRefusal(Refusal.NO_SUCH_SERVICE);
        return null;
    }

    void countRefusal(Refusal reason) {
        refusals.count(reason);
    }

    @Override
    public ServiceCounters counters() {
        return refusals.addedTo(engine.counters());
    }

    @Override
    public ConnectionEntries connections(int most) {
        ConnectionList list = new ConnectionList(loops, most);
        for (Loop loop : loops.all()) {
            list.<Connection>add(
                    loop,
                    loop::forEach,
                    connection -> connection.service() == this && connection.hasServer(),
                    connection -> connection.entry(loop.ticker().nanos()));
        }
        return list.entries();
    }

    // ---------------------------------------------------------------- changes

    /** Takes a pool over, and resets the connections of servers that it does not name. */
    @Override
    public void update(Pool pool) {
        sources = Sources.of(pool, transparent);
        engine.configure(pool);
        admission.configure(pool.service());
        timeouts = pool.service().timeouts();
        proxyProtocol = proxyProtocol(pool);
        serverNames = serverNames(pool);
        Set<ServerKey> servers =
                pool.members().stream().map(member -> member.server().key()).collect(Collectors.toSet());
        loops.onEach(loop -> loop.forEach(connection -> {
            if (connection.service() == this) {
                connection.admissionChanged();
                connection.serversAre(servers);
            }
        }));
    }

    /** Stops listening. */
    @Override
    public void quiesce() {
        for (TcpListener listener : listeners) {
            loops.on(listener.loop(), listener::close);
        }
        listeners.clear();
        if (inherited != null) {
            notAccepting.forEach(inherited::giveBack);
            notAccepting.clear();
        }
        loops.settle();
    }

    /** Stops listening and resets all connections. */
    @Override
    public void remove() {
        removed = true;
        quiesce();
        loops.on(silentServers.loop(), silentServers::close);
        loops.onEach(loop -> loop.forEach(connection -> {
            if (connection.service() == this) {
                connection.abort();
            }
        }));
        loops.settle(); // sockets that were just handed over are reset, too
    }
}
