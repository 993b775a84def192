package io.lvs4j.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.keepalived.syntax.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a text is, it gives diagnostics, not exceptions, and not without end. */
class HostileTextTest {
    private static final List<String> PIECES = List.of(
            "-A",
            "-a",
            "-E",
            "-e",
            "-D",
            "-d",
            "-C",
            "-Z",
            "-L",
            "-t",
            "-u",
            "-f",
            "-6",
            "-s",
            "-p",
            "-M",
            "-b",
            "-o",
            "-r",
            "-g",
            "-i",
            "-m",
            "-w",
            "-x",
            "-y",
            "--pe",
            "--tun-type",
            "--tun-port",
            "--tun-csum",
            "--sctp-service",
            "--",
            "-",
            "10.0.0.1:80",
            "[fd00::1]:80",
            "fd00::1",
            "[",
            "]",
            "[]:",
            "[:",
            ":",
            ".",
            "1",
            "0",
            "65536",
            "999999999999999999",
            "255.255.255.0",
            "64",
            "sh",
            "mh",
            "sh-port",
            ",",
            "=",
            "#",
            "\n",
            "\t",
            "\r",
            "\0",
            "gue",
            "6080",
            "é",
            "\ud800");

    @Property
    void anyTextIsRead(@ForAll String text) {
        assertBounded(Rules.read("rules", text));
    }

    @Property
    void anyMixOfItsWordsIsRead(@ForAll("mixes") String text) {
        assertBounded(Rules.read("rules", text));
    }

    @Provide
    Arbitrary<String> mixes() {
        return Arbitraries.of(PIECES)
                .flatMap(piece -> Arbitraries.of("", " ", " ").map(blank -> piece + blank))
                .list()
                .ofMaxSize(60)
                .map(pieces -> String.join("", pieces));
    }

    @Property
    void anyBytesAreRead(@ForAll byte[] bytes) {
        assertBounded(Rules.read("rules", new String(bytes, StandardCharsets.ISO_8859_1)));
    }

    private static void assertBounded(Rules rules) {
        Rules.Services services = rules.services();
        assertThat(rules.diagnostics()).hasSizeLessThanOrEqualTo(Findings.MAX + 1);
        assertThat(services.diagnostics().stream().map(Diagnostic::message)).allSatisfy(message -> {
            assertThat(message).hasSizeLessThan(500);
            assertThat(message.chars()).allMatch(c -> c >= ' ' && c < 127);
        });
        assertThat(SavedRules.of(services.services()).lost()).isEmpty();
    }

    @Example
    void theLongestTextOfFaultsIsReadAndItsFaultsCounted() {
        for (String line :
                List.of("\n", "x\n", "-\n", "-A -t\n", "-q#\n", "-Z -t 10.0.0.1:80\n", "-" + "g".repeat(999) + "\n")) {
            Rules rules = Rules.read("rules", line.repeat(Rules.MAX_TEXT / line.length()));
            assertThat(rules.diagnostics()).hasSizeLessThanOrEqualTo(Findings.MAX + 1);
            assertThat(rules.services().services()).isEmpty();
        }
    }

    @Example
    void aNameThatWouldBeWrittenAsACommentIsRefused() {
        Rules rules = Rules.read("rules", "-A -f 7 -s#x\n-A -f 8 --pe=#x\n-A -f 9 -s-x\n");

        assertThat(rules.diagnostics()).extracting(Diagnostic::code).containsExactly("bad-value", "bad-value");
        assertThat(rules.list()).singleElement().extracting(Rules.Rule::command).hasToString("-A -f 9 -s -x");
    }

    @Example
    void aTextThatIsTooLongIsNotReadAtAll() {
        Rules rules = Rules.read("rules", "-C\n".repeat(Rules.MAX_TEXT / 3 + 1));
        assertThat(rules.list()).isEmpty();
        assertThat(rules.diagnostics())
                .singleElement()
                .hasToString("rules:1:1: error: text: 10485762 characters (expected: at most 10485760) [too-long]");
    }

    @Example
    void aLineThatIsTooLongIsLeftOut() {
        Rules rules = Rules.read("rules", "-C\n-A -t " + "1".repeat(Rules.MAX_LINE) + "\n-Z");
        assertThat(rules.list()).hasSize(2);
        assertThat(rules.diagnostics())
                .singleElement()
                .hasToString("rules:2:4097: error: line: 4102 characters (expected: at most 4096) [too-long]");
    }

    @Example
    void ofTooManyCommandsTheRestIsNotRead() {
        Rules rules = Rules.read("rules", "-C\n".repeat(Rules.MAX_COMMANDS + 5));
        assertThat(rules.list()).hasSize(Rules.MAX_COMMANDS + 1);
        assertThat(rules.ok()).isFalse();
        assertThat(rules.diagnostics()).singleElement().satisfies(found -> {
            assertThat(found.code()).isEqualTo("too-long");
            assertThat(found.at().line()).isEqualTo(Rules.MAX_COMMANDS + 1);
        });
    }

    @Example
    void asManyServersAsThereMayBeBecomeOneService() {
        StringBuilder text = new StringBuilder("-A -t 10.0.0.1:80\n");
        int servers = Rules.MAX_COMMANDS - 1;
        for (int i = 0; i < servers; i++) {
            text.append("-a -t 10.0.0.1:80 -r 10.")
                    .append(1 + (i >> 16))
                    .append('.')
                    .append((i >> 8) & 0xff)
                    .append('.')
                    .append(i & 0xff)
                    .append(":80 -m\n");
        }
        Rules.Services read = Rules.read("rules", text.toString()).services();
        assertThat(read.diagnostics()).isEmpty();
        assertThat(read.services())
                .singleElement()
                .satisfies(service -> assertThat(service.realServers()).hasSize(servers));
    }

    @Example
    void mutatedRulesAreReadOrTold() {
        Random random = new Random(1);
        String valid = """
                -A -t 10.0.0.1:80 -s sh -p 300 -M 255.255.255.0 -b sh-port
                -a -t 10.0.0.1:80 -r [fd00::1]:80 -i -w 5 -x 9 -y 3 --tun-type gue --tun-port 6080 --tun-nocsum
                """;
        Stream.generate(() -> {
                    StringBuilder text = new StringBuilder(valid);
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        int at = random.nextInt(text.length());
                        text.replace(at, at + random.nextInt(2), String.valueOf((char) random.nextInt(256)));
                    }
                    return text.toString();
                })
                .limit(20_000)
                .forEach(text -> assertBounded(Rules.read("rules", text)));
    }
}
