package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What fits together, and what does not. */
class VirtualRoutersTest {
    private static final VirtualRouter A = router("a", 1).build();
    private static final VirtualRouter B = router("b", 2).build();

    private final VirtualRouters.Builder builder = VirtualRouters.builder();

    private static VirtualRouterBuilder router(String name, int id) {
        return ElectionDrive.router().name(name).virtualRouterId(id);
    }

    private static SyncGroup group(String name, String... routers) {
        return new SyncGroup(name, List.of(routers), Tracking.none(), false);
    }

    private void refused(String message) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void namesAreThereOnce() {
        builder.router(A).router(router("a", 2).build());
        refused("router: a (expected: each name once)");
    }

    @Test
    void namesOfGroupsAreThereOnce() {
        builder.router(A).router(B).syncGroup(group("g", "a")).syncGroup(group("g", "b"));
        refused("sync group: g (expected: each name once)");
    }

    @Test
    void namesOfScriptsAreThereOnce() {
        builder.script(TrackScript.of("s", "/bin/true")).script(TrackScript.of("s", "/bin/false"));
        refused("script: s (expected: each name once)");
    }

    @Test
    void idsAreThereOnceOfOneFamilyOnOneInterface() {
        builder.router(A).router(router("b", 1).build());
        refused("virtual router id: 1 of b (expected: another one than that of a, which is of the same family and"
                + " interface)");
    }

    @Test
    void anIdMayBeThereAgainOnAnotherInterface() {
        VirtualRouter other = router("b", 1).networkInterface("eth7").build();
        assertThat(builder.router(A).router(other).build().routers()).containsExactly(A, other);
    }

    private static VirtualRouter withMac(String name, int id, Optional<String> link, Optional<String> mac) {
        return router(name, id)
                .virtualMac(new VirtualMac(VirtualMac.Type.MAC, link, mac, Optional.empty(), false))
                .build();
    }

    @Test
    void namesOfVirtualInterfacesAreThereOnce() {
        builder.router(withMac("a", 1, Optional.of("x"), Optional.empty()))
                .router(withMac("b", 2, Optional.of("x"), Optional.empty()));
        refused("virtual interface of b: x (expected: another name than that of a)");
    }

    @Test
    void virtualMacAddressesAreThereOnceOnOneInterface() {
        Optional<String> mac = Optional.of("02:00:00:00:00:05");
        builder.router(withMac("a", 1, Optional.empty(), mac)).router(withMac("b", 2, Optional.empty(), mac));
        refused("virtual MAC of b: 02:00:00:00:00:05 (expected: another one than that of a, which is on the same"
                + " interface)");
    }

    @Test
    void aGroupsRoutersAreThere() {
        builder.router(A).syncGroup(group("g", "a", "b"));
        refused("router: b of sync group g (expected: one of [a])");
    }

    @Test
    void aRouterIsInOneGroup() {
        builder.router(A).router(B).syncGroup(group("g", "a", "b")).syncGroup(group("h", "b"));
        refused("router: b of sync group h (expected: in one group only, is in g)");
    }

    @Test
    void whatIsTrackedIsThere() {
        builder.router(router("a", 1)
                        .tracking(Tracking.none().withFile(Tracked.of("f")))
                        .build())
                .file(new TrackFile("g", "/tmp/g", 1, false));
        refused("tracked file: f (expected: one of [g])");
    }

    @Test
    void whatAGroupTracksIsThere() {
        Tracking tracking = Tracking.none().withScript(Tracked.of("s"));
        builder.router(A).syncGroup(new SyncGroup("g", List.of("a"), tracking, false));
        refused("tracked script: s (expected: one of [])");
    }

    @Test
    void whatNobodyTracksIsNotLookedAt() {
        TrackScript wanted = TrackScript.of("s", "/bin/true");
        VirtualRouters all = builder.router(router("a", 1)
                        .tracking(Tracking.none().withScript(Tracked.of("s")))
                        .build())
                .script(wanted)
                .script(TrackScript.of("t", "/bin/true"))
                .build();
        assertThat(all.trackedScripts()).containsExactly(wanted);
        assertThat(all.scripts()).hasSize(2);
    }

    @Test
    void groupsAreElectedTogetherAndTheOthersEachAlone() {
        VirtualRouter c = router("c", 3).build();
        VirtualRouters all = builder.router(A)
                .router(B)
                .router(c)
                .syncGroup(group("g", "c", "a"))
                .build();
        assertThat(all.together().stream().map(Together::routers)).containsExactly(List.of(c, A), List.of(B));
    }
}
