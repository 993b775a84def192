package io.lvs4j.vrrp;

import static io.lvs4j.vrrp.Packets.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.vrrp.Elections.Step;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Two hosts with a group of two or three routers each, on networks of their own that fail one by one. */
class GroupSimulationTest {
    private static final long MILLI = Duration.ofMillis(1).toNanos();
    private static final int INTERVAL = 100;

    private record Packet(long arrival, String router, Advertisement advert, InetAddress source) {}

    /** A host with its group. */
    private static final class Host {
        final InetAddress address;
        final List<VirtualRouter> routers = new ArrayList<>();
        final SyncedElections group;
        final PriorityQueue<Packet> inbox = new PriorityQueue<>(Comparator.comparingLong(Packet::arrival));
        long asleepUntil;

        Host(int number, int count, Random random) {
            address = address("10.0.0." + number);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add("r" + i);
                routers.add(ElectionDrive.router()
                        .name("r" + i)
                        .virtualRouterId(i + 1)
                        .priority(number * 80 + random.nextInt(50))
                        .advertisementInterval(Duration.ofMillis(INTERVAL))
                        .build());
            }
            group = new SyncedElections(new SyncGroup("g", names, Tracking.none(), false), routers, each -> address);
        }
    }

    private final List<Host> hosts = new ArrayList<>();
    private long now;
    /** Which routers' networks lose everything. */
    private final List<String> broken = new ArrayList<>();

    private void carryOut(Host host, List<Step> steps) {
        Deque<Step> left = new ArrayDeque<>(steps);
        while (!left.isEmpty()) {
            Step step = left.poll();
            if (step.action() instanceof Action.Look) {
                read(host);
                left.addAll(host.group.timer(now * MILLI));
            } else if (step.action() instanceof Action.Send send) {
                send(host, step.router().orElseThrow(), send.priority());
            }
        }
    }

    private void send(Host from, String router, int priority) {
        VirtualRouter described = from.routers.stream()
                .filter(each -> each.name().equals(router))
                .findFirst()
                .orElseThrow();
        for (Host to : hosts) {
            if (to != from && !broken.contains(router)) {
                to.inbox.add(new Packet(now + 1, router, Advertisement.of(described, priority), from.address));
            }
        }
    }

    private void read(Host host) {
        while (!host.inbox.isEmpty() && host.inbox.peek().arrival() <= now) {
            Packet packet = host.inbox.poll();
            carryOut(host, host.group.advertisement(packet.router(), packet.advert(), packet.source(), now * MILLI));
        }
    }

    private void run(long millis) {
        for (long end = now + millis; now < end; now++) {
            for (Host host : hosts) {
                if (now >= host.asleepUntil) {
                    read(host);
                    carryOut(host, host.group.timer(now * MILLI));
                }
            }
        }
    }

    private void disturb(Host host, int count, Random random) {
        String router = "r" + random.nextInt(count);
        switch (random.nextInt(5)) {
            case 0 -> broken.add(router);
            case 1 -> broken.remove(router);
            case 2 -> host.asleepUntil = now + random.nextInt(INTERVAL * 10);
            case 3 -> carryOut(host, host.group.fault(router));
            default -> carryOut(host, host.group.recovered(router, now * MILLI));
        }
    }

    /** A host's routers agree at all times, and in the end the host whose routers have the higher priorities is master of all of them. */
    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void oneHostIsMasterOfAllRouters(@ForAll Random random) {
        int count = 2 + random.nextInt(2);
        hosts.clear();
        broken.clear();
        now = 0;
        hosts.add(new Host(1, count, random));
        hosts.add(new Host(2, count, random));
        hosts.forEach(each -> carryOut(each, each.group.startup(0)));
        for (int i = 0; i < 20; i++) {
            disturb(hosts.get(random.nextInt(2)), count, random);
            run(random.nextInt(INTERVAL * 4));
            assertThat(hosts).allSatisfy(GroupSimulationTest::agrees);
        }

        broken.clear();
        for (Host host : hosts) {
            host.asleepUntil = now;
            host.routers.forEach(each -> carryOut(host, host.group.recovered(each.name(), now * MILLI)));
        }
        run(INTERVAL * 30L);

        assertThat(hosts.get(0).group.state()).isEqualTo(RouterState.BACKUP);
        assertThat(hosts.get(1).group.state()).isEqualTo(RouterState.MASTER);
        assertThat(hosts).allSatisfy(GroupSimulationTest::agrees);
    }

    private static void agrees(Host host) {
        for (VirtualRouter router : host.routers) {
            assertThat(host.group.election(router.name()).state()).isEqualTo(host.group.state());
        }
    }
}
