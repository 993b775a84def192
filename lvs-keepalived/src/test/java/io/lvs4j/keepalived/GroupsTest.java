package io.lvs4j.keepalived;

import static io.lvs4j.keepalived.ConfigTexts.strict;
import static io.lvs4j.keepalived.ConfigTexts.told;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupsTest {
    private static final String SERVICE =
            "virtual_server group G {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 192.168.1.1 %s {\n}\n}\n";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the group                            | its services
        10.1.0.1 80                            | tcp 10.1.0.1:80 rr
        10.1.0.1 80; 10.1.0.1 443              | tcp 10.1.0.1:80,10.1.0.1:443 rr
        10.1.0.9-11 80                         | tcp 10.1.0.9:80,10.1.0.10:80,10.1.0.11:80 rr
        10.1.0.255-10.1.1.0 80                 | tcp 10.1.0.255:80,10.1.1.0:80 rr
        10.1.0.2/31 80                         | tcp 10.1.0.2:80,10.1.0.3:80 rr
        10.1.0.1 80; fwmark 3; fwmark 4 inet   | tcp 10.1.0.1:80 rr; fwmark 3 inet rr; fwmark 4 inet rr
        """)
    void becomesServices(String group, String expected) {
        KeepalivedConfig config = strict(group(group) + String.format(SERVICE, "80"));

        assertThat(config.virtualServices()).extracting(Object::toString).containsExactly(expected.split("; "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the group, from line 2 on            | what is told of it
        10.1.0.9-9 80                          | 2:1 ERROR not-a-range
        10.1.0.9-256 80                        | 2:1 ERROR not-a-range
        10.1.0.9-10.1.0.8 80                   | 2:1 ERROR not-a-range
        10.1.0.1/24 80                         | 2:1 ERROR not-a-range
        10.1.0 80                              | 2:1 ERROR not-an-address
        10.1.0.1 99999                         | 2:10 ERROR out-of-range
        fwmark                                 | 2:1 ERROR missing-value
        fwmark 1 inet5                         | 2:10 ERROR unknown-value
        10.1.0.0/16 80                         | 4:1 NOTE left-out
        """)
    void tellsWhatIsWrong(String group, String expected) {
        assertThat(told(group(group) + String.format(SERVICE, "80"))).contains(expected);
    }

    @org.junit.jupiter.api.Test
    void serversWithoutAPortMakeAServiceOfEachPort() {
        KeepalivedConfig config = strict(group("10.1.0.1 80; 10.1.0.2 80; 10.1.0.1 443") + String.format(SERVICE, ""));

        assertThat(config.virtualServices())
                .extracting(Object::toString)
                .containsExactly("tcp 10.1.0.1:80,10.1.0.2:80 rr", "tcp 10.1.0.1:443 rr");
        assertThat(config.virtualServices().get(1).realServers().get(0).key().port())
                .isEqualTo(443);
    }

    @org.junit.jupiter.api.Test
    void anUnknownGroupIsAnError() {
        assertThat(told(String.format(SERVICE, "80"))).containsExactly("1:22 ERROR unknown-name");
    }

    private static String group(String lines) {
        return "virtual_server_group G {\n" + lines.replace("; ", "\n") + "\n}\n";
    }
}
