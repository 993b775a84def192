package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.vrrp.VirtualAddress.Flag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackedPriorityTest {
    private static VirtualRouterBuilder router() {
        return ElectionDrive.router().trackInterface(false);
    }

    private static TrackedPriority tracks(Tracking tracking) {
        return new TrackedPriority(router().tracking(tracking).build());
    }

    private static Tracking one(TrackerKind kind, Tracked it) {
        Tracking none = Tracking.none();
        return switch (kind) {
            case INTERFACE -> none.withInterface(it);
            case SCRIPT -> none.withScript(it);
            case PROCESS -> none.withProcess(it);
            case FILE -> none.withFile(it);
            case SERVICE -> none.withService(it);
        };
    }

    @ParameterizedTest(name = "weight {0} reverse {1}")
    @CsvSource({
        // weight, reverse, priority up, in fault up, priority down, in fault down
        "  0, false, 100, false, 100, true",
        "  0, true,  100, true,  100, false",
        " 20, false, 120, false, 100, false",
        "-20, false, 100, false,  80, false",
        " 20, true,   80, false, 100, false",
        "-20, true,  100, false, 120, false",
        "254, false, 254, false, 100, false",
        "-254, false, 100, false,  1, false",
    })
    void aWeightCounts(int weight, boolean reverse, int up, boolean faultUp, int down, boolean faultDown) {
        for (TrackerKind kind : TrackerKind.values()) {
            if (kind != TrackerKind.FILE) {
                TrackedPriority tracks = tracks(one(kind, new Tracked("it", weight, reverse)));

                tracks.result(kind, "it", TrackerResult.UP);
                assertThat(tracks.priority()).isEqualTo(up);
                assertThat(!tracks.ready()).isEqualTo(faultUp);
                tracks.result(kind, "it", TrackerResult.DOWN);
                assertThat(tracks.priority()).isEqualTo(down);
                assertThat(!tracks.ready()).isEqualTo(faultDown);
            }
        }
    }

    @ParameterizedTest(name = "weight {0} reverse {1}: {2}")
    @CsvSource({
        "  0, false,   0, 100, false",
        "  0, false,   1, 100, true",
        "  0, false,  -1, 100, true",
        "  0, true,    0, 100, true",
        "  0, true,    7, 100, false",
        "  1, false,  30, 130, false",
        "  1, true,   30,  70, false",
        " -2, false,  30,  40, false",
        "  1, false, -253,  1, false",
        "  1, false, -254, 100, true",
        "  1, false, -9223372036854775808, 100, true",
        " -1, false, 9223372036854775807, 100, true",
        "254, false, 9223372036854775807, 254, false",
        "  1, true,  254, 100, true",
    })
    void aFilesNumberIsMultiplied(int weight, boolean reverse, long number, int priority, boolean fault) {
        TrackedPriority tracks = tracks(one(TrackerKind.FILE, new Tracked("f", weight, reverse)));

        tracks.result(TrackerKind.FILE, "f", TrackerResult.ofFile(number));

        assertThat(tracks.priority()).isEqualTo(priority);
        assertThat(tracks.faults()).isEqualTo(fault ? List.of("file f") : List.of());
    }

    @Test
    void whatIsNotKnownAddsNothingAndKeepsARouterWaiting() {
        TrackedPriority tracks = tracks(Tracking.none()
                .withScript(Tracked.of("s"))
                .withScript(new Tracked("w", 20, false))
                .withFile(new Tracked("f", -20, true)));

        assertThat(tracks.priority()).isEqualTo(100);
        assertThat(tracks.faults()).isEmpty();
        assertThat(tracks.waitsFor()).containsExactly("script s");
        assertThat(tracks.ready()).isFalse();

        tracks.result(TrackerKind.SCRIPT, "s", TrackerResult.UP);
        assertThat(tracks.ready()).isTrue();
    }

    @Test
    void anOwnerKeepsItsPriority() {
        TrackedPriority tracks = new TrackedPriority(router().priority(255).build());

        assertThat(tracks.priority()).isEqualTo(255);
    }

    @Test
    void itsOwnInterfaceIsNeededWhateverWeightItIsGiven() {
        VirtualRouterBuilder router =
                ElectionDrive.router().tracking(Tracking.none().withInterface(new Tracked("eth0", -20, false)));

        TrackedPriority needs = new TrackedPriority(router.build());
        needs.result(TrackerKind.INTERFACE, "eth0", TrackerResult.DOWN);
        assertThat(needs.faults()).containsExactly("interface eth0");

        TrackedPriority weighs =
                new TrackedPriority(router.trackInterface(false).build());
        weighs.result(TrackerKind.INTERFACE, "eth0", TrackerResult.DOWN);
        assertThat(weighs.faults()).isEmpty();
        assertThat(weighs.priority()).isEqualTo(80);
    }

    private static VirtualAddress on(String address, String device, boolean tracked) {
        VirtualAddress plain = VirtualAddress.parse(address);
        return new VirtualAddress(
                plain.address(),
                plain.prefixLength(),
                Optional.of(device),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.<Flag>of(),
                false,
                tracked,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void interfacesOfTrackedAddressesAreNeeded() {
        TrackedPriority tracks = new TrackedPriority(router().address(on("10.0.0.1/24", "eth1", true))
                .excludedAddress(on("10.0.0.2/24", "eth2", true))
                .excludedAddress(on("10.0.0.3/24", "eth3", false))
                .excludedAddress(on("10.0.0.4/24", "eth0", true))
                .build());

        assertThat(tracks.waitsFor()).containsExactly("interface eth1", "interface eth2");
    }

    @Test
    void whatTheRouterItselfLacksIsAFault() {
        TrackedPriority tracks = tracks(Tracking.none());
        tracks.problem("no IPv4 address on eth0", true);
        tracks.problem("no IPv4 address on eth0", true);
        assertThat(tracks.faults()).containsExactly("no IPv4 address on eth0");
        tracks.problem("no IPv4 address on eth0", false);
        assertThat(tracks.ready()).isTrue();

        Transport group = Transport.multicast();
        Transport needsPeers = new Transport(
                group.source(),
                false,
                group.group(),
                List.of(),
                group.ttl(),
                false,
                group.oldChecksum(),
                group.vrf(),
                true,
                group.receiveBuffer());
        assertThat(new TrackedPriority(router().transport(needsPeers).build()).faults())
                .containsExactly("no unicast peers");
    }

    @Test
    void whatIsNotTrackedIsNotListenedTo() {
        TrackedPriority tracks = tracks(Tracking.none().withScript(Tracked.of("it")));
        tracks.result(TrackerKind.SCRIPT, "it", TrackerResult.UP);

        tracks.result(TrackerKind.PROCESS, "it", TrackerResult.DOWN);
        tracks.result(TrackerKind.SCRIPT, "other", TrackerResult.DOWN);

        assertThat(tracks.ready()).isTrue();
    }

    /** keepalived adds and subtracts; whatever the order of news, the sum is that of what is so now. */
    @Property(tries = 300)
    void onlyWhatIsSoNowCounts(
            @ForAll List<Boolean> news,
            @ForAll @IntRange(min = -254, max = 254) int first,
            @ForAll @IntRange(min = -254, max = 254) int second) {
        Tracking both = Tracking.none()
                .withScript(new Tracked("a", first, false))
                .withInterface(new Tracked("b", second, true));
        TrackedPriority changing = tracks(both);
        news.forEach(each -> {
            changing.result(TrackerKind.SCRIPT, "a", each ? TrackerResult.UP : TrackerResult.DOWN);
            changing.result(TrackerKind.INTERFACE, "b", each ? TrackerResult.DOWN : TrackerResult.UP);
        });
        changing.result(TrackerKind.SCRIPT, "a", TrackerResult.DOWN);
        changing.result(TrackerKind.INTERFACE, "b", TrackerResult.UP);

        int expected = 100 + Math.min(first, 0) - Math.max(second, 0);
        assertThat(changing.priority()).isEqualTo(Math.max(1, Math.min(254, expected)));
    }

    private static final Tracked WEIGHS = new Tracked("it", -20, false);

    private static GroupTracking group(boolean weights, Tracking groups, VirtualRouterBuilder... members) {
        List<VirtualRouter> routers =
                List.of(members).stream().map(VirtualRouterBuilder::build).toList();
        List<String> names = routers.stream().map(VirtualRouter::name).toList();
        return new GroupTracking(new SyncGroup("g", names, groups, weights), routers);
    }

    private static Map<String, TrackedPriority> down(GroupTracking group) {
        for (TrackerKind kind : TrackerKind.values()) {
            group.result(kind, "it", TrackerResult.DOWN);
        }
        return group.members();
    }

    @Test
    void weightsOfAGroupsMemberAreNotLookedAtButItsInterfaces() {
        VirtualRouterBuilder a = router().name("a").tracking(Tracking.none().withScript(WEIGHS));
        VirtualRouterBuilder b = router().name("b").tracking(Tracking.none().withInterface(WEIGHS));

        Map<String, TrackedPriority> without = down(group(false, Tracking.none(), a, b));
        assertThat(without.get("a").priority()).isEqualTo(100);
        assertThat(without.get("a").ready()).isTrue();
        assertThat(without.get("b").faults()).containsExactly("interface it");

        Map<String, TrackedPriority> with = down(group(true, Tracking.none(), a, b));
        assertThat(with.get("a").priority()).isEqualTo(80);
        assertThat(with.get("b").priority()).isEqualTo(80);
    }

    @Test
    void whatAGroupTracksCountsForAllOfThem() {
        VirtualRouterBuilder a = router().name("a");
        VirtualRouterBuilder b = router().name("b").priority(50);

        Map<String, TrackedPriority> members = down(group(false, Tracking.none().withService(WEIGHS), a, b));
        assertThat(members.get("a").priority()).isEqualTo(80);
        assertThat(members.get("b").priority()).isEqualTo(30);

        Map<String, TrackedPriority> owned =
                down(group(false, Tracking.none().withService(WEIGHS), a, b.priority(255)));
        assertThat(owned.get("a").faults()).containsExactly("service it");
        assertThat(owned.get("b").faults()).containsExactly("service it");
    }

    @Test
    void whatBothTrackHasTheGroupsWeightUnlessTheRoutersIsNothing() {
        Tracking groups = Tracking.none().withScript(new Tracked("it", -30, false));
        VirtualRouterBuilder a = router().name("a").tracking(Tracking.none().withScript(WEIGHS));
        VirtualRouterBuilder b = router().name("b").tracking(Tracking.none().withScript(Tracked.of("it")));

        Map<String, TrackedPriority> members = down(group(true, groups, a, b));

        assertThat(members.get("a").priority()).isEqualTo(70);
        assertThat(members.get("b").faults()).containsExactly("script it");
    }
}
