package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.check.CheckResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ScriptCountTest {
    private static ScriptCount counting(int rise, int fall, boolean beginsDown) {
        Duration second = Duration.ofSeconds(1);
        return new ScriptCount(new TrackScript(
                "s",
                List.of("/bin/true"),
                second,
                second,
                rise,
                fall,
                0,
                false,
                Optional.empty(),
                Optional.empty(),
                beginsDown));
    }

    /** {@code s} succeeds, {@code f} fails, {@code n} is not started; the answer is {@code U} or {@code D} where something is told. */
    private static String told(ScriptCount script, String runs) {
        StringBuilder told = new StringBuilder();
        runs.chars()
                .mapToObj(run -> script.count(
                        switch (run) {
                            case 's' -> CheckResult.passed("exit status 0");
                            case 'f' -> CheckResult.failed("program", "exit status 1");
                            default -> CheckResult.inconclusive("program not started");
                        }))
                .forEach(known -> told.append(
                        known.map(result -> result.fails() ? "D" : "U").orElse(".")));
        return told.toString();
    }

    @Test
    void theFirstRunIsEnoughWhateverRiseAndFallAre() {
        assertThat(told(counting(3, 3, false), "s")).isEqualTo("U");
        assertThat(told(counting(3, 3, false), "f")).isEqualTo("D");
        assertThat(counting(3, 3, false).known()).isEqualTo(TrackerResult.UNKNOWN);
    }

    @Test
    void aScriptThatBeginsDownNeedsToRise() {
        assertThat(counting(2, 1, true).known()).isEqualTo(TrackerResult.DOWN);
        assertThat(told(counting(2, 1, true), "fsfss")).isEqualTo("....U");
    }

    @Test
    void riseAndFallCountInARow() {
        assertThat(told(counting(2, 3, false), "sffsfffsfss")).isEqualTo("U.....D...U");
    }

    @Test
    void aRunThatIsNotStartedCountsNeitherWay() {
        assertThat(told(counting(2, 2, false), "nsfnfnsns")).isEqualTo(".U..D...U");
    }

    /** As keepalived counts: one number that goes up to rise + fall - 1, up from rise on. */
    @Property
    void theCountIsKeepalivedsResult(
            @ForAll @IntRange(min = 1, max = 4) int rise,
            @ForAll @IntRange(min = 1, max = 4) int fall,
            @ForAll boolean beginsDown,
            @ForAll @Size(max = 40) List<Boolean> runs) {
        ScriptCount script = counting(rise, fall, beginsDown);
        List<Boolean> told = new ArrayList<>();
        List<Boolean> expected = new ArrayList<>();
        int number = beginsDown ? 0 : rise - 1;
        boolean first = !beginsDown;
        for (boolean succeeds : runs) {
            script.count(succeeds ? CheckResult.passed("") : CheckResult.failed("program", ""))
                    .ifPresent(known -> told.add(!known.fails()));
            boolean before = number >= rise;
            if (succeeds) {
                number = number + 1 >= rise ? rise + fall - 1 : number + 1;
            } else {
                number = number - 1 >= rise && !first ? number - 1 : 0;
            }
            boolean after = number >= rise;
            if (first || before != after) {
                expected.add(after);
            }
            first = false;
        }
        assertThat(told).isEqualTo(expected);
    }
}
