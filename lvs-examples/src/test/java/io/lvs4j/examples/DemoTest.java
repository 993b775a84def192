package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code lvs demo} in a process of its own. */
class DemoTest {
    private static final Pattern URL = Pattern.compile("http://[0-9.:]+/");

    @Test
    void tellsTheWholeStoryAndEndsByItself() {
        try (ChildProcess demo = ChildProcess.lvs("demo")) {
            assertThat(demo.awaitExit()).isZero();
            assertThat(demo.err()).isEmpty();
            assertThat(String.join("\n", demo.out()))
                    .containsSubsequence(
                            "Prot LocalAddress:Port Scheduler Flags",
                            "  -> RemoteAddress:Port",
                            "Forward Weight ActiveConn InActConn State",
                            "TCP  127.0.0.1:",
                            " rr persistent 60",
                            "client 127.0.0.11 -> ",
                            "server-down tcp ",
                            "moved, was on b",
                            "down",
                            "server-up tcp ",
                            "client 127.0.0.21 -> ",
                            "requests, all answered.");
        }
    }

    @Test
    void stayServesCurlUntilASignal() {
        try (ChildProcess demo = ChildProcess.lvs("demo", "--stay", "--threads", "1")) {
            Matcher url = URL.matcher(demo.awaitOut(line -> line.contains("curl ")));
            assertThat(url.find()).isTrue();
            String answer = ChildProcess.run(
                    List.of(ChildProcess.program("curl", "curl"), "-sS", "--fail", "--max-time", "10", url.group()));
            assertThat(answer).isIn("a", "b", "c");

            demo.signal("INT");
            assertThat(demo.awaitExit()).isZero();
        }
    }
}
