package io.lvs4j.vrrp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.vrrp.TrackProcess.Match;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ProcessPatternTest {
    private static TrackProcess process(List<String> command, Match match, boolean full) {
        return new TrackProcess(
                "p", command, match, full, 0, false, 1, OptionalInt.empty(), Duration.ZERO, Duration.ZERO);
    }

    private static byte[] line(List<String> words) {
        return words.stream()
                .map(word -> word + "\0")
                .reduce("", String::concat)
                .getBytes(UTF_8);
    }

    private static boolean matches(TrackProcess process, String name, String... words) {
        ProcessPattern pattern = new ProcessPattern(process);
        byte[] line = line(List.of(words));
        return pattern.matches(
                name.getBytes(UTF_8), Arrays.copyOf(line, Math.min(line.length, pattern.commandLineBytes())));
    }

    @Test
    void aNameIsTheLastPartOfThePath() {
        assertThat(matches(process(List.of("nginx"), Match.NONE, false), "nginx", "nginx: master process"))
                .isTrue();
        assertThat(matches(process(List.of("/usr/sbin/nginx"), Match.NONE, false), "nginx", "x"))
                .isTrue();
        assertThat(matches(process(List.of("nginx"), Match.NONE, false), "nginx2", "nginx"))
                .isFalse();
    }

    @Test
    void aNameIsCutAsTheKernelCutsIt() {
        TrackProcess process = process(List.of("/opt/a-very-long-name-of-a-daemon"), Match.NONE, false);
        assertThat(matches(process, "a-very-long-nam", "x")).isTrue();
        assertThat(matches(process, "a-very-long-na", "x")).isFalse();
    }

    @Test
    void aFullCommandIsTheFirstWordOfTheCommandLine() {
        TrackProcess process = process(List.of("/usr/sbin/nginx"), Match.NONE, true);
        assertThat(matches(process, "other", "/usr/sbin/nginx", "-g")).isTrue();
        assertThat(matches(process, "nginx", "nginx")).isFalse();
        assertThat(matches(process, "nginx", "/usr/sbin/nginx2")).isFalse();
        assertThat(matches(process, "nginx")).isFalse();
    }

    @Test
    void argumentsMayBeComparedToo() {
        List<String> command = List.of("/bin/x", "-a", "one");
        TrackProcess exact = process(command, Match.EXACT, true);
        TrackProcess partial = process(command, Match.PARTIAL, true);
        TrackProcess initial = process(command, Match.INITIAL, true);

        for (TrackProcess each : List.of(exact, partial, initial)) {
            assertThat(matches(each, "x", "/bin/x", "-a", "one")).isTrue();
            assertThat(matches(each, "x", "/bin/x", "-a")).isFalse();
            assertThat(matches(each, "x", "/bin/x", "-b", "one")).isFalse();
        }
        assertThat(matches(exact, "x", "/bin/x", "-a", "one", "")).isFalse();
        assertThat(matches(partial, "x", "/bin/x", "-a", "one", "two")).isTrue();
        assertThat(matches(partial, "x", "/bin/x", "-a", "ones")).isFalse();
        assertThat(matches(initial, "x", "/bin/x", "-a", "ones", "two")).isTrue();
    }

    @Test
    void exactWithoutArgumentsIsAProcessWithoutAny() {
        TrackProcess exact = process(List.of("/bin/x"), Match.EXACT, true);
        assertThat(matches(exact, "x", "/bin/x")).isTrue();
        assertThat(matches(exact, "x", "/bin/x", "-a")).isFalse();
    }

    @Test
    void argumentsAreLookedForBehindANameToo() {
        TrackProcess named = process(List.of("x", "-a"), Match.EXACT, false);
        assertThat(matches(named, "x", "/somewhere/else/x", "-a")).isTrue();
        assertThat(matches(named, "x", "/somewhere/else/x", "-b")).isFalse();
    }

    @Test
    void commandLinesAreNotReadWhereTheNameSaysAll() {
        assertThat(new ProcessPattern(process(List.of("x"), Match.NONE, false)).commandLineBytes())
                .isZero();
    }

    /** Of few letters and of words that may be empty, so that they often meet. */
    @Provide
    Arbitrary<List<String>> commands() {
        return Arbitraries.strings()
                .withChars("ab")
                .ofMaxLength(2)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Property(tries = 5000)
    void bytesAreComparedAsWordsWouldBe(
            @ForAll("commands") List<String> wanted, @ForAll("commands") List<String> words, @ForAll Match match) {
        ProcessPattern pattern = new ProcessPattern(process(wanted, match, true));
        byte[] line = line(words);
        byte[] seen = Arrays.copyOf(line, Math.min(line.length, pattern.commandLineBytes()));

        assertThat(pattern.matches(new byte[0], seen)).isEqualTo(oracle(wanted, words, match));
    }

    private static boolean oracle(List<String> wanted, List<String> words, Match match) {
        int last = wanted.size() - 1;
        boolean isIt = wanted.get(0).equals(words.get(0));
        return isIt
                && switch (match) {
                    case NONE -> true;
                    case EXACT -> wanted.equals(words);
                    case PARTIAL ->
                        words.size() > last && words.subList(0, last + 1).equals(wanted);
                    case INITIAL ->
                        words.size() > last
                                && words.subList(0, last).equals(wanted.subList(0, last))
                                && (last == 0 || words.get(last).startsWith(wanted.get(last)));
                };
    }
}
