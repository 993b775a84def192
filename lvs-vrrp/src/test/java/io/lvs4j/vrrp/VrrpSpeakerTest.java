package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        return VirtualRouter.builder()
                .name(NAME)
                .virtualRouterId(51)
                .version(VrrpVersion.V3)
                .networkInterface("eth0")
                .advertisementInterval(Duration.ofMillis(200))
                .priority(priority)
                .address(VIP + "/24");
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
    void anAddressThatSomebodyRemovesMakesWay() {
        start(1, router(150), first);
        VrrpSpeaker low = start(2, router(100), second);
        first.await(NAME, RouterState.MASTER);
        Diary.until(() -> low.snapshot().get(0).master().isPresent());
        first.clear();
        Diary.until(
                () -> { // again, where the speaker was so late that it takes the loss for its own fault, and mends it
                    if (lan.has(1, VIP)) {
                        lan.ip(1, "address del " + VIP + "/24 dev eth0");
                    }
                    return first.states(NAME).contains(RouterState.BACKUP);
                });
        second.await(NAME, RouterState.MASTER);
        first.await(NAME, RouterState.MASTER);
        Diary.until(() -> lan.holders(VIP).equals(List.of(1)));
    }

    @Test
    void anInterfaceThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> start(1, router(150).networkInterface("eth9"), first))
                .isInstanceOf(VrrpException.class)
                .hasMessage("interface of VI_1: eth9 (expected: one of [lo, eth0])");
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
}
