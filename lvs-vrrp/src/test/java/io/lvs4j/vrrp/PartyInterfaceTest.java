package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.LvsException;
import io.lvs4j.netlink.route.Change;
import io.lvs4j.netlink.route.InterfaceMonitor;
import io.lvs4j.netlink.route.Link;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to an interface between two looks at it: what a process is told all at once, and what it has not been told yet. */
class PartyInterfaceTest {
    private final List<VrrpEvent> events = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private Lan lan;
    private Host host;
    private Party party;
    private Candidate higher;

    @BeforeEach
    void plug() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
        lan = new Lan(2);
    }

    @AfterEach
    void end() {
        if (party != null) {
            party.close();
            host.close();
        }
        if (lan != null) {
            lan.close();
        }
    }

    /** Makes the first host's router, of priority 100, which neither hears of changes nor opens anything by itself. */
    private void make(Candidate candidate) {
        higher = candidate.on(2, 150).withVirtualMac(false);
        host = Host.open(Optional.of(lan.namespace(1)));
        host.poller().remove(host.monitor().pollable());
        VirtualRouters routers =
                VirtualRouters.builder().router(candidate.router()).build();
        host.interfaces().comeAndGo(routers);
        Following following = new Following() {
            @Override
            public void happened(VrrpEvent event) {
                events.add(event);
            }

            @Override
            public void addressesAdded(VirtualRouter router) {
                // nobody waits for clients
            }
        };
        party = new Party(routers.together().get(0), host, clock::get, following);
    }

    private List<RouterState> states() {
        return events.stream()
                .filter(VrrpEvent.RouterEntered.class::isInstance)
                .map(each -> ((VrrpEvent.RouterEntered) each).state())
                .toList();
    }

    private RouterSnapshot snapshot() {
        party.show();
        return party.snapshots().findFirst().orElseThrow();
    }

    private void pass(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        party.timer();
    }

    /** Lets the other host send adverts until one could be received, and has it received. */
    private void hear() {
        long before = snapshot().accepted();
        VirtualRouter router = higher.router();
        AdvertisementReceiver receiver = new AdvertisementReceiver(router, higher.source());
        try (InterfaceMonitor monitor = InterfaceMonitor.open(lan.namespace(2))) {
            Link link = monitor.link("eth0").orElseThrow();
            try (AdvertSocket socket =
                    AdvertSocket.open(router, link, Optional.empty(), Optional.of(lan.namespace(2)))) {
                Diary.until(() -> {
                    List<LvsException> failures = new ArrayList<>();
                    socket.send(Advertisement.of(router, higher.priority()), receiver, higher.source(), failures);
                    assertThat(failures).isEmpty();
                    party.receive();
                    return snapshot().accepted() > before;
                });
            }
        }
        assertThat(snapshot().master()).contains(higher.source());
    }

    /** Reads what has happened until something is so, and tells it all at once. */
    private void tellOnce(Callable<Boolean> condition) {
        List<Change> changes = new ArrayList<>();
        Diary.until(() -> {
            changes.addAll(host.monitor().changes());
            return condition.call();
        });
        party.changed(changes);
    }

    private boolean isUsable(String address) {
        return host.interfaces()
                .link("eth0")
                .filter(link -> link.isRunning() && link.mtu() == 1500)
                .filter(link -> host.interfaces().has(Packets.address(address)))
                .isPresent();
    }

    private void dip() {
        lan.ip(1, "link set eth0 mtu 1200");
        lan.ip(1, "link set eth0 mtu 1500");
        lan.ip(1, "link set eth0 addrgenmode none");
        lan.ip(1, "address add fe80::1/64 dev eth0 nodad");
    }

    private void moveAwayAndBack() {
        String here = Path.of(lan.namespace(1)).getFileName().toString();
        String away = here + "-away";
        Lan.ip("netns add " + away);
        try {
            lan.ip(1, "link set eth0 netns " + away);
            Lan.ip("-n " + away + " link set eth0 netns " + here);
        } finally {
            Lan.ip("netns del " + away);
        }
        lan.ip(1, "link set eth0 up");
        lan.ip(1, "address add " + Lan.address(1) + "/24 dev eth0");
    }

    /** A backup that could not hear does not take the time before for its master's silence. */
    private void goesOnAsBackup(Runnable absence, String source) {
        party.open();
        party.begin();
        hear();
        pass(700);

        absence.run();
        tellOnce(() -> isUsable(source));

        assertThat(states()).containsExactly(RouterState.BACKUP, RouterState.FAULT, RouterState.BACKUP);
        pass(700);
        assertThat(snapshot().state()).isEqualTo(RouterState.BACKUP);
        hear();
        pass(700);
        assertThat(snapshot().state()).isEqualTo(RouterState.BACKUP);
    }

    @Test
    void ipv6ThatWasGoneForAMomentIsJoinedAnew() {
        make(Candidate.PLAIN.ipv6());
        goesOnAsBackup(this::dip, "fe80::1");
    }

    @Test
    void ipv6ThatWasGoneForAMomentIsJoinedAnewOnTheVirtualMacsInterfaceToo() {
        make(Candidate.PLAIN.ipv6().withVirtualMac(true));
        goesOnAsBackup(this::dip, "fe80::1");
        assertThat(lan.ip(1, "link show vrrp6.51")).contains("mtu 1500");
        assertThat(lan.ip(1, "maddress show dev vrrp6.51")).contains("ff02::12");
    }

    @Test
    void anInterfaceThatWasElsewhereForAMomentIsJoinedAnew() {
        make(Candidate.PLAIN);
        goesOnAsBackup(this::moveAwayAndBack, Lan.address(1));
    }

    @Test
    void anInterfaceThatWasElsewhereForAMomentIsJoinedAnewAlsoBelowAVirtualMac() {
        make(Candidate.PLAIN.withVirtualMac(true));
        goesOnAsBackup(this::moveAwayAndBack, Lan.address(1));
        assertThat(lan.ip(1, "maddress show dev vrrp.51")).contains("224.0.0.18");
    }

    @Test
    void anAddressToSendFromThatIsRenewedDisturbsNobody() {
        make(Candidate.PLAIN.withVirtualMac(true));
        party.open();
        party.begin();
        pass(800);
        assertThat(states()).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        String before = lan.ip(1, "-o link show vrrp.51");

        lan.ip(1, "address del " + Lan.address(1) + "/24 dev eth0");
        lan.ip(1, "address add " + Lan.address(1) + "/24 dev eth0");
        tellOnce(() -> isUsable(Lan.address(1)));

        assertThat(states()).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        assertThat(lan.ip(1, "-o link show vrrp.51")).isEqualTo(before);
    }

    @Test
    void aMasterWhoseIpv6IsGoneFailsAtNothing() {
        make(Candidate.PLAIN.ipv6());
        party.open();
        party.begin();
        pass(800);
        assertThat(snapshot().state()).isEqualTo(RouterState.MASTER);

        lan.ip(1, "link set eth0 mtu 1200");
        tellOnce(() -> !host.interfaces().has(Packets.address("fe80::1")));

        assertThat(snapshot().state()).isEqualTo(RouterState.FAULT);
        assertThat(snapshot().faults()).contains("MTU too small for inet6");
        assertThat(events.stream().filter(VrrpEvent.Failed.class::isInstance)).isEmpty();
    }

    @Test
    void aSocketThatCouldNotBeOpenedIsOpenedLaterThoughNothingIsTold() {
        make(Candidate.PLAIN);
        lan.ip(1, "link set eth0 down");
        lan.ip(1, "link set eth0 name eth7"); // what has been read says nothing of it
        party.begin();
        assertThat(snapshot().state()).isEqualTo(RouterState.FAULT);
        assertThat(snapshot().faults())
                .singleElement()
                .asString()
                .contains("eth0")
                .contains("ENODEV");

        party.renew();
        assertThat(states()).containsExactly(RouterState.FAULT);

        lan.ip(1, "link set eth7 name eth0");
        lan.ip(1, "link set eth0 up");
        party.renew();
        assertThat(snapshot().faults()).isEmpty();
        assertThat(states()).containsExactly(RouterState.FAULT, RouterState.BACKUP);
        hear();
    }
}
