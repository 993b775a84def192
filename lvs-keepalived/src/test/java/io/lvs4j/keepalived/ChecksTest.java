package io.lvs4j.keepalived;

import static io.lvs4j.keepalived.ConfigTexts.realServer;
import static io.lvs4j.keepalived.ConfigTexts.service;
import static io.lvs4j.keepalived.ConfigTexts.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.VirtualService;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.FileCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.check.SmtpCheck;
import io.lvs4j.check.Tls;
import io.lvs4j.check.UdpCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the check                                    | loop | timeout | retries | delay | warmup
        TCP_CHECK {}                                   | 60   | 5       | 1       | 1     | 60
        HTTP_GET { url { path / } }                    | 60   | 5       | 1       | 3     | 60
        SMTP_CHECK {}                                  | 60   | 5       | 1       | 1     | 60
        DNS_CHECK {}                                   | 60   | 5       | 3       | 60    | 60
        UDP_CHECK {}                                   | 60   | 5       | 1       | 1     | 60
        PING_CHECK {}                                  | 60   | 5       | 1       | 1     | 60
        MISC_CHECK { misc_path /bin/true }             | 60   | 60      | 0       | 1     | 60
        TCP_CHECK { delay_loop 7 }                     | 7    | 5       | 1       | 1     | 7
        TCP_CHECK { connect_timeout 2.5; retry 0 }     | 60   | 2.5     | 0       | 1     | 60
        TCP_CHECK { delay_before_retry 4; warmup 0 }   | 60   | 5       | 1       | 4     | 0
        """)
    void haveTheirOwnTimesIfNothingIsSaid(
            String check, double loop, double timeout, int retries, double delay, double warmup) {
        HealthCheck read = only(service(realServer(lines(check))));

        assertThat(read.timing())
                .isEqualTo(new CheckTiming(
                        seconds(loop), seconds(timeout), retries, seconds(delay), 1, seconds(warmup), false, false));
    }

    @Test
    void inheritFromTheServerAndTheServiceWhereverThoseSaySo() {
        String text = """
                virtual_server 10.0.0.1 80 {
                    lb_algo rr
                    lb_kind NAT
                    protocol TCP
                    real_server 192.168.1.1 80 {
                        TCP_CHECK {
                            retry 7
                        }
                        retry 5
                        connect_timeout 3
                    }
                    retry 4
                    connect_timeout 9
                    delay_loop 11
                    alpha
                }
                """;

        VirtualService read = service(text);

        assertThat(only(read).timing())
                .isEqualTo(new CheckTiming(seconds(11), seconds(3), 7, seconds(1), 1, seconds(11), false, false));
        assertThat(read.poolRules().alpha()).isTrue();
    }

    @Test
    void httpAsksAllPagesAsKeepalivedDoes() {
        String check = "SSL_GET {\nvirtualhost www.example.org\nurl {\npath /a\nstatus_code 200 301-302\n}\n"
                + "url {\npath /b\ndigest 9B3a0c85a887a256d6939da88aabd8cd\nregex \"a b\"\nregex_options caseless\n}\n}";

        HttpCheck read = (HttpCheck) only(service(realServer(check)));

        assertThat(read.tls()).isEqualTo(Tls.INSECURE);
        assertThat(read.version()).isEqualTo(HttpCheck.Version.HTTP_1_0);
        assertThat(read.virtualHost()).contains("www.example.org");
        assertThat(read.urls().get(0).statusText()).isEqualTo("200,301-302");
        assertThat(read.urls().get(1).digest()).contains("9b3a0c85a887a256d6939da88aabd8cd");
        assertThat(read.urls().get(1).regex()).contains("(?i)a b");
    }

    @Test
    void oldHostBlocksAreChecksOfTheirOwn() {
        List<HealthCheck> read = service(realServer(
                        "SMTP_CHECK {\nhelo_name here\nhost {\nconnect_port 25\n}\nhost {\nconnect_ip 10.1.1.1\n}\n}"))
                .realServers()
                .get(0)
                .healthChecks();

        assertThat(read)
                .hasSize(2)
                .allSatisfy(each -> assertThat(((SmtpCheck) each).heloName()).isEqualTo("here"));
        assertThat(((SmtpCheck) read.get(0)).target().connectPort()).hasValue(25);
    }

    @Test
    void bytesAndProgramsAreReadAsWritten() {
        UdpCheck udp = (UdpCheck) only(service(realServer("UDP_CHECK {\npayload 00 1 ab\nrequire_reply 6x 62\n}")));
        MiscCheck misc = (MiscCheck) only(
                service(realServer("MISC_CHECK {\nmisc_path \"/bin/test 'a b'\"\nmisc_timeout 4\nmisc_dynamic\n}")));

        assertThat(udp.payload()).isEqualTo("0001ab");
        assertThat(udp.reply())
                .hasValueSatisfying(reply -> assertThat(reply.mask()).isEqualTo("f0ff"));
        assertThat(misc.command()).containsExactly("/bin/test", "a b");
        assertThat(misc.dynamicWeight()).isTrue();
        assertThat(misc.timing().timeout()).isEqualTo(seconds(4));
    }

    @Test
    void aTrackedFileIsFoundByItsName() {
        String file = "track_file down {\nfile /run/down\nweight 0\n}\n";

        assertThat(only(service(file + realServer("FILE_CHECK {\ntrack_file down\n}"))))
                .isInstanceOfSatisfying(
                        FileCheck.class, each -> assertThat(each.path()).isEqualTo(Path.of("/run/down")));
        assertThat(told(file + realServer("FILE_CHECK {\ntrack_file other\n}")))
                .containsExactly("11:12 ERROR unknown-name");
        assertThat(told(file.replace("weight 0", "weight 2") + realServer("FILE_CHECK {\ntrack_file down\n}")))
                .containsExactly("10:1 NOTE left-out");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the check, from line 6 on            | what is told of it
        HTTP_GET {}                            | 6:1 ERROR missing-keyword
        HTTP_GET { url {} }                    | 7:1 ERROR missing-keyword
        HTTP_GET { url { path } }              | 8:1 ERROR missing-value
        HTTP_GET { url { path /; digest 12 } } | 9:8 ERROR not-a-digest
        HTTP_GET { url { path /; status_code 99 } } | 9:13 ERROR out-of-range
        HTTP_GET { nb_get_retry 3; url { path / } } | 7:1 ERROR deprecated-keyword
        HTTP_GET { http_protocol 2; url { path / } } | 7:15 ERROR unknown-value
        MISC_CHECK {}                          | 6:1 ERROR missing-keyword
        MISC_CHECK { misc_path /bin/x; connect_port 1 } | 8:1 ERROR wrong-block
        FILE_CHECK {}                          | 6:1 ERROR missing-keyword
        BFD_CHECK { name x }                   | 7:6 ERROR unknown-name
        DNS_CHECK { type ABC }                 | 7:6 ERROR unknown-value
        DNS_CHECK { name a..b }                | 7:6 ERROR not-a-name
        UDP_CHECK { payload 0g }               | 7:9 ERROR not-hexadecimal
        TCP_CHECK { connect_port 0 }           | 7:14 ERROR out-of-range
        TCP_CHECK { bindto fd00::1; connect_ip 10.0.0.9 } | 8:12 ERROR family-mismatch
        TCP_CHECK { connect_timeout 0 }        | 7:17 ERROR out-of-range
        TCP_CHECK { connect_timeout 1.0000001 } | 7:17 ERROR not-a-time
        """)
    void tellWhatIsWrong(String check, String expected) {
        assertThat(told(realServer(lines(check)))).contains(expected);
    }

    private static HealthCheck only(VirtualService service) {
        List<HealthCheck> checks = service.realServers().get(0).healthChecks();
        assertThat(checks).hasSize(1);
        return checks.get(0);
    }

    private static String lines(String text) {
        return text.replace("{}", "{\n}")
                .replace("{ ", "{\n")
                .replace("; ", "\n")
                .replace(" }", "\n}");
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
