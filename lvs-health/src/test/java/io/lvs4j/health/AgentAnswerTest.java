package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentAnswerTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            up                        | passed
            UP                        | passed
            ready                     | passed
            maxconn:30                | passed
            75%                       | passed 75%
            0%                        | passed 0%
            up 25600%                 | passed 25600%
            weight:20                 | passed weight 20
            weight:50%                | passed 50%
            10% 20%                   | passed 20%
            drain                     | passed DRAIN
            maint                     | passed MAINTENANCE
            up,drain,50%              | passed DRAIN
            maint ready 50%           | passed 50%
            drain maint               | passed MAINTENANCE
            up # all is 100% well     | passed
            up,\t50% maxconn:7        | passed 50%
            down                      | failed
            down#overloaded           | failed
            fail                      | failed
            stopped                   | failed
            down 50% ready            | failed
            up down                   | failed
            down up                   | passed
            #down                     | inconclusive
            75                        | inconclusive
            -1%                       | inconclusive
            25601%                    | inconclusive
            weight:65536              | inconclusive
            99999999999%              | inconclusive
            maxconn:                  | inconclusive
            up now                    | inconclusive
            HTTP/1.1 400 Bad Request  | inconclusive
            """)
    void wordsMeanWhatHaproxyMeansByThem(String line, String meaning) {
        assertThat(meaning(AgentAnswer.of(line + "\r"))).isEqualTo(meaning);
    }

    private static String meaning(CheckResult result) {
        String kind = result.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        return result instanceof CheckResult.Passed passed
                ? (kind + " " + passed.advice().map(Advice::toString).orElse("")).strip()
                : kind;
    }

    @ParameterizedTest
    @CsvSource({
        "down#disk full, agent: down#disk full",
        "maxconn:30 up, maxconn:30 up (maxconn is not carried out)",
        "'', inconclusive: agent: said nothing",
        "hello, inconclusive: agent: not understood: hello"
    })
    void theOperatorReadsTheAgentsOwnWords(String line, String words) {
        assertThat(AgentAnswer.of(line)).hasToString(words);
    }

    @Property
    void anyLineHasAMeaningAndIsSaidInPrintableAscii(@ForAll String line) {
        assertThat(AgentAnswer.of(line).toString()).matches("[ -~]*").hasSizeLessThan(200);
    }
}
