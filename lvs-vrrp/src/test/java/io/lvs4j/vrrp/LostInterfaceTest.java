package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.netlink.route.Ipv4Setting;
import io.lvs4j.netlink.route.RouteNetlink;
import io.lvs4j.netlink.socket.NetworkNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interfaces that go and come back under the same number, and virtual ones that somebody else meddles with, or that are just being made. */
class LostInterfaceTest {
    private static final String NAME = "VI_1";
    private static final String VIP = "10.77.0.100";
    private static final String OTHER_VIP = "10.77.0.200";
    private static final String VIP_IPV6 = "fd77::100";
    private static final String MAC = "00:00:5e:00:01:33";

    private final List<VrrpSpeaker> speakers = new ArrayList<>();
    private final Diary first = new Diary();
    private final Diary second = new Diary();
    private Lan lan;

    @BeforeEach
    void plug() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
        lan = new Lan(2);
    }

    @AfterEach
    void unplug() {
        speakers.forEach(VrrpSpeaker::close);
        if (lan != null) {
            lan.close();
        }
    }

    private static VirtualRouterBuilder router(int priority) {
        return Candidate.PLAIN.on(1, priority).router().toBuilder();
    }

    private static VirtualRouterBuilder ipv6(int priority) {
        return Candidate.PLAIN.ipv6().on(1, priority).router().toBuilder();
    }

    private static VirtualRouterBuilder other() {
        return VirtualRouter.builder()
                .name("VI_2")
                .virtualRouterId(52)
                .version(VrrpVersion.V3)
                .networkInterface("eth0")
                .advertisementInterval(Candidate.PLAIN.interval())
                .priority(150)
                .address(OTHER_VIP + "/24");
    }

    private VrrpSpeaker start(int host, Diary diary, VirtualRouterBuilder... routers) {
        VirtualRouters.Builder all = VirtualRouters.builder();
        for (VirtualRouterBuilder each : routers) {
            all.router(each.build());
        }
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .routers(all.build())
                .namespace(lan.namespace(host))
                .listener(diary)
                .build();
        speakers.add(speaker);
        speaker.start();
        return speaker;
    }

    /** Sets the MTU of a host's interface so low that it has no IPv6, until a router has noticed, and back. */
    private void dip(int host, Diary diary) {
        lan.ip(host, "link set eth0 mtu 1200");
        diary.await(NAME, RouterState.FAULT);
        lan.ip(host, "link set eth0 mtu 1500");
    }

    /** Takes a host's interface away, into another namespace, until a router has noticed, and brings it back. */
    private void moveAwayAndBack(int host, Diary diary) {
        String name = Path.of(lan.namespace(host)).getFileName() + "-away";
        Lan.ip("netns add " + name);
        try {
            lan.ip(host, "link set eth0 netns " + name);
            diary.await(NAME, RouterState.FAULT);
            Lan.ip("-n " + name + " link set eth0 netns "
                    + Path.of(lan.namespace(host)).getFileName());
        } finally {
            Lan.ip("netns del " + name);
        }
        lan.ip(host, "link set eth0 up");
        lan.ip(host, "address add " + Lan.address(host) + "/24 dev eth0");
    }

    /** Waits until a backup has heard so many more adverts that its master would have been taken for gone several times. */
    private static void awaitHearing(VrrpSpeaker backup) {
        long before = backup.snapshot().get(0).accepted();
        Diary.until(() -> backup.snapshot().get(0).accepted() >= before + 10);
    }

    private int arpIgnore() {
        Optional<String> namespace = Optional.of(lan.namespace(1));
        try (RouteNetlink kernel = NetworkNamespace.in(namespace, () -> RouteNetlink.open())) {
            int index = kernel.link("eth0").orElseThrow().index();
            return kernel.setting(index, Ipv4Setting.ARP_IGNORE);
        }
    }

    private long sentBy(String link) {
        String[] lines = lan.ip(1, "-s link show " + link).split("\n", -1);
        int title = IntStream.range(0, lines.length)
                .filter(i -> lines[i].strip().startsWith("TX:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(lines[title + 1].strip().split(" +", -1)[1]);
    }

    private static List<VrrpEvent> failures(Diary diary) {
        return diary.all().stream().filter(VrrpEvent.Failed.class::isInstance).toList();
    }

    // ---------------------------------------------------------------- gone and back

    @Test
    void aBackupWhoseIpv6WasGoneForATimeHearsItsMasterAgain() {
        start(1, first, ipv6(150));
        VrrpSpeaker low = start(2, second, ipv6(100));
        first.await(NAME, RouterState.MASTER);
        awaitHearing(low);

        dip(2, second);

        second.await(NAME, RouterState.BACKUP);
        awaitHearing(low);
        assertThat(second.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.FAULT, RouterState.BACKUP);
        assertThat(lan.holders(VIP_IPV6)).containsExactly(1);
    }

    @Test
    void aBackupWhoseInterfaceWasElsewhereForATimeHearsItsMasterAgain() {
        start(1, first, router(150));
        VrrpSpeaker low = start(2, second, router(100));
        first.await(NAME, RouterState.MASTER);
        awaitHearing(low);

        moveAwayAndBack(2, second);

        second.await(NAME, RouterState.BACKUP);
        awaitHearing(low);
        assertThat(second.latest(NAME)).contains(RouterState.BACKUP);
        assertThat(lan.holders(VIP)).containsExactly(1);
    }

    @Test
    void aBackupWithPeersHearsThemAgainToo() {
        start(1, first, Candidate.PLAIN.ipv6().toPeers().on(1, 150).router().toBuilder());
        VrrpSpeaker low = start(2, second, Candidate.PLAIN.ipv6().toPeers().on(2, 100).router().toBuilder());
        first.await(NAME, RouterState.MASTER);
        awaitHearing(low);

        dip(2, second);
        lan.ip(2, "address add fe80::2/64 dev eth0 nodad");

        second.await(NAME, RouterState.BACKUP);
        awaitHearing(low);
        assertThat(second.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.FAULT, RouterState.BACKUP);
    }

    @Test
    void aMasterWithAVirtualMacWhoseIpv6WasGoneForATimeIsMasterWithItsAddressesAgain() {
        VrrpSpeaker high = start(1, first, ipv6(150).virtualMac(VirtualMac.standard()));
        VrrpSpeaker low = start(2, second, ipv6(100));
        first.await(NAME, RouterState.MASTER);
        awaitHearing(low);

        dip(1, first);
        second.await(NAME, RouterState.MASTER);

        first.await(NAME, RouterState.MASTER);
        second.await(NAME, RouterState.BACKUP);
        Diary.until(() -> lan.holders(VIP_IPV6).equals(List.of(1)));
        assertThat(lan.ip(1, "address show dev vrrp6.51")).contains(VIP_IPV6).contains("mtu 1500");
        long packets = sentBy("vrrp6.51");
        awaitHearing(low);
        assertThat(sentBy("vrrp6.51")).isGreaterThanOrEqualTo(packets + 8);
        assertThat(first.latest(NAME)).contains(RouterState.MASTER);
        assertThat(second.latest(NAME)).contains(RouterState.BACKUP);
        assertThat(high.snapshot().get(0).faults()).isEmpty();
    }

    @Test
    void aBackupWithAVirtualMacWhoseIpv6WasGoneForATimeHearsItsMasterAgain() {
        start(1, first, ipv6(150).virtualMac(VirtualMac.standard()));
        VrrpSpeaker low = start(2, second, ipv6(100).virtualMac(VirtualMac.standard()));
        first.await(NAME, RouterState.MASTER);
        awaitHearing(low);

        dip(2, second);

        second.await(NAME, RouterState.BACKUP);
        awaitHearing(low);
        assertThat(second.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.FAULT, RouterState.BACKUP);
    }

    @Test
    void aRouterOfTheOtherFamilyOnTheSameInterfaceNoticesNothing() {
        VrrpSpeaker speaker =
                start(1, first, ipv6(150).virtualMac(VirtualMac.standard()), other().virtualMac(VirtualMac.standard()));
        first.await(NAME, RouterState.MASTER);
        first.await("VI_2", RouterState.MASTER);

        dip(1, first);

        first.await(NAME, RouterState.MASTER);
        assertThat(first.states("VI_2")).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        assertThat(lan.has(1, OTHER_VIP)).isTrue();
        assertThat(arpIgnore()).isEqualTo(1);

        speaker.close();
        assertThat(arpIgnore()).isZero();
    }

    @Test
    void twoVirtualMacsOnAnInterfaceThatWasElsewhereAreBothMadeAnew() {
        VrrpSpeaker speaker = start(
                1, first, router(150).virtualMac(VirtualMac.standard()), other().virtualMac(VirtualMac.standard()));
        first.await(NAME, RouterState.MASTER);
        first.await("VI_2", RouterState.MASTER);

        moveAwayAndBack(1, first);

        first.await(NAME, RouterState.MASTER);
        first.await("VI_2", RouterState.MASTER);
        assertThat(lan.ip(1, "address show dev vrrp.51")).contains(VIP);
        assertThat(lan.ip(1, "address show dev vrrp.52")).contains(OTHER_VIP);
        assertThat(arpIgnore()).isEqualTo(1);

        speaker.close();
        assertThat(lan.ip(1, "-o link show")).doesNotContain("vrrp.");
        assertThat(arpIgnore()).isZero();
    }

    // ---------------------------------------------------------------- virtual interfaces

    @Test
    void aVirtualMacsInterfaceThatSomebodySetsDownIsSetUpAgain() {
        start(1, first, router(150).virtualMac(VirtualMac.standard()));
        VrrpSpeaker low = start(2, second, router(100));
        first.await(NAME, RouterState.MASTER);
        awaitHearing(low);

        lan.ip(1, "link set vrrp.51 down");

        Diary.until(() -> lan.ip(1, "link show vrrp.51").contains(",UP"));
        awaitHearing(low);
        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        assertThat(second.states(NAME)).containsExactly(RouterState.BACKUP);
        Diary.until(() -> lan.holders(VIP).equals(List.of(1)));
    }

    @Test
    void aVirtualMacsInterfaceThatSomebodyRemovesIsMadeAnew() {
        start(1, first, router(150).virtualMac(VirtualMac.standard()));
        VrrpSpeaker low = start(2, second, router(100));
        first.await(NAME, RouterState.MASTER);
        awaitHearing(low);

        lan.ip(1, "link del vrrp.51");

        Diary.until(() -> lan.holders(VIP).equals(List.of(1)));
        assertThat(lan.ip(1, "address show dev vrrp.51")).contains(VIP);
        awaitHearing(low);
        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        assertThat(second.states(NAME)).containsExactly(RouterState.BACKUP);
    }

    @Test
    void aVirtualMacsInterfaceThatACrashHasLeftWithoutIpv6IsMadeAnew() {
        lan.ip(1, "link add vrrp6.51 link eth0 address 00:00:5e:00:02:33 type macvlan mode private");
        lan.ip(1, "link set vrrp6.51 mtu 1200");

        start(1, first, ipv6(150).virtualMac(VirtualMac.standard()));

        first.await(NAME, RouterState.MASTER);
        assertThat(lan.ip(1, "address show dev vrrp6.51")).contains(VIP_IPV6).contains("mtu 1500");
    }

    @Test
    void anOwnerWithAVirtualMacBeginsWithItAndAnnouncesItsAddressesAtOnce() {
        lan.acceptAnnouncements(2);
        VrrpSpeaker speaker = start(1, first, owner());
        first.await(NAME, RouterState.MASTER);
        Diary.until(() -> neighbours().contains(VIP + " lladdr " + MAC));

        speaker.apply(VirtualRouters.builder()
                .router(owner().address("10.77.0.101/24").build())
                .build());
        Diary.until(() -> neighbours().contains("10.77.0.101 lladdr " + MAC));
        long sent = speaker.snapshot().get(0).sent();
        long packets = sentBy("vrrp.51");
        Diary.until(() -> speaker.snapshot().get(0).sent() >= sent + 10);
        assertThat(sentBy("vrrp.51")).isGreaterThanOrEqualTo(packets + 9);

        lan.plug(1, false);
        first.await(NAME, RouterState.FAULT);
        lan.plug(1, true);
        first.await(NAME, RouterState.MASTER);
        assertThat(failures(first)).isEmpty();
    }

    /** Its only announcements are those with which it begins. */
    private static VirtualRouterBuilder owner() {
        Announcements usual = Announcements.defaults();
        return router(VirtualRouter.OWNER)
                .virtualMac(VirtualMac.standard())
                .announcements(new Announcements(
                        usual.repeat(), Duration.ZERO, Duration.ZERO, 0, 0, Duration.ZERO, Duration.ZERO));
    }

    private String neighbours() {
        return lan.ip(2, "neighbour show dev eth0");
    }
}
