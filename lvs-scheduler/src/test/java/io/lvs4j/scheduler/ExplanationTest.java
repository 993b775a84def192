package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.Persistence;
import io.lvs4j.Scheduling;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import io.lvs4j.scheduler.Explanation.Decider;
import io.lvs4j.scheduler.Explanation.Standing;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExplanationTest {
    private static final Flow FLOW = Lab.flow("10.7.0.1", "10.8.0.1");

    /** The two random choices cannot be foretold. */
    @ParameterizedTest
    @MethodSource("io.lvs4j.scheduler.Schedulers#names")
    void whatIsExplainedIsWhatIsDecided(String scheduler) {
        Random random = new Random(7);
        Lab lab = Lab.of(scheduler, 3, 1, 4, 1, 5);
        for (int i = 0; i < 300; i++) {
            Flow flow = Lab.flow("10.7.0." + (1 + random.nextInt(200)), "10.8.0." + (1 + random.nextInt(5)));
            if (i % 40 == 20) {
                lab.weight((char) ('A' + random.nextInt(5)), random.nextInt(6));
            }
            String counters = lab.engine().counters().toString();
            Explanation explanation = lab.engine().explain(flow);
            assertThat(lab.engine().explain(flow)).as("asked again").isEqualTo(explanation);
            assertThat(lab.engine().counters()).hasToString(counters);
            Lease lease = lab.engine().acquire(flow);
            if (!scheduler.equals("twos")) {
                assertThat(explanation.server().orElse(null))
                        .as("%s", explanation)
                        .isEqualTo(lease == null ? null : lease.server());
            }
            if (lease != null) {
                lease.established();
            }
        }
    }

    @Test
    void itSaysWhoWasPassedOverAndWhy() {
        Lab lab = Lab.of("wlc", 2, 1, 1, 1, 1);
        lab.hold(1);
        lab.weight('B', 0).thresholds('C', 1, 0).serving('D', false);
        lab.hold(5); // E A A C A, or so: C is full by now
        Flow flow = Lab.flow("10.7.0.9", "10.8.0.1");
        Lease vain = lab.engine().acquire(flow);
        flow.exclude(vain);
        vain.connectFailed();
        Explanation explanation = lab.engine().explain(flow);
        assertThat(explanation.decidedBy()).isEqualTo(Decider.SCHEDULER);
        assertThat(explanation.scheduler()).isEqualTo("wlc");
        assertThat(standing(explanation, 'B')).isEqualTo(Standing.QUIESCED);
        assertThat(standing(explanation, 'C')).isEqualTo(Standing.OVERLOADED);
        assertThat(standing(explanation, 'D')).isEqualTo(Standing.OUT);
        assertThat(standing(explanation, Lab.letter(vain.server()))).isEqualTo(Standing.TRIED);
        assertThat(explanation.server()).isPresent();
        assertThat(explanation.toString())
                .startsWith("10.7.0.9 port 40000 -> 10.8.0.1 port 80: 10.9.0.")
                .contains(
                        ":8000 by the scheduler wlc\n  least (active * 256 + inactive) / weight (first in the list of")
                .contains("10.9.0.2:8000 weight 0 active 0 inactive 0: passed over, quiesced")
                .contains("passed over, overloaded")
                .contains("passed over, out")
                .contains("passed over, tried");
    }

    private static Standing standing(Explanation explanation, char server) {
        return explanation.candidates().stream()
                .filter(candidate -> Lab.letter(candidate.server()) == server)
                .findFirst()
                .orElseThrow()
                .standing();
    }

    @Test
    void aTemplateExplainsItself() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(10);
        assertThat(lab.engine().explain(FLOW).decidedBy()).isEqualTo(Decider.SCHEDULER);
        String server = lab.holdFrom("10.7.0.1");
        Explanation explanation = lab.engine().explain(FLOW);
        assertThat(explanation.decidedBy()).isEqualTo(Decider.TEMPLATE);
        assertThat(explanation.server().map(Lab::letter).map(String::valueOf)).contains(server);
        assertThat(explanation.toString()).contains("by the client's persistence template");
        lab.serving(server.charAt(0), false);
        explanation = lab.engine().explain(FLOW);
        assertThat(explanation.decidedBy()).isEqualTo(Decider.SCHEDULER);
        assertThat(explanation.reason()).startsWith("the client's template names ");
    }

    @Test
    void aTemplateByKeyExplainsItself() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(Persistence.byKey(Duration.ofSeconds(10)));
        Flow ofAda = Lab.flow("10.7.0.1", "10.8.0.1").key("ada");
        Lease lease = lab.engine().acquire(ofAda);
        assertThat(lab.engine().explain(ofAda).decidedBy()).isEqualTo(Decider.TEMPLATE);
        assertThat(lab.engine().explain(ofAda).server()).contains(lease.server());
        assertThat(lab.engine().explain(Lab.flow("10.7.0.1", "10.8.0.1")).decidedBy())
                .isEqualTo(Decider.SCHEDULER);
    }

    @Test
    void aServiceWithoutServersAndOneThatHasEndedExplainThemselves() {
        HeadlessBackend backend = HeadlessBackend.create();
        try (Director director = Director.builder().backend(backend).build()) {
            ServiceKey key = director.add(VirtualService.builder()
                            .listen("10.8.0.1", 80)
                            .scheduling(Scheduling.of("mh"))
                            .build())
                    .key();
            Explanation explanation = backend.explain(key, FLOW);
            assertThat(explanation.server()).isEmpty();
            assertThat(explanation.reason()).contains("there are no servers");
            backend.quiesce(key);
            explanation = backend.explain(key, FLOW);
            assertThat(explanation.decidedBy()).isEqualTo(Decider.NOBODY);
            assertThat(explanation)
                    .hasToString("10.7.0.1 port 40000 -> 10.8.0.1 port 80: no server\n  the service takes no more"
                            + " connections");
        }
    }
}
