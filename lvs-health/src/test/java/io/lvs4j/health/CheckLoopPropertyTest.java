package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** The loop against a model that looks at the whole history each time. */
class CheckLoopPropertyTest {
    private static final long LOOP = 10_000;
    private static final long RETRY = 700;
    private static final long TIMEOUT = 2_000;

    @Property(tries = 2_000)
    void verdictsAndTimesAreThoseOfTheModel(
            @ForAll @StringLength(min = 1, max = 60) @Chars({'p', 'f', 'i', 's'}) String script,
            @ForAll @IntRange(max = 4) int retries,
            @ForAll @IntRange(min = 1, max = 4) int rise) {
        List<String> expected = model(script, retries, rise);

        ManualTime time = new ManualTime();
        ScriptedProbe probe = new ScriptedProbe(time).script(script + "s");
        List<String> seen = new ArrayList<>();
        CheckTiming timing = new CheckTiming(
                Duration.ofMillis(LOOP),
                Duration.ofMillis(TIMEOUT),
                retries,
                Duration.ofMillis(RETRY),
                rise,
                Duration.ZERO,
                false,
                false);
        CheckLoop loop = new CheckLoop(
                ServerKey.of("192.0.2.1", 80),
                timing,
                probe,
                (up, cause) -> seen.add(probe.millis() + (up ? " up" : " down")),
                time,
                time);
        loop.start(0);
        while (probe.begunMillis.size() <= script.length()) {
            time.advance(Duration.ofMillis(100));
        }
        for (int i = 0; i < script.length(); i++) {
            seen.add("asked " + probe.begunMillis.get(i));
        }
        loop.close();

        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(probe.mostOpen).isOne();
        assertThat(probe.open).isZero();
    }

    /** Counts from scratch, after each letter, what the letters since the last verdict say. */
    private static List<String> model(String script, int retries, int rise) {
        List<String> expected = new ArrayList<>();
        long now = 0;
        String verdict = "";
        String sinceVerdict = "";
        for (int i = 0; i < script.length(); i++) {
            char letter = script.charAt(i);
            expected.add("asked " + now);
            long end = letter == 's' ? now + TIMEOUT : now;
            String counted = letter == 's' ? "f" : letter == 'i' ? "" : String.valueOf(letter);
            sinceVerdict += counted;
            String next = verdict;
            if (verdict.isEmpty() && !sinceVerdict.isEmpty()) {
                next = sinceVerdict.equals("p") ? " up" : " down";
            } else if (verdict.equals(" up") && sinceVerdict.endsWith("f".repeat(retries + 1))) {
                next = " down";
            } else if (verdict.equals(" down") && sinceVerdict.endsWith("p".repeat(rise))) {
                next = " up";
            }
            if (!next.equals(verdict)) {
                expected.add(end + next);
                verdict = next;
                sinceVerdict = "";
            }
            boolean retry = verdict.equals(" up") && counted.equals("f");
            now = retry ? end + RETRY : now + LOOP;
        }
        return expected;
    }
}
