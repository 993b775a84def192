package io.lvs4j.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvs4j.keepalived.CpuTime;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the text: diagnostics and commands, soon; and commands and services are written so that they are read again. */
class RulesFuzzTest {
    static Stream<byte[]> rules() {
        return Stream.of(
                        """
                        -A -t 10.0.0.1:80 -s sh -p 300 -M 255.255.255.0 -b sh-port,sh-fallback
                        -a -t 10.0.0.1:80 -r [fd00::1]:80 -i -w 5 -x 9 -y 3 --tun-type gue --tun-port 6080 --tun-nocsum
                        """,
                        """
                        ipvsadm -A -u [fd00::1]:53 -o
                        -a -u [fd00::1]:53 -r [fd00::2]:5353 -m
                        -E -u [fd00::1]:53 -s wrr -p
                        -e -u [fd00::1]:53 -r [fd00::2]:5353 -m -w 0
                        """,
                        "-C\n-A -f 7 -6 -s mh # seven\n-a -f 7 -6 -r fd00::9 -g\n-d -f 7 -6 -r fd00::9\n-D -f 7 -6\n-Z\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("rules")
    @DictionaryFile(resourcePath = "/io/lvs4j/keepalived/fuzz.dict")
    @FuzzTest(maxDuration = "10m")
    void rulesAreReadAndWrittenAgain(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        CpuTime.bounded(() -> read(text));
    }

    private static void read(String text) {
        Rules rules = Rules.read("fuzz", text);
        assertThat(rules.diagnostics()).hasSizeLessThanOrEqualTo(Findings.MAX + 1);
        for (Rules.Rule each : rules.list()) {
            Rules again = Rules.read("again", each.command() + "\n");
            assertThat(again.ok()).as("%s", again.diagnostics()).isTrue();
            assertThat(again.list())
                    .singleElement()
                    .extracting(Rules.Rule::command)
                    .isEqualTo(each.command());
        }
        Rules.Services services = rules.services();
        assertThat(services.diagnostics()).hasSizeLessThanOrEqualTo(2 * (Findings.MAX + 1));
        SavedRules saved = SavedRules.of(services.services());
        assertThat(saved.lost()).isEmpty();
        Rules.Services again = Rules.read("saved", saved.text()).services();
        assertThat(again.services()).isEqualTo(services.services());
    }
}
