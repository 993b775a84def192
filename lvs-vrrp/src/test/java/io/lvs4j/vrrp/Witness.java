package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.netlink.route.InterfaceMonitor;
import io.lvs4j.netlink.socket.Datagram;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.netlink.socket.Pollable;
import io.lvs4j.netlink.socket.Poller;
import io.lvs4j.netlink.socket.RawSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Sees from outside who has an address, and which adverts the switch forwards to the group: what the kernel of each host tells, not what the programs
 * say. Times are those of {@link System#nanoTime}.
 */
final class Witness implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Something that was seen. */
    sealed interface Sight {
        /** Returns when. */
        long nanos();
    }

    /** A host has got the address, or has lost it. */
    record Holding(long nanos, int host, boolean holds) implements Sight {}

    /** An advert. */
    record Advert(long nanos, InetAddress source, int priority) implements Sight {}

    private final InetAddress address;
    private final Poller poller = Poller.open();
    private final List<InterfaceMonitor> monitors = new ArrayList<>();
    private final RawSocket ears;
    private final Set<Integer> holding = new TreeSet<>();
    private final List<Sight> sights = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "witness");
    private volatile Set<Integer> holders = Set.of();
    private volatile boolean closed;

    /** Watches a candidate's address on all hosts, from now on. */
    Witness(Lan lan, Candidate candidate) {
        address = Packets.address(candidate.vip());
        for (int host = 1; host <= lan.hosts(); host++) {
            InterfaceMonitor monitor = InterfaceMonitor.open(lan.namespace(host));
            monitors.add(monitor);
            poller.add(monitor.pollable());
        }
        ears = NetworkNamespace.in(
                Optional.of(lan.switchNamespace()),
                () -> RawSocket.open(candidate.family(), AdvertisementCodec.PROTOCOL, "br0"));
        ears.join(Packets.address(candidate.family() == AddressFamily.INET ? "224.0.0.18" : "ff02::12"));
        poller.add(ears);
        look();
        thread.start();
    }

    private void run() {
        while (!closed) {
            List<Pollable> ready = poller.poll(TimeUnit.SECONDS.toNanos(1));
            if (!ready.isEmpty()) {
                look();
            }
        }
    }

    private void look() {
        for (int host = 1; host <= monitors.size(); host++) {
            InterfaceMonitor monitor = monitors.get(host - 1);
            if (!monitor.changes().isEmpty() || sights.isEmpty()) {
                note(host, holds(monitor));
            }
        }
        for (Datagram each = ears.receive(); each != null; each = ears.receive()) {
            if (each.payload().remaining() > 2 && each.payload().get(1) == Candidate.ID) {
                long at = System.nanoTime() - each.age().toNanos();
                sights.add(new Advert(at, each.source(), each.payload().get(2) & 0xff));
            }
        }
    }

    /** Whether a host has the address on an interface that runs: frr leaves it where it is, and stops the interface. */
    private boolean holds(InterfaceMonitor monitor) {
        return monitor.addresses().stream()
                .filter(each -> each.address().equals(address))
                .anyMatch(each -> monitor.links().stream()
                        .anyMatch(link -> link.index() == each.interfaceIndex() && link.isRunning()));
    }

    private void note(int host, boolean holds) {
        boolean changed = holds ? holding.add(host) : holding.remove(host);
        if (changed) {
            sights.add(new Holding(System.nanoTime(), host, holds));
            holders = Set.copyOf(holding);
        }
    }

    /** Returns who has the address now. */
    Set<Integer> holders() {
        return holders;
    }

    /** Returns when adverts of somebody were seen. */
    List<Long> adverts(Candidate candidate) {
        return sights.stream()
                .filter(Advert.class::isInstance)
                .map(Advert.class::cast)
                .filter(each ->
                        each.priority() == candidate.priority() && each.source().equals(candidate.source()))
                .map(Advert::nanos)
                .collect(Collectors.toList());
    }

    /** Returns all that was seen, in order. */
    List<Sight> sights() {
        return List.copyOf(sights);
    }

    /** Returns for how long two hosts have had the address at the longest, after some time, in nanoseconds. */
    long longestOfTwo(long begin) {
        Set<Integer> now = new TreeSet<>();
        long longest = 0;
        long since = begin;
        for (Sight each : sights) {
            if (each instanceof Holding holding) {
                if (now.size() > 1 && holding.nanos() - begin > 0) {
                    longest = Math.max(longest, holding.nanos() - Math.max(since, begin));
                }
                boolean unused = holding.holds() ? now.add(holding.host()) : now.remove(holding.host());
                since = holding.nanos();
            }
        }
        return longest;
    }

    /** Waits until these hosts and nobody else have the address. */
    void await(Set<Integer> hosts, Contender... contenders) {
        await(Duration.ZERO, Set.of(hosts), List.of(contenders));
    }

    /** Waits until these hosts have had the address, and nobody else, for so long that somebody who hears nothing of them would have noticed. */
    void awaitLasting(Set<Integer> hosts, Contender... contenders) {
        Duration interval = contenders[0].candidate().interval();
        await(interval.multipliedBy(4), Set.of(hosts), List.of(contenders));
    }

    /** Waits until one of these sets of hosts has had the address for so long. */
    void await(Duration lasting, Set<Set<Integer>> outcomes, List<Contender> contenders) {
        try {
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .during(lasting)
                    .atMost(PATIENCE)
                    .until(() -> outcomes.contains(holders));
        } catch (ConditionTimeoutException e) {
            StringBuilder text = new StringBuilder("holders: " + holders + " (expected: one of " + outcomes + ")\n");
            sights.stream()
                    .filter(Holding.class::isInstance)
                    .forEach(each -> text.append(each).append('\n'));
            contenders.forEach(each ->
                    text.append("==== ").append(each.candidate()).append('\n').append(each.report()));
            throw new AssertionError(text.toString(), e);
        }
    }

    @Override
    public void close() {
        closed = true;
        poller.wakeUp();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        monitors.forEach(InterfaceMonitor::close);
        ears.close();
        poller.close();
    }
}
