package io.lvs4j.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ForwardingMethod.Encapsulation;
import io.lvs4j.Persistence;
import io.lvs4j.Protocol;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.syntax.Diagnostic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What commands come to, carried out one after the other. */
class ServicesOfRulesTest {

    private static List<VirtualService> services(String text) {
        Rules.Services services = Rules.read("rules", text).services();
        assertThat(services.diagnostics()).isEmpty();
        return services.services();
    }

    @Test
    void everythingThatRulesSayIsInTheDescriptions() {
        assertThat(services("""
                -A -t 10.0.0.1:80 -s wrr -p 300 -M 255.255.255.0
                -a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 5 -x 10 -y 5
                -a -t 10.0.0.1:80 -r 10.1.0.2:80 -i -w 0 --tun-type gue --tun-port 6080 --tun-nocsum
                -A -u 10.0.0.1:53 -s rr -o
                -a -u 10.0.0.1:53 -r 10.1.0.1:53 -g -w 1
                -A --sctp-service [fd00::1]:9 -s sh -p 60 -M 64 -b sh-fallback,sh-port
                -A -f 7 -6
                """))
                .containsExactly(
                        VirtualService.builder()
                                .listen("10.0.0.1", 80)
                                .scheduler("wrr")
                                .persistence(
                                        Persistence.of(Duration.ofSeconds(300)).withNetmask("255.255.255.0"))
                                .realServer(
                                        "10.1.0.1",
                                        8080,
                                        server -> server.weight(5)
                                                .upperThreshold(10)
                                                .lowerThreshold(5))
                                .realServer(
                                        "10.1.0.2",
                                        80,
                                        server ->
                                                server.weight(0).forwarding(ForwardingMethod.tunnel(Encapsulation.GUE)))
                                .build(),
                        VirtualService.builder()
                                .protocol(Protocol.UDP)
                                .listen("10.0.0.1", 53)
                                .scheduler("rr")
                                .onePacketScheduling()
                                .forwarding(ForwardingMethod.directRouting())
                                .realServer("10.1.0.1", 53)
                                .build(),
                        VirtualService.builder()
                                .protocol(Protocol.SCTP)
                                .listen("fd00::1", 9)
                                .scheduling(
                                        Scheduling.of("sh").withFlags(SchedulerFlag.SH_FALLBACK, SchedulerFlag.SH_PORT))
                                .persistence(
                                        Persistence.of(Duration.ofSeconds(60)).withIpv6PrefixLength(64))
                                .build(),
                        VirtualService.builder()
                                .firewallMark(7, AddressFamily.INET6)
                                .build());
    }

    @Test
    void commandsActOnWhatTheOnesBeforeThemMade() {
        assertThat(services("""
                -A -t 10.0.0.9:9
                -C
                -A -t 10.0.0.1:80 -s wrr -p 300
                -A -t 10.0.0.2:80
                -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 5 -x 10
                -a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 5
                -a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 5
                -e -t 10.0.0.1:80 -r 10.1.0.1:80 -m
                -d -t 10.0.0.1:80 -r 10.1.0.2:80
                -E -t 10.0.0.1:80 -s rr
                -Z
                -Z -t 10.0.0.1:80
                -D -t 10.0.0.2:80
                """))
                .containsExactly(VirtualService.builder()
                        .listen("10.0.0.1", 80)
                        .scheduler("rr")
                        .realServer("10.1.0.1", 80)
                        .realServer("10.1.0.3", 80, server -> server.weight(5))
                        .build());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -A -t 10.0.0.1:80                                   | service-exists |  4 | since line 1
            -E -t 10.0.0.2:80                                   | no-such-service |  4 | -t 10.0.0.2:80: is not there
            -D -u 10.0.0.1:80                                   | no-such-service |  4 | -u 10.0.0.1:80
            -Z -f 5                                             | no-such-service |  4 | -f 5
            -a -t 10.0.0.2:80 -r 10.1.0.1:80                    | no-such-service |  4 | -t 10.0.0.2:80
            -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m                 | server-exists   | 19 | since line 2
            -e -t 10.0.0.1:80 -r 10.1.0.9:80 -m                 | no-such-server  | 19 | -r 10.1.0.9:80
            -d -t 10.0.0.1:80 -r 10.1.0.1:81                    | no-such-server  | 19 | -r 10.1.0.1:81
            """)
    void whatTheKernelWouldRefuseIsTold(String line, String code, int column, String words) {
        Rules rules = Rules.read("rules", "-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m\n" + line);
        assertThat(rules.diagnostics()).isEmpty();
        assertTold(rules.services(), code, 3, column, words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -A -t 10.0.0.1:0 -p                                  |  4 | -t 10.0.0.1:0 (expected: a port
            -A -t 224.0.0.1:80                                   |  4 | -t 224.0.0.1:80
            -A -t 10.0.0.1:80 -s nosuch                          | 19 | -s: nosuch (expected: one of rr, wrr
            -A -t 10.0.0.1:80 -b flag-1                          | 19 | -b: flags 1 with wlc (expected: none
            -A -t 10.0.0.1:80 -s sh -b flag-3                    | 25 | -b: flags 4 with sh
            -A -t 10.0.0.1:80 -p -M 255.0.255.0                  | 22 | -M: 255.0.255.0
            -A -t 10.0.0.1:80 -p -M 0.0.0.0                      | 22 | -M: 0.0.0.0
            -A -u 10.0.0.1:80 -p --pe sip                        | 22 | --pe: sip
            """)
    void whatADescriptionCannotHoldOfAServiceIsToldByItsOption(String line, int column, String words) {
        Rules rules = Rules.read("rules", line);
        assertThat(rules.diagnostics()).isEmpty();
        assertTold(rules.services(), "unsupported-value", 1, column, words);
        assertThat(rules.services().services()).isEmpty();
        assertThat(rules.services().table().services()).as("ipvsadm can").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -r 10.1.0.1:0 -m                                     | 19 | -r: 10.1.0.1:0 (expected: a port
            -r 10.1.0.1 -m -w 65536                              | 34 | -w: 65536 (expected: 0..65535)
            -r 224.0.0.1:80 -m                                   | 19 | -r: real server: 224.0.0.1
            -r 10.0.0.1:80 -m                                    | 19 | not an address that the service itself listens on
            -r 10.1.0.1 -i --tun-type gue --tun-port 99          | 49 | --tun-port: 99 (expected: 6080)
            -r 10.1.0.1 -i --tun-type gre --tun-csum             | 49 | --tun-csum
            -r 10.1.0.1 --tun-port 6080 -i --tun-type gue --tun-remcsum | 65 | --tun-remcsum
            """)
    void whatADescriptionCannotHoldOfAServerIsToldByItsOption(String server, int column, String words) {
        Rules rules = Rules.read("rules", "-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 " + server);
        assertThat(rules.diagnostics()).isEmpty();
        assertTold(rules.services(), "unsupported-value", 2, column, words);
    }

    private static void assertTold(Rules.Services services, String code, int line, int column, String words) {
        assertThat(services.ok()).isFalse();
        assertThat(services.diagnostics()).hasSize(1);
        Diagnostic found = services.diagnostics().get(0);
        assertThat(found.code()).isEqualTo(code);
        assertThat(found.at().line()).isEqualTo(line);
        assertThat(found.at().column()).isEqualTo(column);
        assertThat(found.message()).contains(words);
    }

    @Test
    void aServiceThatFailedIsMissedOnce() {
        Rules.Services services = Rules.read("rules", """
                        -A -t 10.0.0.1:80 -p none
                        -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m
                        -a -t 10.0.0.1:80 -r 10.1.0.2:80 -m
                        -a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w heavy
                        """).services();
        assertThat(services.diagnostics())
                .extracting(found -> found.at().line() + " " + found.code())
                .containsExactly("1 bad-value", "2 no-such-service", "4 bad-value");
    }
}
