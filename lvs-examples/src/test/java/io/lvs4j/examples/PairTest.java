package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Two directors in network namespaces, as {@code lvs pair} runs them. */
class PairTest {
    @Test
    void theAddressMovesWhenADirectorIsKilledReturnsAndIsStopped() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
        try (ChildProcess lvs = ChildProcess.lvs("pair")) {
            for (String milestone :
                    List.of("10.100.5.11 is on [one]", "kill", "One starts", "SIGTERM", "10.100.5.11 is on [two].")) {
                lvs.awaitOut(line -> line.startsWith(milestone));
            }
            int code = lvs.awaitExit();
            assertThat(code).as("%s%n%s", lvs.out(), lvs.err()).isZero();
            List<String> story = lvs.out().stream()
                    .filter(line -> !line.startsWith("    "))
                    .map(line -> line.replaceAll("[0-9]+ ms", "N ms").replaceAll("process [0-9]+", "process N"))
                    .toList();
            assertThat(story)
                    .containsExactly(
                            "Two directors, one and two, share 10.100.5.11; behind them are two web servers. Each is a network"
                                    + " namespace.",
                            "10.100.5.11 is on [one]; a client asks it, and both web servers answer.",
                            "",
                            "kill -9 of one, process N:",
                            "  the client had no answer for N ms; the first one came N ms after two was master",
                            "10.100.5.11 is on [two] alone: the kernel has taken it from the one that died.",
                            "",
                            "One starts again, and has the higher priority:",
                            "  the client had no answer for N ms; the first one came N ms after one was master",
                            "",
                            "SIGTERM to one, which says farewell:",
                            "  the client had no answer for N ms; the first one came N ms after two was master",
                            "10.100.5.11 is on [two].");
        }
    }
}
