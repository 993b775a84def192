package io.lvs4j.keepalived;

import static io.lvs4j.keepalived.ConfigTexts.realServer;
import static io.lvs4j.keepalived.ConfigTexts.service;
import static io.lvs4j.keepalived.ConfigTexts.strict;
import static io.lvs4j.keepalived.ConfigTexts.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RealServerTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # what stands in the block             | the server
        weight 3                               | 192.168.1.1:80 weight 3
        weight 2000000000                      | 192.168.1.1:80 weight 65535
        uthreshold 20                          | 192.168.1.1:80 weight 1 threshold 0..20
        inhibit_on_failure                     | 192.168.1.1:80 weight 1 inhibit
        inhibit_on_failure off                 | 192.168.1.1:80 weight 1
        lvs_method NAT                         | 192.168.1.1:80 weight 1
        lvs_method TUN type gre                | 192.168.1.1:80 weight 1 tunnel gre
        """)
    void isAServerWithItsSettings(String inBlock, String expected) {
        assertThat(service(realServer(inBlock)).realServers().get(0).toString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # what stands in the block, on line 6  | what is told of it
        weight -1                              | 6:8 ERROR out-of-range
        weight 2147483648                      | 6:8 ERROR out-of-range
        weight 70000                           | 6:8 WARNING limited
        retry 0                                | 6:7 ERROR out-of-range
        quorum 2                               | 6:1 ERROR wrong-block
        lb_kind NAT                            | 6:1 ERROR unknown-keyword
        weight 0                               | 1:1 ERROR out-of-range
        lvs_method nat                         | 6:12 ERROR wrong-case
        lvs_method TUN type gue                | 6:12 ERROR contradiction
        lvs_method TUN type ipip csum          | 6:12 ERROR contradiction
        lvs_method TUN colour red              | 6:16 ERROR unknown-value
        alpha maybe                            | 6:7 ERROR unknown-value
        notify_up                              | 6:1 ERROR missing-value
        wieght 1                               | 6:1 ERROR unknown-keyword
        tcp_check {}                           | 6:1 ERROR wrong-case
        snmp_name x                            | 6:1 NOTE not-carried-out
        lthreshold 5                           | 1:1 NOTE left-out
        """)
    void tellsWhatIsWrong(String inBlock, String expected) {
        assertThat(told(realServer(inBlock))).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the service and its server           | what is told of the server, on line 5
        10.0.0.1 80  | DR  | 192.168.1.1 81    | 5:1 ERROR port-mismatch
        10.0.0.1 80  | DR  | 192.168.1.1       |
        10.0.0.1 80  | NAT | 192.168.1.1 81    |
        10.0.0.1 80  | NAT | fd00::1 80        | 5:1 ERROR family-mismatch, 1:1 ERROR no-real-server
        10.0.0.1 80  | TUN | fd00::1 80        |
        10.0.0.1 80  | NAT | 192.168.1.256 80  | 5:13 ERROR not-an-address, 1:1 ERROR no-real-server
        10.0.0.1 80  | NAT | 192.168.1.1 65536 | 5:25 ERROR out-of-range, 1:1 ERROR no-real-server
        fwmark 1     | DR  | 192.168.1.1 80    | 1:1 ERROR contradiction, 5:1 ERROR port-mismatch
        """)
    void fitsToItsService(String where, String kind, String server, String expected) {
        String text = "virtual_server " + where + " {\nlb_algo rr\nlb_kind " + kind + "\nprotocol TCP\nreal_server "
                + server + " {\n}\n}\n";

        assertThat(String.join(", ", told(text))).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void scriptsAreReadWithTheirArgumentsAndUsers() {
        KeepalivedConfig config = strict(
                realServer("notify_up \"/bin/up 'a b' c\" root wheel\nnotify_down /bin/down\nnotify_up /bin/other"));

        assertThat(told(config)).containsExactly("8:1 ERROR duplicate");
        ConfiguredService service = ConfigTexts.lenient(realServer("notify_up \"/bin/up 'a b' c\" root wheel"))
                .services()
                .get(0);
        Script up = service.notifyUp().get(ServerKey.of("192.168.1.1", 80));
        assertThat(up).isNotNull();
        assertThat(up.command()).containsExactly("/bin/up", "a b", "c");
        assertThat(up.user()).contains("root");
        assertThat(up.group()).contains("wheel");
    }
}
