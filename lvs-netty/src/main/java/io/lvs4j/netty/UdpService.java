package io.lvs4j.netty;

import io.lvs4j.BackendException;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.ConnectionLimits;
import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.ListenAddress;
import io.lvs4j.Refusal;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceKey;
import io.lvs4j.scheduler.DecisionEngine;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One virtual service over UDP: its flows on each event loop, its decision engine and its settings. Where the transport can, every
 * event loop has a socket at each listen address and the kernel shares clients out; else one event loop has them all. Changed by
 * one thread at a time, never an event loop; the event loops read settings that are published by volatile writes.
 */
final class UdpService implements CarriedService {
    private final Loops loops;
    private final SocketBudget sockets;
    private final boolean transparent;
    private final DecisionEngine engine;
    private final Refusals refusals = new Refusals();
    private final Admission admission;
    private final List<OnLoop> parts = new CopyOnWriteArrayList<>(); // whoever lists flows may come at any time
    private volatile ConnectionTimeouts timeouts;
    private volatile boolean onePacket;
    private volatile @Nullable Sources sources;
    private volatile boolean takesClients = true;

    private record OnLoop(Loop loop, UdpFlows flows) {}

    private UdpService(Loops loops, Ticker ticker, boolean transparent, Pool pool) {
        this.loops = loops;
        this.sockets = loops.budget();
        this.transparent = transparent;
        this.sources = Sources.of(pool, transparent);
        this.engine = new DecisionEngine(ticker);
        this.admission =
                new Admission(refusals, ticker, SourceTable.SLOTS, ConnectionLimits.defaults(), pool.service());
        this.timeouts = pool.service().timeouts();
        this.onePacket = pool.service().onePacketScheduling();
        engine.configure(pool);
    }

    /** Listens everywhere, or nowhere if that fails. */
    static UdpService start(Loops loops, Ticker ticker, int maxFlows, boolean transparent, Pool pool) {
        UdpService service = new UdpService(loops, ticker, transparent, pool);
        boolean success = false;
        try {
            service.listen((ServiceKey.Listening) pool.service().key(), maxFlows);
            success = true;
            return service;
        } finally {
            if (!success) {
                service.remove();
            }
        }
    }

    private void listen(ServiceKey.Listening key, int maxFlows) {
        Loop first = loops.next();
        listen(first, key, maxFlows, false);
        if (first.sockets().sharesAddresses()) {
            for (Loop loop : loops.all()) {
                if (loop != first) {
                    listen(loop, key, maxFlows, true);
                }
            }
        }
    }

    private void listen(Loop loop, ServiceKey.Listening key, int maxFlows, boolean too) {
        int sharing = loop.sockets().sharesAddresses() ? loops.all().size() : 1;
        UdpFlows flows = new UdpFlows(this, loop, (maxFlows + sharing - 1) / sharing);
        parts.add(new OnLoop(loop, flows));
        for (ListenAddress address : key.addresses()) {
            for (int port = address.firstPort(); port <= address.lastPort(); port++) {
                ListenAddress at = new ListenAddress(address.address(), port, port);
                loops.on(loop, () -> listen(loop, flows, at, too));
            }
        }
    }

    private static void listen(Loop loop, UdpFlows flows, ListenAddress at, boolean too) {
        InetSocketAddress address = new InetSocketAddress(at.address(), at.firstPort());
        try {
            flows.add(
                    too
                            ? loop.sockets().listenToo(loop, address, flows)
                            : loop.sockets().listen(loop, address, flows));
        } catch (IOException e) {
            throw new BackendException("listen", "udp " + at, TcpService.reason(e), e);
        }
    }

    // ---------------------------------------------------------------- what flows ask

    @Override
    public DecisionEngine engine() {
        return engine;
    }

    ConnectionTimeouts timeouts() {
        return timeouts;
    }

    boolean onePacket() {
        return onePacket;
    }

    boolean takesClients() {
        return takesClients;
    }

    SocketBudget sockets() {
        return sockets;
    }

    Admission admission() {
        return admission;
    }

    /** Null if this host's routes decide what servers see. */
    @Nullable
    Sources sources() {
        return sources;
    }

    void countRefusal(Refusal reason) {
        refusals.count(reason);
    }

    @Override
    public ConnectionEntries connections(int most) {
        ConnectionList list = new ConnectionList(loops, most);
        for (OnLoop part : parts) {
            long timeout = timeouts.udp().toNanos();
            list.<UdpFlow>add(
                    part.loop(),
                    part.flows()::forEach,
                    UdpFlow::hasServer,
                    flow -> flow.entry(part.loop().ticker().nanos(), timeout));
        }
        return list.entries();
    }

    // ---------------------------------------------------------------- changes

    /** Takes a pool over, and ends the flows of servers that may not be used any more: their next datagram is decided on anew. */
    @Override
    public void update(Pool pool) {
        sources = Sources.of(pool, transparent);
        engine.configure(pool);
        admission.configure(pool.service());
        timeouts = pool.service().timeouts();
        Set<ServerKey> servers = pool.members().stream()
                .filter(Pool.Member::serving)
                .map(member -> member.server().key())
                .collect(Collectors.toSet());
        boolean same = onePacket == pool.service().onePacketScheduling();
        onePacket = pool.service().onePacketScheduling();
        onEach(flows -> {
            flows.serversAre(same ? servers : Set.of()); // else sockets are shared in another way
            flows.admissionChanged();
        });
    }

    /** Takes no new flows. The sockets stay open, because those that there are come through them. */
    @Override
    public void quiesce() {
        takesClients = false;
    }

    @Override
    public void remove() {
        takesClients = false;
        onEach(UdpFlows::close);
        parts.clear();
        loops.settle();
    }

    private void onEach(Consumer<UdpFlows> action) {
        for (OnLoop part : parts) {
            loops.on(part.loop(), () -> action.accept(part.flows()));
        }
    }

    @Override
    public ServiceCounters counters() {
        return refusals.addedTo(engine.counters());
    }
}
