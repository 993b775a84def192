package io.lvs4j.keepalived;

import static io.lvs4j.keepalived.ConfigTexts.strict;
import static io.lvs4j.keepalived.ConfigTexts.told;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobalTest {
    @Test
    void keepsWhatConcernsServices() {
        String text = """
                global_defs {
                    router_id one
                    lvs_timeouts tcp 7200 udp 30
                    lvs_flush
                    lvs_flush_on_stop
                    script_user a b
                    enable_script_security
                }
                """;

        GlobalSettings global = strict(text).global();

        assertThat(global.routerId()).contains("one");
        assertThat(global.tcpTimeout()).contains(Duration.ofHours(2));
        assertThat(global.tcpFinTimeout()).isEmpty();
        assertThat(global.udpTimeout()).contains(Duration.ofSeconds(30));
        assertThat(global.flush() && global.flushOnStop() && global.scriptSecurity())
                .isTrue();
        assertThat(global.scriptUser()).contains("a");
        assertThat(strict("global_defs {\n lvs_flush_on_stop VS\n}\n").global().flushOnStop())
                .as("its own go anyway")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # what stands in the block, on line 2  | what is told of it
        default_interface eth0                 | 2:1 NOTE not-carried-out
        lvs_timeouts tcp                       | 2:1 ERROR missing-value
        lvs_timeouts tcp x                     | 2:18 ERROR not-a-number
        lvs_timeouts sctp 5                    | 2:14 ERROR unknown-value
        checker_priority 20                    | 2:18 ERROR out-of-range
        smtp_server 10.0.0.1 0                 | 2:22 ERROR out-of-range
        process_name a-very-long-process-name  | 2:14 ERROR too-long
        checker_rlimit_rtime 5                 | 2:1 WARNING deprecated-keyword
        vrrp_version 4                         | 2:14 ERROR out-of-range
        route_id x                             | 2:1 ERROR unknown-keyword
        include_check read match               | 2:20 ERROR duplicate
        include_check reed                     | 2:15 ERROR unknown-value
        delay_loop 6                           | 2:1 ERROR wrong-block
        """)
    void tellsWhatIsWrong(String inBlock, String expected) {
        assertThat(told("global_defs {\n" + inBlock + "\n}\n")).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # a word, the one that was meant
        persistent_timeout | persistence_timeout
        virtual_sever      | virtual_server
        dealy_loop         | delay_loop
        lb_alog            | lb_algo
        """)
    void theNearestWordIsNamed(String word, String meant) {
        String text =
                word.startsWith("virtual") ? word + " 10.0.0.1 80 {\n}\n" : ConfigTexts.virtualServer(word + " 1");

        assertThat(strict(text).diagnostics())
                .anySatisfy(each -> assertThat(each.hint()).contains("did you mean " + meant + "?"));
    }
}
