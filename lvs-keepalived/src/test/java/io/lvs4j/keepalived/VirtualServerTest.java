package io.lvs4j.keepalived;

import static io.lvs4j.keepalived.ConfigTexts.lenient;
import static io.lvs4j.keepalived.ConfigTexts.service;
import static io.lvs4j.keepalived.ConfigTexts.strict;
import static io.lvs4j.keepalived.ConfigTexts.told;
import static io.lvs4j.keepalived.ConfigTexts.virtualServer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualServerTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # what stands in the block            | the service
                                               | tcp 10.0.0.1:80 rr
        persistence_timeout 50                 | tcp 10.0.0.1:80 rr persistent 50
        persistence_timeout                    | tcp 10.0.0.1:80 rr persistent 360
        """)
    void isAServiceWithItsSettings(String inBlock, String expected) {
        assertThat(service(virtualServer(inBlock == null ? "" : inBlock)).toString())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # what stands in the block, from line 7 on | what is told of it
        persistent_timeout 50                  | 7:1 ERROR unknown-keyword
        Delay_loop 6                           | 7:1 ERROR wrong-case
        uthreshold 5                           | 7:1 ERROR wrong-block
        delay_loop                             | 7:1 ERROR missing-value
        delay_loop 6 7                         | 7:14 WARNING too-many-values
        delay_loop x                           | 7:12 ERROR not-a-time
        quorum 0                               | 7:8 ERROR out-of-range
        protocol udp                           | 7:1 WARNING duplicate
        lb_algo RR                             | 7:1 WARNING duplicate, 7:9 ERROR wrong-case
        alpha {\\n}                             | 7:7 ERROR unexpected-block
        sh-port                                | 7:1 ERROR wrong-order
        """)
    void tellsWhatIsWrong(String inBlock, String expected) {
        assertThat(told(virtualServer(inBlock.replace("\\n", "\n"))).stream().collect(Collectors.joining(", ")))
                .isEqualTo(expected);
    }

    @Test
    void oneErrorRefusesAllInStrictModeAndItsServiceInLenientMode() {
        String text = virtualServer("quorum 0") + virtualServer("").replace("10.0.0.1", "10.0.0.2");

        assertThat(strict(text).services()).isEmpty();
        assertThat(lenient(text).virtualServices()).extracting(Object::toString).containsExactly("tcp 10.0.0.2:80 rr");
        assertThat(lenient(text).hasErrors()).isTrue();
    }

    @Test
    void lenientModeReadsWordsThatAreOftenWrittenForOthers() {
        KeepalivedConfig config = lenient(virtualServer("persistent_timeout 10"));

        assertThat(told(config)).containsExactly("7:1 WARNING unknown-keyword");
        assertThat(config.virtualServices())
                .extracting(Object::toString)
                .containsExactly("tcp 10.0.0.1:80 rr persistent 10");
    }
}
