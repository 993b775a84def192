package io.lvs4j.netty;

import io.lvs4j.AccessList;
import io.lvs4j.ConnectionLimits;
import io.lvs4j.Refusal;
import io.lvs4j.VirtualService;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.spi.Ticker;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who gets into a service: its {@link AccessList} and its {@link ConnectionLimits}. A connection that is let in gets a ticket,
 * which it gives back at its end; whoever is not is counted among the refusals. First the access list is asked, then the source's
 * limits, the service's last: so a flood from one source takes nothing from the others, and of who finds the service full no
 * token is kept.
 *
 * <p>Exactness: the service's limit is never exceeded, and a source's only as {@link SourceTable} says. When limits change,
 * connections stay, and count for what the new ones say as soon as their event loop has heard of them; those of a source whose
 * prefix lengths change count for the former network.
 *
 * <p>Concurrency: one for all event loops, which may call everything but {@link #configure}; that comes from one thread at a
 * time. With no limits in force a connection costs a look at a field. With limits, one atomic count; with limits per source, a
 * short lock that is shared by one in 128 sources. Nothing is allocated per connection.
 */
final class Admission {
    /** The ticket of somebody who is turned away. */
    static final int REFUSED = -3;

    /** The ticket of a connection that is counted nowhere, because there were no limits. */
    static final int NOT_COUNTED = -2;

    /** The ticket of a connection that counts for the service, but for no source. Greater ones are slots of the table. */
    private static final int NO_SOURCE = SourceTable.NO_SLOT;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Refusals refusals;
    private final Ticker ticker;
    private final ConnectionLimits defaults;
    private final SourceTable sources;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable Access access;
    private volatile @Nullable Limits limits;

    /** The networks of an access list; null where it names none. */
    private record Access(
            @Nullable NetworkSet allowed, @Nullable NetworkSet denied) {
        static @Nullable Access of(AccessList list) {
            if (list.allow().isEmpty() && list.deny().isEmpty()) {
                return null;
            }
            return new Access(
                    list.allow().isEmpty() ? null : new NetworkSet(list.allow()),
                    list.deny().isEmpty() ? null : new NetworkSet(list.deny()));
        }

        boolean permits(long high, long low) {
            return (denied == null || !denied.contains(high, low)) && (allowed == null || allowed.contains(high, low));
        }
    }

    /** Limits in force. */
    private record Limits(
            int perService,
            int perSource,
            long intervalNanos,
            long burstNanos,
            boolean bySource,
            int ipv4PrefixLength,
            int ipv6PrefixLength) {
        static @Nullable Limits of(ConnectionLimits said) {
            if (!said.limited()) {
                return null;
            }
            long interval = 0;
            long burst = 0;
            ConnectionLimits.Rate rate =
                    said.newPerSource().orElse(ConnectionLimits.Rate.of(ConnectionLimits.UNLIMITED));
            if (rate.perSecond() != ConnectionLimits.UNLIMITED) {
                interval = SECOND_NANOS / rate.perSecond();
                burst = interval * rate.burst();
            }
            return new Limits(
                    said.perService().orElse(ConnectionLimits.UNLIMITED),
                    said.perSource().orElse(ConnectionLimits.UNLIMITED),
                    interval,
                    burst,
                    said.limitsSources(),
                    said.ipv4PrefixLength(),
                    said.ipv6PrefixLength());
        }

        /** Returns how many of the 128 bits make a source, an IPv4 address being the last 32. */
        int prefixLength(long high, long low) {
            return Flow.isIpv4(high, low) ? 96 + ipv4PrefixLength : ipv6PrefixLength;
        }
    }

    /**
     * Admits to a service.
     *
     * @param slots how many sources are remembered
     * @param defaults what holds where the service says nothing
     */
    Admission(Refusals refusals, Ticker ticker, int slots, ConnectionLimits defaults, VirtualService service) {
        this.refusals = refusals;
        this.ticker = ticker;
        this.defaults = defaults;
        this.sources = new SourceTable(slots);
        configure(service);
    }

    /** Takes settings over. Connections that there are must then be {@link #adopted}. */
    void configure(VirtualService service) {
        access = Access.of(service.access());
        limits = Limits.of(service.limits().orElse(defaults));
    }

    // ---------------------------------------------------------------- letting in

    /** Lets a client in or not; returns the ticket for {@link #left}, or {@link #REFUSED}. */
    int admit(InetAddress source) {
        return access == null && limits == null ? NOT_COUNTED : admit(Flow.high(source), Flow.low(source));
    }

    /** Lets a client in or not, by its address as {@link Flow#high} and {@link Flow#low} give it. */
    int admit(long high, long low) {
        Access list = access;
        if (list != null && !list.permits(high, low)) {
            return refused(Refusal.ACCESS_DENIED);
        }
        Limits current = limits;
        if (current == null) {
            return NOT_COUNTED;
        }
        if (!current.bySource) {
            return countedForService(current.perService) ? NO_SOURCE : refused(Refusal.SERVICE_FULL);
        }
        int slot = opened(current, high, low, current.perSource, current.intervalNanos);
        if (slot == SourceTable.FULL) {
            return refused(Refusal.SOURCE_FULL);
        }
        if (slot == SourceTable.TOO_FAST) {
            return refused(Refusal.SOURCE_RATE);
        }
        if (countedForService(current.perService)) {
            return slot;
        }
        if (slot >= 0) {
            sources.withdrawn(slot, current.intervalNanos);
        }
        return refused(Refusal.SERVICE_FULL);
    }

    /** Lets in what a trusted front opens on its own account; only the service's limit holds for it. */
    int admitFront() {
        Limits current = limits;
        if (current == null) {
            return NOT_COUNTED;
        }
        return countedForService(current.perService) ? NO_SOURCE : refused(Refusal.SERVICE_FULL);
    }

    private int opened(Limits current, long high, long low, int perSource, long intervalNanos) {
        int length = current.prefixLength(high, low);
        return sources.opened(
                high & NetworkSet.highMask(length),
                low & NetworkSet.lowMask(length),
                perSource,
                intervalNanos,
                current.burstNanos,
                ticker.nanos());
    }

    /** Counts a connection unless the service is full. Never above the limit, so that nobody sees it full too soon. */
    private boolean countedForService(int limit) {
        int before;
        do {
            before = connections.get();
            if (before >= limit) {
                return false;
            }
        } while (!connections.compareAndSet(before, before + 1));
        return true;
    }

    private int refused(Refusal reason) {
        refusals.count(reason);
        return REFUSED;
    }

    // ---------------------------------------------------------------- afterwards

    /** Ends what was let in. */
    void left(int ticket) {
        if (ticket > NOT_COUNTED) {
            connections.decrementAndGet();
        }
        if (ticket >= 0) {
            sources.closed(ticket);
        }
    }

    /** Counts a connection from before a change for the limits of now, whatever they are. Returns the ticket that it has now. */
    int adopted(int ticket, InetAddress source) {
        return adopted(ticket, Flow.high(source), Flow.low(source));
    }

    /** As for an address, by its halves. */
    int adopted(int ticket, long high, long low) {
        int counted = adoptedFront(ticket);
        Limits current = limits;
        return counted == NO_SOURCE && current != null && current.bySource
                ? opened(current, high, low, Integer.MAX_VALUE, 0)
                : counted;
    }

    /** As {@link #adopted}, for what a front has opened on its own account. */
    int adoptedFront(int ticket) {
        if (ticket != NOT_COUNTED || limits == null) {
            return ticket;
        }
        connections.incrementAndGet();
        return NO_SOURCE;
    }

    /** For tests: connections that count for the service. */
    int connections() {
        return connections.get();
    }

    /** For tests: sources remembered. */
    int sources() {
        return sources.size();
    }
}
