package io.lvs4j.vrrp;

import static io.lvs4j.vrrp.Packets.address;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Some routers on a network that loses, delays and divides, as processes that stand still, end and begin; in steps of a millisecond. A process
 * that stands still keeps what it was and what arrives for it. Sometimes a process looks at its socket first, sometimes at its timer.
 */
final class ElectionSimulation {
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    /** One host. */
    static final class Host {
        final VirtualRouter router;
        final InetAddress address;
        final Election election;
        final PriorityQueue<Packet> inbox = new PriorityQueue<>(Comparator.comparingLong(Packet::arrival));
        boolean alive;
        long asleepUntil;
        int side;
        int changes;
        long lastChange;
        boolean hasAddresses;

        Host(VirtualRouter router, int number) {
            this.router = router;
            address = address("10.0.0." + number);
            election = new Election(router, address);
        }

        boolean isMaster() {
            return alive && election.state() == RouterState.MASTER;
        }
    }

    private record Packet(long arrival, Advertisement advert, InetAddress source) {}

    final List<Host> hosts = new ArrayList<>();
    private final Random random;
    /** Of a thousand packets. */
    int lost;
    /** In milliseconds. */
    int slowest = 3;

    long now;
    /** For how many milliseconds in a row there has been more than one master that is awake or asleep. */
    int doubleMaster;

    int longestDoubleMaster;

    ElectionSimulation(List<VirtualRouter> routers, Random random) {
        this.random = random;
        for (VirtualRouter router : routers) {
            hosts.add(new Host(router, hosts.size() + 1));
        }
    }

    void start(Host host) {
        host.alive = true;
        host.inbox.clear();
        host.asleepUntil = now;
        carryOut(host, host.election.startup(nanos()));
    }

    void stop(Host host) {
        carryOut(host, host.election.shutdown());
        host.alive = false;
    }

    void carryOut(Host host, List<Action> actions) {
        Deque<Action> left = new ArrayDeque<>(actions);
        while (!left.isEmpty()) {
            Action action = left.poll();
            if (action instanceof Action.Send send) {
                send(host, send.priority());
            } else if (action instanceof Action.Look) {
                read(host);
                left.addAll(host.election.timer(nanos()));
            } else if (action instanceof Action.AddAddresses) {
                host.hasAddresses = true;
            } else if (action instanceof Action.RemoveAddresses) {
                host.hasAddresses = false;
            } else if (action instanceof Action.Enter) {
                host.changes++;
                host.lastChange = now;
            }
        }
    }

    private void send(Host from, int priority) {
        for (Host to : hosts) {
            if (to != from && to.alive && to.side == from.side && random.nextInt(1000) >= lost) {
                to.inbox.add(new Packet(
                        now + 1 + random.nextInt(slowest), Advertisement.of(from.router, priority), from.address));
            }
        }
    }

    private void read(Host host) {
        while (!host.inbox.isEmpty() && host.inbox.peek().arrival() <= now) {
            Packet packet = host.inbox.poll();
            carryOut(host, host.election.advertisement(packet.advert(), packet.source(), nanos()));
        }
    }

    private long nanos() {
        return now * MILLI;
    }

    void run(long millis) {
        for (long end = now + millis; now < end; now++) {
            for (Host host : hosts) {
                if (host.alive && now >= host.asleepUntil) {
                    step(host);
                }
            }
            int masters = 0;
            for (Host host : hosts) {
                masters += host.isMaster() ? 1 : 0;
            }
            doubleMaster = masters > 1 ? doubleMaster + 1 : 0;
            longestDoubleMaster = Math.max(longestDoubleMaster, doubleMaster);
        }
    }

    private void step(Host host) {
        if (random.nextBoolean()) {
            read(host);
        }
        carryOut(host, host.election.timer(nanos()));
        read(host);
    }

    /** {@return the priority of who should be master} Of equal ones it may be any: a backup accepts a master of its own priority. */
    int highestPriority() {
        return hosts.stream()
                .filter(each -> each.alive)
                .mapToInt(each -> each.election.priority())
                .max()
                .orElseThrow();
    }

    List<Host> masters() {
        return hosts.stream().filter(Host::isMaster).toList();
    }
}
