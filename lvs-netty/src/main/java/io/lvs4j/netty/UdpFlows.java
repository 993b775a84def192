package io.lvs4j.netty;

import io.lvs4j.Refusal;
import io.lvs4j.ServerKey;
import io.lvs4j.scheduler.DecisionEngine;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Lease;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A UDP service on one event loop: its listening sockets, its flows, and one coarse timer for all idle ones. The number of flows
 * is bounded, see {@link UdpFlowTable}. Confined to the event loop.
 */
final class UdpFlows implements DatagramListener.Receiver {
    private static final long SWEEP_MILLIS = 250;

    private final UdpService service;
    private final Loop loop;
    private final int maxFlows;
    private final UdpFlowTable table = new UdpFlowTable();
    private final List<DatagramListener> listeners = new ArrayList<>();
    private final DatagramBatch batch = new DatagramBatch();
    private @Nullable ScheduledFuture<?> sweep;

    UdpFlows(UdpService service, Loop loop, int maxFlows) {
        this.service = service;
        this.loop = loop;
        this.maxFlows = maxFlows;
    }

    void add(DatagramListener listener) {
        listeners.add(listener);
    }

    // ---------------------------------------------------------------- from clients

    @Override
    public DatagramBatch batch() {
        return batch;
    }

    @Override
    public void received(DatagramListener at, InetSocketAddress from, DatagramBatch datagrams) {
        long now = loop.ticker().nanos();
        InetAddress address = from.getAddress();
        long high = Flow.high(address);
        long low = Flow.low(address);
        int count = datagrams.count();
        if (count > 1 && !service.onePacket()) {
            UdpFlow flow = table.find(at, high, low, from.getPort(), null);
            if (flow != null && flow.forwardTogether(datagrams)) {
                table.sent(flow, now);
                return;
            }
        }
        for (int i = 0; i < count; i++) {
            received(at, from, high, low, datagrams.get(i), now);
        }
    }

    private void received(
            DatagramListener at, InetSocketAddress from, long high, long low, ByteBuf datagram, long now) {
        if (service.onePacket()) {
            scheduleAlone(at, from, high, low, datagram, now);
            return;
        }
        UdpFlow flow = table.find(at, high, low, from.getPort(), null);
        if (flow != null) {
            table.sent(flow, now);
        } else {
            flow = begin(at, from, high, low, now);
        }
        if (flow != null) {
            flow.forward(datagram);
        }
    }

    /** Decides on one datagram; it shares a socket with others of the client to the same server. */
    private void scheduleAlone(
            DatagramListener at, InetSocketAddress from, long high, long low, ByteBuf datagram, long now) {
        if (!service.takesClients() || !admitsAlone(high, low)) {
            return;
        }
        Flow decision = decision(at, high, low, from.getPort());
        for (Lease lease = engine().acquire(decision); lease != null; lease = engine().acquire(decision)) {
            UdpFlow flow = table.find(at, high, low, from.getPort(), lease.server());
            if (flow != null) {
                table.sent(flow, now);
            } else {
                flow = insert(new UdpFlow(this, at, from, high, low, lease.server()), now);
            }
            try {
                if (flow != null) {
                    flow.forward(datagram, lease);
                }
                lease.close(); // nothing is left behind that would count as a connection
                return;
            } catch (IOException e) {
                lease.connectFailed();
                decision.exclude(lease);
                if (flow != null) {
                    end(flow);
                }
            }
        }
    }

    /** Whether a datagram is let in that leaves no connection behind. */
    private boolean admitsAlone(long high, long low) {
        int ticket = service.admission().admit(high, low);
        if (ticket == Admission.REFUSED) {
            return false;
        }
        service.admission().left(ticket);
        return true;
    }

    /** Begins a flow; returns null if the client is turned away. */
    private @Nullable UdpFlow begin(DatagramListener at, InetSocketAddress from, long high, long low, long now) {
        if (!service.takesClients()) {
            return null;
        }
        int ticket = service.admission().admit(high, low);
        if (ticket == Admission.REFUSED) {
            return null;
        }
        UdpFlow flow = insert(new UdpFlow(this, at, from, high, low, null), now);
        if (flow == null) {
            service.admission().left(ticket);
        } else {
            flow.ticket = ticket;
        }
        return flow;
    }

    /** Takes a flow into the table; returns null if it has to stay outside. */
    private @Nullable UdpFlow insert(UdpFlow flow, long now) {
        if (table.size() >= maxFlows && !makeRoom(now)) {
            service.countRefusal(Refusal.NO_ROOM);
            return null;
        }
        table.add(flow, now);
        if (sweep == null) {
            sweep = loop.schedule(this::sweep, SWEEP_MILLIS);
        }
        return flow;
    }

    private boolean makeRoom(long now) {
        UdpFlow victim = table.victim(null, now);
        if (victim != null) {
            end(victim);
        }
        return victim != null;
    }

    // ---------------------------------------------------------------- what flows ask

    Loop loop() {
        return loop;
    }

    DecisionEngine engine() {
        return service.engine();
    }

    /** The loop's flow, filled for a client. */
    Flow decision(DatagramListener at, UdpFlow flow) {
        return decision(at, flow.high, flow.low, flow.port());
    }

    private Flow decision(DatagramListener at, long high, long low, int port) {
        InetAddress to = at.address().getAddress();
        return loop.flow()
                .set(high, low, port, Flow.high(to), Flow.low(to), at.address().getPort());
    }

    /** Returns a new socket for a flow, in place of another flow's if need be; null if this process shall not or cannot have more. */
    @Nullable
    DatagramPeer newPeer(ServerKey server, UdpFlow asking) {
        if (service.sockets().take() || (endAnother(asking) && service.sockets().take())) {
            try {
                return newPeer(server, asking.client());
            } catch (IOException e) {
                service.sockets().giveBack();
                endAnother(asking); // its descriptor or port is free for the next one
            }
        }
        service.countRefusal(Refusal.NO_DESCRIPTOR);
        return null;
    }

    private DatagramPeer newPeer(ServerKey server, InetSocketAddress client) throws IOException {
        Sources sources = service.sources();
        int choices = sources == null ? 0 : sources.choices(server);
        if (sources == null || choices == 0) {
            return loop.sockets().newDatagramPeer(server.socketAddress(), null, false);
        }
        IOException last = null;
        for (int i = 0; i < choices; i++) {
            try {
                InetSocketAddress local = sources.local(server, client, i);
                return loop.sockets().newDatagramPeer(server.socketAddress(), local, sources.isTransparent(server));
            } catch (IOException e) {
                last = e;
            }
        }
        throw Objects.requireNonNull(last);
    }

    private boolean endAnother(UdpFlow asking) {
        UdpFlow victim = table.victim(asking, loop.ticker().nanos());
        if (victim == null) {
            return false;
        }
        end(victim);
        return true;
    }

    void closedPeer() {
        service.sockets().giveBack();
    }

    void answered(UdpFlow flow) {
        table.answered(flow, loop.ticker().nanos());
    }

    /** Ends a flow. Idempotent. */
    void end(UdpFlow flow) {
        if (table.remove(flow)) {
            service.admission().left(flow.ticket);
            flow.close();
        }
    }

    // ---------------------------------------------------------------- ending

    private void sweep() {
        long now = loop.ticker().nanos();
        long timeout = service.timeouts().udp().toNanos();
        for (UdpFlow idle = table.idleFor(timeout, now); idle != null; idle = table.idleFor(timeout, now)) {
            end(idle);
        }
        sweep = table.size() == 0 ? null : loop.schedule(this::sweep, SWEEP_MILLIS);
    }

    /** Visits every flow; those visited may end. */
    void forEach(Consumer<UdpFlow> action) {
        table.forEach(action);
    }

    /** These servers may be used; flows of others end. */
    void serversAre(Set<ServerKey> servers) {
        table.forEach(flow -> {
            if (flow.isOutside(servers)) {
                end(flow);
            }
        });
    }

    /** The service's limits have changed. */
    void admissionChanged() {
        table.forEach(flow -> {
            if (flow.only == null) {
                flow.ticket = service.admission().adopted(flow.ticket, flow.high, flow.low);
            }
        });
    }

    /** Ends everything. */
    void close() {
        listeners.forEach(DatagramListener::close);
        listeners.clear();
        table.forEach(this::end);
        if (sweep != null) {
            sweep.cancel(false);
            sweep = null;
        }
        batch.release();
    }
}
