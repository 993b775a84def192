package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressPrefix;
import io.lvs4j.netlink.route.Change;
import io.lvs4j.netlink.route.InterfaceMonitor;
import io.lvs4j.netlink.route.Ipv4Setting;
import io.lvs4j.netlink.route.RouteNetlink;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.scheduler.HeadlessBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hosts of one network, and the speakers on them. */
class VrrpSpeakerTest {
    private static final String VIP = "10.77.0.100";
    private static final String NAME = "VI_1";

    private final List<VrrpSpeaker> speakers = new ArrayList<>();
    private Lan lan;
    private final Diary first = new Diary();
    private final Diary second = new Diary();

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
        return bare(priority).name(NAME).virtualRouterId(51).address(VIP + "/24");
    }

    private static VirtualRouter other() {
        return bare(150)
                .name("VI_2")
                .virtualRouterId(52)
                .address("10.77.0.200/24")
                .build();
    }

    private static VirtualRouterBuilder bare(int priority) {
        return VirtualRouter.builder()
                .version(VrrpVersion.V3)
                .networkInterface("eth0")
                .advertisementInterval(Duration.ofMillis(200))
                .priority(priority);
    }

    private VrrpSpeaker start(int host, VirtualRouterBuilder router, Diary diary) {
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .router(router.build())
                .namespace(lan.namespace(host))
                .listener(diary)
                .build();
        speakers.add(speaker);
        speaker.start();
        return speaker;
    }

    @Test
    void theHigherPriorityHasTheAddressAndTheOtherOneWhenItEnds() {
        VrrpSpeaker high = start(1, router(150), first);
        VrrpSpeaker low = start(2, router(100), second);
        first.await(NAME, RouterState.MASTER);
        second.await(NAME, RouterState.BACKUP);
        assertThat(lan.holders(VIP)).containsExactly(1);
        Diary.until(() -> low.snapshot().get(0).master().isPresent());

        high.close();

        second.await(NAME, RouterState.MASTER);
        assertThat(lan.holders(VIP)).containsExactly(2);
        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER, RouterState.INITIALIZE);
        low.close();
        assertThat(lan.holders(VIP)).isEmpty();
    }

    @Test
    void aFaultOfItsInterfaceMakesWayAndItsEndTakesBack() {
        VrrpSpeaker high = start(1, router(150), first);
        start(2, router(100), second);
        first.await(NAME, RouterState.MASTER);
        lan.plug(1, false);
        first.await(NAME, RouterState.FAULT);
        second.await(NAME, RouterState.MASTER);
        assertThat(high.snapshot().get(0).faults()).containsExactly("interface eth0");

        lan.plug(1, true);
        first.await(NAME, RouterState.MASTER);
        second.await(NAME, RouterState.BACKUP);
        Diary.until(() -> lan.holders(VIP).equals(List.of(1)));
    }

    @Test
    void anAddressThatSomebodyRemovesIsPutBack() {
        VrrpSpeaker speaker = pair(router(150));
        for (int i = 0; i < 3; i++) {
            lan.ip(1, "address del " + VIP + "/24 dev eth0");
            Diary.until(() -> lan.has(1, VIP));
        }
        awaitAdverts(speaker);

        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        assertThat(second.states(NAME)).containsExactly(RouterState.BACKUP);
        assertThat(lan.holders(VIP)).containsExactly(1);
    }

    @Test
    void anInterfaceThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> start(1, router(150).networkInterface("eth9"), first))
                .isInstanceOf(VrrpException.class)
                .hasMessage("interface of VI_1: eth9 (expected: one of [lo, eth0])");
    }

    @Test
    void whoCouldNotStartMayStartWhenTheHostHasWhatIsNeeded() {
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .routers(VirtualRouters.builder()
                        .router(router(150)
                                .networkInterface("eth9")
                                .tracking(Tracking.none().withScript(Tracked.of("s")))
                                .build())
                        .script(TrackScript.of("s", "/bin/true"))
                        .build())
                .namespace(lan.namespace(1))
                .listener(first)
                .build();
        speakers.add(speaker);
        assertThatThrownBy(speaker::start).isInstanceOf(VrrpException.class);

        lan.ip(1, "link add eth9 type veth peer name peer9");
        lan.ip(1, "link set peer9 up");
        lan.ip(1, "link set eth9 up");
        lan.ip(1, "address add 10.78.0.1/24 dev eth9");
        speaker.start();

        first.await(NAME, RouterState.MASTER);
        assertThat(lan.has(1, VIP)).isTrue();
    }

    @Test
    void whatACrashHasLeftIsRemoved() {
        lan.ip(2, "address add " + VIP + "/24 dev eth0");
        start(1, router(150), first);
        start(2, router(100), second);
        second.await(NAME, RouterState.BACKUP);
        first.await(NAME, RouterState.MASTER);
        assertThat(lan.holders(VIP)).containsExactly(1);
    }

    @Test
    void aSourceThatTheHostDoesNotHaveIsAFault() {
        VrrpSpeaker speaker = start(
                1,
                router(150).transport(Transport.unicast(Packets.address("10.77.0.9"), Packets.address(Lan.address(2)))),
                first);
        first.await(NAME, RouterState.FAULT);
        Diary.until(() -> speaker.snapshot().get(0).faults().equals(List.of("source address 10.77.0.9")));

        lan.ip(1, "address add 10.77.0.9/24 dev eth0");
        first.await(NAME, RouterState.MASTER);
    }

    @Test
    void anInterfaceThatIsTrackedAndNotThereIsSaidToBeNotThere() {
        VrrpSpeaker speaker = start(1, router(150).tracking(Tracking.none().withInterface(Tracked.of("eth8"))), first);
        Diary.until(() -> speaker.snapshot().get(0).faults().equals(List.of("interface eth8: not there")));
    }

    @Test
    void aRouteThatSomebodyRemovesIsPutBack() {
        VirtualRoute route = new VirtualRoute(
                List.of("192.168.100.0/24", "via", "10.77.0.2"),
                VirtualRoute.Type.UNICAST,
                AddressFamily.INET,
                Optional.of(AddressPrefix.parse("192.168.100.0/24")),
                Optional.of(Packets.address("10.77.0.2")),
                Optional.of("eth0"),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                true,
                Optional.empty());
        start(1, router(150).route(route), first);
        first.await(NAME, RouterState.MASTER);
        lan.ip(1, "route del 192.168.100.0/24");
        Diary.until(() -> lan.ip(1, "route show").contains("192.168.100.0/24"));
    }

    @Test
    void theLastVirtualMacGivesTheInterfaceBelowItsSettingsBack() {
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .routers(VirtualRouters.builder()
                        .router(router(150).virtualMac(VirtualMac.standard()).build())
                        .router(other().toBuilder()
                                .virtualMac(VirtualMac.standard())
                                .build())
                        .build())
                .namespace(lan.namespace(1))
                .listener(first)
                .build();
        speakers.add(speaker);
        speaker.start();
        first.await(NAME, RouterState.MASTER);
        assertThat(arpIgnore()).isEqualTo(1);

        speaker.apply(only(router(150).virtualMac(VirtualMac.standard())));
        assertThat(arpIgnore()).isEqualTo(1);

        speaker.close();
        assertThat(arpIgnore()).isZero();
    }

    private int arpIgnore() {
        Optional<String> namespace = Optional.of(lan.namespace(1));
        try (RouteNetlink kernel = NetworkNamespace.in(namespace, () -> RouteNetlink.open())) {
            int index = kernel.link("eth0").orElseThrow().index();
            return kernel.setting(index, Ipv4Setting.ARP_IGNORE);
        }
    }

    @Test
    void advertsOverIpv6LeaveByTheVirtualMacToo() {
        VirtualRouterBuilder ipv6 = bare(150)
                .name(NAME)
                .virtualRouterId(51)
                .address("fd00:77::100/64")
                .virtualMac(VirtualMac.standard());
        VrrpSpeaker speaker = start(1, ipv6, first);
        first.await(NAME, RouterState.MASTER);
        long sent = speaker.snapshot().get(0).sent();
        long packets = sentBy("vrrp6.51");
        Diary.until(() -> speaker.snapshot().get(0).sent() >= sent + 10);
        assertThat(sentBy("vrrp6.51")).isGreaterThanOrEqualTo(packets + 9);
    }

    private long sentBy(String link) {
        String[] lines = lan.ip(1, "-s link show " + link).split("\n", -1);
        int title = IntStream.range(0, lines.length)
                .filter(i -> lines[i].strip().startsWith("TX:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(lines[title + 1].strip().split(" +", -1)[1]);
    }

    @Test
    void aListenerMayCloseTheSpeaker() {
        List<VrrpSpeaker> own = new ArrayList<>();
        CompletableFuture<List<RouterSnapshot>> done = new CompletableFuture<>();
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .router(router(150).build())
                .namespace(lan.namespace(1))
                .listener(event -> {
                    if (event instanceof VrrpEvent.RouterEntered entered && entered.state() == RouterState.MASTER) {
                        own.get(0).close();
                        done.complete(own.get(0).snapshot());
                    }
                })
                .build();
        own.add(speaker);
        speakers.add(speaker);
        speaker.start();
        assertThat(done.join().get(0).state()).isEqualTo(RouterState.INITIALIZE);
        assertThat(lan.has(1, VIP)).isFalse();
    }

    @Test
    void aListenerThatAsksForAChangeAtTheEndIsRefusedAndDoesNotHoldUpTheEnd() {
        List<VrrpSpeaker> own = new ArrayList<>();
        CompletableFuture<String> refused = new CompletableFuture<>();
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .router(router(150).build())
                .namespace(lan.namespace(1))
                .listener(event -> {
                    if (event instanceof VrrpEvent.RouterEntered entered && entered.state() == RouterState.INITIALIZE) {
                        try {
                            own.get(0).apply(only(router(140)));
                        } catch (IllegalStateException e) {
                            refused.complete(e.getMessage());
                        }
                    }
                })
                .build();
        own.add(speaker);
        speaker.start();
        speaker.close();
        assertThat(refused).isCompletedWithValue("speaker: closed (expected: not closed)");
    }

    // ---------------------------------------------------------------- other routers while it runs

    /** Waits until a master has sent some adverts more, so that the other host has had time to notice what there is to notice. */
    private static void awaitAdverts(VrrpSpeaker master) {
        long before = master.snapshot().get(0).sent();
        Diary.until(() -> master.snapshot().get(0).sent() >= before + 5);
    }

    /** Two hosts, the first is master. */
    private VrrpSpeaker pair(VirtualRouterBuilder high) {
        VrrpSpeaker speaker = start(1, high, first);
        VrrpSpeaker low = start(2, router(100), second);
        first.await(NAME, RouterState.MASTER);
        Diary.until(() -> low.snapshot().get(0).master().isPresent());
        return speaker;
    }

    private static VirtualRouters only(VirtualRouterBuilder router) {
        return VirtualRouters.builder().router(router.build()).build();
    }

    @Test
    void aMasterOfAnotherPriorityStaysMasterAndNobodyNotices() {
        VrrpSpeaker speaker = pair(router(150));
        speaker.apply(only(router(140)));
        awaitAdverts(speaker);
        assertThat(speaker.snapshot().get(0).priority()).isEqualTo(140);
        assertThat(speaker.snapshot().get(0).state()).isEqualTo(RouterState.MASTER);
        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        assertThat(second.states(NAME)).containsExactly(RouterState.BACKUP);
        assertThat(lan.holders(VIP)).containsExactly(1);
    }

    @Test
    void aMasterWhosePriorityBecomesTheLowerOneIsTakenOverFrom() {
        VrrpSpeaker speaker = pair(router(150));
        speaker.apply(only(router(50)));
        second.await(NAME, RouterState.MASTER);
        first.await(NAME, RouterState.BACKUP);
        Diary.until(() -> lan.holders(VIP).equals(List.of(2)));
    }

    @Test
    void aBackupWhosePriorityBecomesTheHigherOneTakesOver() {
        pair(router(150));
        speakers.get(1).apply(only(router(200)));
        second.await(NAME, RouterState.MASTER);
        first.await(NAME, RouterState.BACKUP);
        Diary.until(() -> lan.holders(VIP).equals(List.of(2)));
        assertThat(second.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);
    }

    @Test
    void aMastersAddressesComeAndGoAndThoseThatStayAreNotTouched() {
        VrrpSpeaker speaker = pair(router(150).excludedAddress(VirtualAddress.parse("10.77.0.101/24")));
        speaker.apply(only(router(150).excludedAddress(VirtualAddress.parse("10.77.0.102/24"))));
        assertThat(lan.has(1, "10.77.0.101")).isFalse();
        assertThat(lan.has(1, "10.77.0.102")).isTrue();
        assertThat(lan.has(1, VIP)).isTrue();
        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);
    }

    @Test
    void anAddressThatIsDescribedOtherwiseButIsTheSameToTheKernelIsNotTouched() {
        VrrpSpeaker speaker = pair(router(150));
        VirtualAddress before = VirtualAddress.parse(VIP + "/24");
        VirtualAddress after = new VirtualAddress(
                before.address(),
                before.prefixLength(),
                Optional.of("eth0"),
                before.scope(),
                before.label(),
                before.broadcast(),
                before.peer(),
                before.flags(),
                before.onVirtualMac(),
                false,
                Optional.of(Duration.ofSeconds(1)),
                before.trackGroup());
        try (InterfaceMonitor monitor = InterfaceMonitor.open(lan.namespace(1))) {
            speaker.apply(only(bare(150).name(NAME).virtualRouterId(51).address(after)));
            assertThat(monitor.changes()).noneMatch(Change.AddressGone.class::isInstance);
        }
        assertThat(lan.has(1, VIP)).isTrue();
    }

    @Test
    void oneThatIsAddedBeginsAndOneThatIsRemovedSaysFarewellWhileOthersGoOn() {
        VirtualRouterBuilder stays = router(150);
        VirtualRouter other = other();
        VrrpSpeaker speaker = pair(stays);
        speaker.apply(
                VirtualRouters.builder().router(stays.build()).router(other).build());
        first.await("VI_2", RouterState.MASTER);
        assertThat(lan.has(1, "10.77.0.200")).isTrue();

        speaker.apply(VirtualRouters.builder().router(other).build());
        second.await(NAME, RouterState.MASTER);
        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER, RouterState.INITIALIZE);
        assertThat(first.states("VI_2")).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        assertThat(speaker.snapshot()).hasSize(1);

        speaker.apply(VirtualRouters.builder().build());
        assertThat(speaker.snapshot()).isEmpty();
        assertThat(lan.has(1, "10.77.0.200")).isFalse();
    }

    @Test
    void anInterfaceThatIsNotThereChangesNothing() {
        VrrpSpeaker speaker = pair(router(150));
        VirtualRouters before = speaker.routers();
        assertThatThrownBy(() -> speaker.apply(VirtualRouters.builder()
                        .router(router(120).build())
                        .router(router(120)
                                .name("VI_9")
                                .virtualRouterId(9)
                                .networkInterface("eth9")
                                .build())
                        .build()))
                .isInstanceOf(VrrpException.class)
                .hasMessage("interface of VI_9: eth9 (expected: one of [lo, eth0])");
        assertThat(speaker.routers()).isEqualTo(before);
        assertThat(speaker.snapshot().get(0).priority()).isEqualTo(150);
        assertThat(lan.holders(VIP)).containsExactly(1);
    }

    @Test
    void aScriptThatCannotBeRunChangesNothing() {
        VrrpSpeaker speaker = pair(router(150));
        VirtualRouters wanted = VirtualRouters.builder()
                .router(router(120)
                        .tracking(Tracking.none().withScript(Tracked.of("s")))
                        .build())
                .script(TrackScript.of("s", "/no/such/program"))
                .build();
        assertThatThrownBy(() -> speaker.apply(wanted))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("script s: ")
                .hasMessageContaining("/no/such/program");
        assertThat(speaker.snapshot().get(0).priority()).isEqualTo(150);
    }

    @Test
    void aMasterThatIsToTrackSomethingMoreStaysMasterUntilItFails() {
        VrrpSpeaker speaker = pair(router(150));
        VirtualRouterBuilder tracking = router(150)
                .tracking(Tracking.none().withScript(Tracked.of("good")).withScript(Tracked.of("bad")));
        speaker.apply(VirtualRouters.builder()
                .router(tracking.build())
                .script(TrackScript.of("good", "/bin/true"))
                .script(TrackScript.of("bad", "/bin/false"))
                .build());
        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);

        first.await(NAME, RouterState.FAULT);
        Diary.until(() -> speaker.snapshot().get(0).faults().equals(List.of("script bad")));
        second.await(NAME, RouterState.MASTER);
    }

    @Test
    void aScriptThatBeginsDownAndStaysItLowersThePriorityAlsoIfItIsTrackedSinceAChange() {
        VrrpSpeaker speaker = pair(router(150));
        TrackScript down = beginsDown("down", "/bin/false", 1);

        speaker.apply(VirtualRouters.builder()
                .router(router(150)
                        .tracking(Tracking.none().withScript(new Tracked("down", -100, false)))
                        .build())
                .script(down)
                .build());

        Diary.until(() -> speaker.snapshot().get(0).priority() == 50);
        second.await(NAME, RouterState.MASTER);
    }

    @Test
    void aScriptThatBeginsDownAndIsRunOtherwiseKeepsItsMaster() {
        VirtualRouter router = router(150)
                .tracking(Tracking.none().withScript(Tracked.of("good")))
                .build();
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .routers(VirtualRouters.builder()
                        .router(router)
                        .script(beginsDown("good", "/bin/true", 1))
                        .build())
                .namespace(lan.namespace(1))
                .listener(first)
                .build();
        speakers.add(speaker);
        speaker.start();
        first.await(NAME, RouterState.MASTER);
        first.clear();

        speaker.apply(VirtualRouters.builder()
                .router(router)
                .script(beginsDown("good", "/bin/true", 2))
                .build());
        awaitAdverts(speaker);

        assertThat(first.states(NAME)).isEmpty();
    }

    private static TrackScript beginsDown(String name, String program, int seconds) {
        return new TrackScript(
                name,
                List.of(program),
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(30),
                1,
                1,
                0,
                false,
                Optional.empty(),
                Optional.empty(),
                true);
    }

    @Test
    void aDirectorIsMadeBeforeTheStart() {
        VrrpSpeaker speaker = start(1, router(150), first);
        assertThatThrownBy(() -> speaker.directorOn(HeadlessBackend.create()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("speaker: started (expected: not started)");
    }

    @Test
    void routersThatAreAddedOneByOneAreAllThere() {
        VrrpSpeaker.Builder builder =
                VrrpSpeaker.builder().router(router(150).build()).router(other());
        assertThat(builder.build().routers().routers())
                .extracting(VirtualRouter::name)
                .containsExactly(NAME, "VI_2");
    }

    @Test
    void aPriorityIsToldOnceWhenItChanges() {
        VrrpSpeaker speaker = pair(router(150));
        TrackFile file = new TrackFile("file", "/proc/sys/net/ipv4/ip_default_ttl", 0, false);
        VirtualRouterBuilder tracking = router(120).tracking(Tracking.none().withFile(new Tracked("file", 1, false)));
        speaker.apply(
                VirtualRouters.builder().router(tracking.build()).file(file).build());
        Diary.until(() -> speaker.snapshot().get(0).priority() == 184);
        speaker.apply(VirtualRouters.builder()
                .router(tracking.priority(119).build())
                .file(file)
                .build());
        speaker.close();

        assertThat(first.all().stream()
                        .filter(VrrpEvent.PriorityChanged.class::isInstance)
                        .map(each -> ((VrrpEvent.PriorityChanged) each).priority()))
                .doesNotHaveDuplicates()
                .doesNotContain(150, 119)
                .endsWith(184, 183);
    }

    @Test
    void anAddressThatBecomesAnotherRoutersIsThere() {
        VirtualRouter other = other();
        VrrpSpeaker speaker = start(1, router(150), first);
        first.await(NAME, RouterState.MASTER);
        speaker.apply(VirtualRouters.builder()
                .router(router(150).build())
                .router(other)
                .build());
        first.await("VI_2", RouterState.MASTER);

        speaker.apply(VirtualRouters.builder()
                .router(bare(150)
                        .name("VI_2")
                        .virtualRouterId(52)
                        .address(VIP + "/24")
                        .build())
                .router(bare(150)
                        .name(NAME)
                        .virtualRouterId(51)
                        .address("10.77.0.200/24")
                        .build())
                .build());

        assertThat(lan.has(1, VIP)).isTrue();
        assertThat(lan.has(1, "10.77.0.200")).isTrue();
        awaitAdverts(speaker);
        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        assertThat(first.states("VI_2")).containsExactly(RouterState.BACKUP, RouterState.MASTER);
    }

    @Test
    void anAddressThatGoesWithTheFirstOfItsSubnetIsPutBack() {
        VirtualRouter goes = bare(150)
                .name("VI_2")
                .virtualRouterId(52)
                .address("10.99.0.1/24")
                .build();
        VirtualRouter stays =
                bare(150).name(NAME).virtualRouterId(51).address("10.99.0.2/24").build();
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .routers(VirtualRouters.builder().router(goes).build())
                .namespace(lan.namespace(1))
                .listener(first)
                .build();
        speakers.add(speaker);
        speaker.start();
        first.await("VI_2", RouterState.MASTER);
        speaker.apply(VirtualRouters.builder().router(goes).router(stays).build());
        first.await(NAME, RouterState.MASTER);

        speaker.apply(VirtualRouters.builder().router(stays).build());
        Diary.until(() -> lan.has(1, "10.99.0.2"));
        awaitAdverts(speaker);

        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        assertThat(lan.has(1, "10.99.0.2")).isTrue();
    }

    @Test
    void aGroupsMastersStayMastersIfTheyAreTheSame() {
        VirtualRouter other = other();
        SyncGroup group = new SyncGroup("G", List.of(NAME, "VI_2"), Tracking.none(), false);
        VirtualRouters.Builder described =
                VirtualRouters.builder().router(other).syncGroup(group);
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .routers(described.router(router(150).build()).build())
                .namespace(lan.namespace(1))
                .listener(first)
                .build();
        speakers.add(speaker);
        speaker.start();
        first.await("VI_2", RouterState.MASTER);
        first.await(NAME, RouterState.MASTER);

        speaker.apply(VirtualRouters.builder()
                .router(other)
                .router(router(90).build())
                .syncGroup(group)
                .build());
        awaitAdverts(speaker);

        assertThat(first.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);
        assertThat(first.all().stream().filter(VrrpEvent.GroupEntered.class::isInstance))
                .hasSize(2);
        assertThat(lan.has(1, VIP)).isTrue();
    }
}
