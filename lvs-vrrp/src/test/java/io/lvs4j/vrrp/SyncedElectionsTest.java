package io.lvs4j.vrrp;

import static io.lvs4j.vrrp.ElectionDrive.HIGHER;
import static io.lvs4j.vrrp.ElectionDrive.LOWER;
import static io.lvs4j.vrrp.Packets.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.vrrp.Elections.Step;
import io.lvs4j.vrrp.VirtualRouter.State;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two routers, a and b, which are master together. */
class SyncedElectionsTest {
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final SyncGroup GROUP = new SyncGroup("g", List.of("a", "b"), Tracking.none(), false);

    private Map<String, VirtualRouter> routers = Map.of();
    private SyncedElections group;
    private long now;

    @BeforeEach
    void twoRouters() {
        twoRouters(each -> each);
    }

    private void twoRouters(UnaryOperator<VirtualRouterBuilder> settings) {
        routers = Map.of("a", router("a", 1, settings), "b", router("b", 2, settings));
        group = new SyncedElections(GROUP, routers.values(), each -> ElectionDrive.US);
    }

    private static VirtualRouter router(String name, int id, UnaryOperator<VirtualRouterBuilder> settings) {
        return settings.apply(ElectionDrive.router().name(name).virtualRouterId(id))
                .build();
    }

    private static List<String> words(List<Step> steps) {
        return steps.stream()
                .map(each -> each.router().orElse("group") + " "
                        + ElectionDrive.words(List.of(each.action())).get(0))
                .toList();
    }

    private List<String> hears(String router, int priority) {
        return hears(router, priority, LOWER);
    }

    private List<String> hears(String router, int priority, InetAddress source) {
        Advertisement advert = new Advertisement(
                VrrpVersion.V3, 1, priority, Duration.ofSeconds(1), List.of(address("192.0.2.100")), 0, 0);
        return words(group.advertisement(router, advert, source, now));
    }

    private List<String> waits(long millis) {
        long end = now + MILLI.multipliedBy(millis).toNanos();
        List<String> done = new ArrayList<>();
        while (group.deadline().isPresent() && group.deadline().getAsLong() <= end) {
            now = Math.max(now, group.deadline().getAsLong());
            done.addAll(words(group.timer(now)));
        }
        now = end;
        done.removeIf(each -> each.endsWith("look"));
        return done;
    }

    private void master() {
        group.startup(now);
        waits(3700);
        assertThat(group.state()).isEqualTo(RouterState.MASTER);
    }

    @Test
    void aGroupOfMastersGoesOnUnderAnotherDescription() {
        master();
        SyncedElections before = group;
        twoRouters(each -> each.priority(70));

        assertThat(words(group.resume(before, now)))
                .containsExactlyInAnyOrder("a send 70", "a add", "a announce 5", "b send 70", "b add", "b announce 5");
        assertThat(group.state()).isEqualTo(RouterState.MASTER);
        assertThat(hears("b", 90)).contains("a BACKUP", "b BACKUP", "group BACKUP");
    }

    @Test
    void aGroupNeedsAllItsRouters() {
        assertThatThrownBy(() -> new SyncedElections(GROUP, List.of(routers.get("a")), each -> ElectionDrive.US))
                .hasMessage("router: b of sync group g (expected: one of [a])");
        assertThatThrownBy(() -> group.fault("c")).hasMessage("router: c (expected: one of [a, b])");
    }

    @Test
    void allBecomeMasterTogether() {
        assertThat(words(group.startup(now)))
                .containsExactly("a remove", "a BACKUP", "b remove", "b BACKUP", "group BACKUP");

        assertThat(waits(3610))
                .containsExactly(
                        "b send 100",
                        "b add",
                        "b announce 5",
                        "b MASTER",
                        "a send 100",
                        "a add",
                        "a announce 5",
                        "a MASTER",
                        "group MASTER");
    }

    private void sleeps(long millis) {
        now += MILLI.multipliedBy(millis).toNanos();
    }

    @Test
    void looksComeLast() {
        master();
        hears("b", 50);
        sleeps(100);
        hears("a", 50);
        sleeps(900);
        assertThat(words(group.timer(now))).containsExactly("b look");
        sleeps(100);

        assertThat(words(group.timer(now))).containsExactly("b send 100", "a look");
    }

    @Test
    void whoseMasterIsGoneWaitsForTheOthers() {
        group.startup(now);
        for (int second = 0; second < 20; second++) {
            hears("b", 150);
            assertThat(waits(1000)).isEmpty();
        }
        assertThat(group.election("a").wantsMaster()).isTrue();

        assertThat(waits(3000)).contains("a MASTER", "b MASTER", "group MASTER");
    }

    @Test
    void anAdvertThatIsAcceptedEndsTheWish() {
        group.startup(now);
        for (int second = 0; second < 4; second++) {
            hears("b", 150);
            waits(1000);
        }
        hears("a", 150);

        assertThat(group.election("a").wantsMaster()).isFalse();
        assertThat(waits(3000)).isEmpty();
        assertThat(group.state()).isEqualTo(RouterState.BACKUP);
    }

    @Test
    void oneThatGivesWayTakesTheOthersWithIt() {
        master();

        assertThat(hears("b", 150)).containsExactly("b remove", "b BACKUP", "a remove", "a BACKUP", "group BACKUP");
        assertThat(hears("a", 50)).isEmpty();
    }

    @Test
    void aFaultOfOneIsAFaultOfAll() {
        master();

        assertThat(words(group.fault("b")))
                .containsExactly("b send 0", "b remove", "b FAULT", "a send 0", "a remove", "a FAULT", "group FAULT");
        assertThat(words(group.fault("a"))).isEmpty();
        assertThat(words(group.recovered("b", now))).isEmpty();
        assertThat(words(group.recovered("b", now))).isEmpty();
        assertThat(words(group.recovered("a", now))).containsExactly("a BACKUP", "b BACKUP", "group BACKUP");
    }

    @Test
    void aFaultBeforeTheBeginningIsAllOfTheirs() {
        group.fault("a");

        assertThat(words(group.startup(now)))
                .containsExactly("a remove", "a FAULT", "b remove", "b FAULT", "group FAULT");
    }

    @Test
    void theOthersAnnounceTooWhenOneHearsALowerPriority() {
        master();

        assertThat(hears("a", 50)).containsExactly("a send 100", "a announce 3", "a lower 50", "b announce 3");
    }

    @Test
    void ownersBeginTogetherAsMaster() {
        twoRouters(each -> each.priority(255));

        assertThat(words(group.startup(0))).contains("a MASTER", "b MASTER").endsWith("group MASTER");
        group.fault("a");
        assertThat(words(group.recovered("a", 0)))
                .contains("a MASTER", "b MASTER")
                .endsWith("group MASTER");
    }

    @Test
    void noOtherBeginsAsMaster() {
        twoRouters(each -> each.initialState(State.MASTER));
        group.startup(0);
        assertThat(group.deadline()).hasValue(3_609_375_000L);

        twoRouters(each -> each.build().name().equals("a") ? each.priority(255) : each);
        assertThat(words(group.startup(0))).endsWith("group BACKUP");
    }

    @Test
    void allEndTogether() {
        master();

        assertThat(words(group.shutdown()))
                .containsExactly(
                        "a send 0",
                        "a remove",
                        "a INITIALIZE",
                        "b send 0",
                        "b remove",
                        "b INITIALIZE",
                        "group INITIALIZE");
        assertThat(group.deadline()).isEmpty();
    }

    @Test
    void aPriorityIsARoutersOwn() {
        assertThat(words(group.priority("b", 7, now))).containsExactly("b priority 7");
        assertThat(group.election("a").priority()).isEqualTo(100);
        assertThat(hears("a", 150, HIGHER)).isEmpty();
    }
}
