package io.lvs4j.netty;

import io.lvs4j.ServerKey;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The flows of a service on one event loop, found by client, and in the order in which they were last active. Looking up
 * allocates nothing. Not thread-safe.
 *
 * <p>Who goes when it is full ({@link #victim}): flows whose client has not sent again after an answer go before those whose
 * client has. The former are one-way or answered once, and of those two kinds the one that there are more of gives up its
 * oldest flow: a flood of spoofed sources crowds out itself, whether servers answer it or not, and neither clients that wait for
 * their first answer nor clients that have just got one. Where only two-way flows are left, the one that has been idle the longest
 * goes if that is {@link #IDLE_NANOS} or more, and else nobody.
 *
 * <p>The order is precise to {@link #ORDER_NANOS}: a busy flow moves to the end of its list only that often.
 */
final class UdpFlowTable {
    static final long IDLE_NANOS = 30_000_000_000L;
    private static final long ORDER_NANOS = 100_000_000L;
    private static final int FIRST_BUCKETS = 64;

    // Secret, so that nobody can send what all falls into one bucket.
    private final long[] multipliers =
            new SecureRandom().longs(3).map(n -> n | 1).toArray();
    private final Ages oneWay = new Ages();
    private final Ages answered = new Ages();
    private final Ages twoWay = new Ages();
    private @Nullable UdpFlow[] buckets = new @Nullable UdpFlow[FIRST_BUCKETS];
    private int size;

    int size() {
        return size;
    }

    // ---------------------------------------------------------------- by client

    @Nullable
    UdpFlow find(DatagramListener at, long high, long low, int port, @Nullable ServerKey only) {
        UdpFlow flow = buckets[bucket(high, low, port)];
        while (flow != null && !flow.is(at, high, low, port, only)) {
            flow = flow.nextInBucket;
        }
        return flow;
    }

    private int bucket(long high, long low, int port) {
        long hash = (high ^ (high >>> 32)) * multipliers[0];
        hash = (hash ^ (hash >>> 29) ^ low) * multipliers[1];
        hash = (hash ^ (hash >>> 32) ^ port) * multipliers[2];
        return (int) (hash >>> 32) & (buckets.length - 1);
    }

    private int bucket(UdpFlow flow) {
        return bucket(flow.high, flow.low, flow.port());
    }

    void add(UdpFlow flow, long nowNanos) {
        if (size == buckets.length) {
            grow();
        }
        link(flow);
        size++;
        flow.activeNanos = nowNanos;
        list(flow).append(flow);
    }

    private void link(UdpFlow flow) {
        int bucket = bucket(flow);
        flow.nextInBucket = buckets[bucket];
        buckets[bucket] = flow;
    }

    private void grow() {
        @Nullable UdpFlow[] from = buckets;
        buckets = new @Nullable UdpFlow[2 * from.length];
        for (UdpFlow first : from) {
            for (UdpFlow flow = first; flow != null; ) {
                UdpFlow next = flow.nextInBucket;
                link(flow);
                flow = next;
            }
        }
    }

    /** Takes a flow out; does nothing if it is not there. */
    boolean remove(UdpFlow flow) {
        int bucket = bucket(flow);
        UdpFlow before = null;
        UdpFlow found = buckets[bucket];
        while (found != null && found != flow) {
            before = found;
            found = found.nextInBucket;
        }
        if (found == null) {
            return false;
        }
        if (before == null) {
            buckets[bucket] = flow.nextInBucket;
        } else {
            before.nextInBucket = flow.nextInBucket;
        }
        size--;
        list(flow).remove(flow);
        return true;
    }

    // ---------------------------------------------------------------- by age

    /** The client has sent a datagram. */
    void sent(UdpFlow flow, long nowNanos) {
        active(flow, flow.standing == UdpFlow.Standing.ANSWERED ? UdpFlow.Standing.TWO_WAY : flow.standing, nowNanos);
    }

    /** The server has sent a datagram. */
    void answered(UdpFlow flow, long nowNanos) {
        active(flow, flow.standing == UdpFlow.Standing.ONE_WAY ? UdpFlow.Standing.ANSWERED : flow.standing, nowNanos);
    }

    private void active(UdpFlow flow, UdpFlow.Standing standing, long nowNanos) {
        flow.activeNanos = nowNanos;
        if (flow.standing != standing || nowNanos - flow.listedNanos >= ORDER_NANOS) {
            list(flow).remove(flow);
            flow.standing = standing;
            list(flow).append(flow);
        }
    }

    private Ages list(UdpFlow flow) {
        return switch (flow.standing) {
            case ONE_WAY -> oneWay;
            case ANSWERED -> answered;
            case TWO_WAY -> twoWay;
        };
    }

    /** Returns whom to end for the sake of another flow, which may be in the table or not; null if everybody shall stay. */
    @Nullable
    UdpFlow victim(@Nullable UdpFlow asking, long nowNanos) {
        boolean mostlyOneWay = oneWay.size >= answered.size;
        UdpFlow oldest = (mostlyOneWay ? oneWay : answered).oldestBut(asking);
        if (oldest == null) {
            oldest = (mostlyOneWay ? answered : oneWay).oldestBut(asking);
        }
        if (oldest != null) {
            return oldest;
        }
        UdpFlow idle = twoWay.idleFor(IDLE_NANOS, nowNanos);
        return idle == asking ? null : idle;
    }

    /** Returns a flow that has been idle for a time; null if none has, to the precision of the order. */
    @Nullable
    UdpFlow idleFor(long timeoutNanos, long nowNanos) {
        UdpFlow idle = oneWay.idleFor(timeoutNanos, nowNanos);
        if (idle == null) {
            idle = answered.idleFor(timeoutNanos, nowNanos);
        }
        return idle == null ? twoWay.idleFor(timeoutNanos, nowNanos) : idle;
    }

    /** Visits every flow; those visited may be removed. */
    void forEach(Consumer<UdpFlow> action) {
        oneWay.forEach(action);
        answered.forEach(action);
        twoWay.forEach(action);
    }

    /** Flows of one standing, the longest idle first. */
    private static final class Ages {
        @Nullable
        UdpFlow oldest;

        @Nullable
        UdpFlow newest;

        int size;

        void append(UdpFlow flow) {
            flow.listedNanos = flow.activeNanos;
            flow.older = newest;
            flow.newer = null;
            if (newest == null) {
                oldest = flow;
            } else {
                newest.newer = flow;
            }
            newest = flow;
            size++;
        }

        void remove(UdpFlow flow) {
            if (flow.older == null) {
                oldest = flow.newer;
            } else {
                flow.older.newer = flow.newer;
            }
            if (flow.newer == null) {
                newest = flow.older;
            } else {
                flow.newer.older = flow.older;
            }
            size--;
        }

        @Nullable
        UdpFlow oldestBut(@Nullable UdpFlow flow) {
            return oldest != null && oldest == flow ? oldest.newer : oldest;
        }

        @Nullable
        UdpFlow idleFor(long timeoutNanos, long nowNanos) {
            UdpFlow flow = oldest;
            return flow != null && nowNanos - flow.activeNanos >= timeoutNanos ? flow : null;
        }

        void forEach(Consumer<UdpFlow> action) {
            for (UdpFlow flow = oldest; flow != null; ) {
                UdpFlow next = flow.newer;
                action.accept(flow);
                flow = next;
            }
        }
    }
}
