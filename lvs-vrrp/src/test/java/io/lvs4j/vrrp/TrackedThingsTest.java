package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TrackedThingsTest {
    private static TrackScript script(Duration interval, Duration timeout, int rise, int fall, int weight) {
        return new TrackScript(
                "s",
                List.of("/bin/true"),
                interval,
                timeout,
                rise,
                fall,
                weight,
                false,
                Optional.empty(),
                Optional.empty(),
                false);
    }

    @Test
    void aScriptHasACommandAndWholeSeconds() {
        Duration second = Duration.ofSeconds(1);

        assertThat(TrackScript.of("s", "/bin/true")).isEqualTo(script(second, second, 1, 1, 0));
        assertThatThrownBy(() -> TrackScript.of("s")).hasMessage("script s: no command (expected: a program)");
        assertThatThrownBy(() -> script(Duration.ZERO, second, 1, 1, 0))
                .hasMessage("interval: PT0S (expected: whole seconds, 1..4294)");
        assertThatThrownBy(() -> script(second, Duration.ofMillis(1500), 1, 1, 0))
                .hasMessage("timeout: PT1.5S (expected: whole seconds, 1..4294)");
        assertThatThrownBy(() -> script(second, second, 0, 1, 0)).hasMessageStartingWith("rise: 0 (expected: 1..");
        assertThatThrownBy(() -> script(second, second, 1, 0, 0)).hasMessageStartingWith("fall: 0 (expected: 1..");
        assertThatThrownBy(() -> script(second, second, 1, 1, 254)).hasMessage("weight: 254 (expected: -253..253)");
    }

    private static TrackProcess process(int quorum, OptionalInt most, Duration delay) {
        return new TrackProcess(
                "p", List.of("nginx"), TrackProcess.Match.NONE, false, 0, false, quorum, most, delay, delay);
    }

    @Test
    void aProcessHasAQuorumThatCanBe() {
        assertThat(process(2, OptionalInt.of(3), Duration.ZERO).quorum()).isEqualTo(2);
        assertThatThrownBy(() -> process(-1, OptionalInt.empty(), Duration.ZERO))
                .hasMessage("quorum: -1 (expected: 0..65535)");
        assertThatThrownBy(() -> process(3, OptionalInt.of(2), Duration.ZERO))
                .hasMessage("quorumMax: 2 (expected: 3, the quorum, ..65535)");
        assertThatThrownBy(() -> process(1, OptionalInt.empty(), Duration.ofMinutes(61)))
                .hasMessageStartingWith("terminateDelay: PT1H1M (expected: 0..");
    }

    @Test
    void aGroupHasMembersOnceEach() {
        assertThatThrownBy(() -> new SyncGroup("g", List.of(), Tracking.none(), false))
                .hasMessage("sync group g: no routers (expected: their names)");
        assertThatThrownBy(() -> new SyncGroup("g", List.of("a", "a"), Tracking.none(), false))
                .hasMessage("sync group g: [a, a] (expected: each once)");
    }

    @Test
    void aFileHasAPath() {
        assertThatThrownBy(() -> new TrackFile("f", "", 1, false)).hasMessageStartingWith("file f: path: no name");
    }

    @Test
    void announcementsAreNeverLessThanNothing() {
        Duration none = Duration.ZERO;

        assertThatThrownBy(() -> new Announcements(0, none, none, 1, 1, none, none))
                .hasMessageStartingWith("repeat: 0 (expected: 1..");
        assertThatThrownBy(() -> new Announcements(1, Duration.ofSeconds(-1), none, 1, 1, none, none))
                .hasMessageStartingWith("delay: PT-1S (expected: 0..");
    }
}
