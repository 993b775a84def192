package io.lvs4j.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Protocol;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import io.lvs4j.keepalived.syntax.Position;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How lines become commands. The spellings and refusals are those of ipvsadm 1.31, tried out. */
class RulesTest {

    private static List<String> commands(String text) {
        Rules rules = Rules.read("rules", text);
        assertThat(rules.diagnostics()).filteredOn(RulesTest::isError).isEmpty();
        return rules.list().stream().map(rule -> rule.command().toString()).toList();
    }

    private static boolean isError(Diagnostic diagnostic) {
        return diagnostic.severity() == Severity.ERROR;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -A -t 10.0.0.1:80                                     | -A -t 10.0.0.1:80 -s wlc
            -A -t 10.0.0.1:80 -s wrr -p 300 -M 255.255.255.0      | -A -t 10.0.0.1:80 -s wrr -p 300 -M 255.255.255.0
            -A -t 10.0.0.1:80 -M 255.255.255.255 -p               | -A -t 10.0.0.1:80 -s wlc -p 360
            -A -p -t 10.0.0.1:80                                  | -A -t 10.0.0.1:80 -s wlc -p 360
            -A -t 10.0.0.1:80 -p20                                | -A -t 10.0.0.1:80 -s wlc -p 20
            -A -t 10.0.0.1:80 -p=20                               | -A -t 10.0.0.1:80 -s wlc -p 20
            -A -t 10.0.0.1:80 --persistent=20                     | -A -t 10.0.0.1:80 -s wlc -p 20
            -A -t 10.0.0.1:80 --persistent 20                     | -A -t 10.0.0.1:80 -s wlc -p 20
            -At 10.0.0.1:80 -s=rr                                 | -A -t 10.0.0.1:80 -s rr
            -A -t10.0.0.1:80 -srr                                 | -A -t 10.0.0.1:80 -s rr
            ipvsadm -A -t 10.0.0.1:80                             | -A -t 10.0.0.1:80 -s wlc
            /sbin/ipvsadm -A -t 10.0.0.1:80                       | -A -t 10.0.0.1:80 -s wlc
            --add-service --udp-service 10.0.0.1:53 --ops         | -A -u 10.0.0.1:53 -s wlc -o
            -A -u 10.0.0.1:53 -ob flag-1                          | -A -u 10.0.0.1:53 -s wlc -o -b flag-1
            -A --sctp-service 10.0.0.1:9 -b ,sh-port -s sh        | -A --sctp-service 10.0.0.1:9 -s sh -b sh-port
            -A -t 10.0.0.1:9 -s mh -b mh-port,mh-fallback         | -A -t 10.0.0.1:9 -s mh -b mh-fallback,mh-port
            -A -t 10.0.0.1:9 -s sh -b flag-1                      | -A -t 10.0.0.1:9 -s sh -b sh-fallback
            -A -t 10.0.0.1:9 -b flag-1,flag-2,flag-3              | -A -t 10.0.0.1:9 -s wlc -b flag-1,flag-2,flag-3
            -A -u 10.0.0.1:9 --pe sip -o -p -s rr                 | -A -u 10.0.0.1:9 -s rr -p 360 --pe sip -o
            -A -t 10.0.0.1 -p 10                                  | -A -t 10.0.0.1:0 -s wlc -p 10
            -A -t 10.0.0.1:080 --scheduler=                       | -A -t 10.0.0.1:80 -s wlc
            -A -t [fd00::1]:443 -p 60 -M 64                       | -A -t [fd00::1]:443 -s wlc -p 60 -M 64
            -A -t [FD00:0:0::1]:443 -p 60 -M 128                  | -A -t [fd00::1]:443 -s wlc -p 60
            -A -t [::1:2]:80                                      | -A -t [::0.1.0.2]:80 -s wlc
            -A -t fd00::2:443 -p                                  | -A -t [fd00::2:443]:0 -s wlc -p 360
            -A -f 5                                               | -A -f 5 -s wlc
            -A -f +08 -s lc                                       | -A -f 8 -s lc
            -A -f 4294967295 -6 -6                                | -A -f 4294967295 -6 -s wlc
            -A -t 10.0.0.1:80 -M 255.0.255.0 -p 1                 | -A -t 10.0.0.1:80 -s wlc -p 1 -M 255.0.255.0
            -E -t 10.0.0.1:80 -s rr                               | -E -t 10.0.0.1:80 -s rr
            -D -t 10.0.0.1:80                                     | -D -t 10.0.0.1:80
            -D -f 5 -6                                            | -D -f 5 -6
            -C                                                    | -C
            -Z                                                    | -Z
            -Z -u 10.0.0.1:53                                     | -Z -u 10.0.0.1:53
            -a -t 10.0.0.1:80 -r 10.1.0.1:80                      | -a -t 10.0.0.1:80 -r 10.1.0.1:80 -g -w 1
            -a -t 10.0.0.1:80 -r 10.1.0.1                         | -a -t 10.0.0.1:80 -r 10.1.0.1:80 -g -w 1
            -a -t 10.0.0.1:80 -r 10.1.0.1:81 -i                   | -a -t 10.0.0.1:80 -r 10.1.0.1:80 -i -w 1 --tun-type ipip
            -a -r 10.1.0.1:8080 -t 10.0.0.1:80 -m -w 007          | -a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 7
            -a -t 10.0.0.1:80 -r 10.1.0.1:0 -mw 2147483647        | -a -t 10.0.0.1:80 -r 10.1.0.1:0 -m -w 2147483647
            -a -t 10.0.0.1:80 -r 10.1.0.1:8 -m -y 5 -x 10         | -a -t 10.0.0.1:80 -r 10.1.0.1:8 -m -w 1 -x 10 -y 5
            -a -t 10.0.0.1:80 -r 10.1.0.1 -i --tun-type gre       | -a -t 10.0.0.1:80 -r 10.1.0.1:80 -i -w 1 --tun-type gre --tun-nocsum
            -a -f 5 -r 10.1.0.1 -m                                | -a -f 5 -r 10.1.0.1:0 -m -w 1
            -a -f 5 -r 10.1.0.1:8080                              | -a -f 5 -r 10.1.0.1:8080 -g -w 1
            -a -f 6 -6 -r [fd00::9]:80 -m                         | -a -f 6 -6 -r [fd00::9]:80 -m -w 1
            -a -t [fd00::1]:443 -r fd00::9                        | -a -t [fd00::1]:443 -r [fd00::9]:443 -g -w 1
            -a -t [fd00::1]:443 -r 10.1.0.9 -i                    | -a -t [fd00::1]:443 -r 10.1.0.9:443 -i -w 1 --tun-type ipip
            -e -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 0              | -e -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 0
            -d -t 10.0.0.1:80 -r 10.1.0.1:8080                    | -d -t 10.0.0.1:80 -r 10.1.0.1:8080
            -A -t 10.0.0.1:80 --                                  | -A -t 10.0.0.1:80 -s wlc
            """)
    void everySpellingMeansWhatItMeansToIpvsadm(String line, String command) {
        assertThat(commands(line)).containsExactly(command);
    }

    @Test
    void tunnelsSayTheirPortAndChecksum() {
        assertThat(commands("-a -t 10.0.0.1:80 -r 10.1.0.1 -i --tun-type gue --tun-port 6080 --tun-csum"))
                .containsExactly("-a -t 10.0.0.1:80 -r 10.1.0.1:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum");
        assertThat(commands("-a -t 10.0.0.1:80 -r 10.1.0.1 --tun-remcsum --tun-type gue -i --tun-port 99"))
                .containsExactly("-a -t 10.0.0.1:80 -r 10.1.0.1:80 -i -w 1 --tun-type gue --tun-port 99 --tun-remcsum");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -A -t 10.0.0.1:80 -p 0                             | bad-value            | 19 | -p: 0 (expected: 1..2678400)
            -A -t 10.0.0.1:80 -p 2678401                       | bad-value            | 19 | 1..2678400
            -A -t 10.0.0.1:80 -p 5x                            | bad-value            | 19 | -p: 5x
            -A -t 10.0.0.1:80 -po                              | bad-value            | 19 | -p: o
            -A -t 10.0.0.1:80 -p -1                            | unknown-option       | 22 | -1
            -A -t 10.0.0.1                                     | bad-value            |  4 | a port, as the service is not persistent
            -A -t 10.0.0.1:80 -o                               | conflicting-options  | 19 | -o: with tcp
            -A -t 10.0.0.1:70000                               | bad-value            |  4 | a port, 0..65535
            -A -t 10.0.0.1:                                    | bad-value            |  4 | a port
            -A -t 10.0.0.1:-1                                  | bad-value            |  4 | a port
            -A -t 10.0.0.1:http                                | bad-value            |  4 | -t: 10.0.0.1:http
            -A -t www.example.org:80                           | bad-value            |  4 | no names but those that are known
            -A -t 80                                           | bad-value            |  4 | -t: 80
            -A -t :80                                          | bad-value            |  4 | address:port
            -A -t 10.1:80                                      | bad-value            |  4 | -t: 10.1:80
            -A -t 010.0.0.1:80                                 | bad-value            |  4 | -t: 010.0.0.1:80
            -A -t [10.0.0.1]:80                                | bad-value            |  4 | [IPv6 address]:port
            -A -t [fd00::1] -p                                 | bad-value            |  4 | [IPv6 address]:port
            -A -t [::ffff:10.0.0.1]:80                         | bad-value            |  4 | [IPv6 address]:port
            -A -t [fd00::1%eth0]:80                            | bad-value            |  4 | [IPv6 address]:port
            -A -t 10.0.0.1:80 -t 10.0.0.2:80                   | repeated-option      | 19 | -t: after -t
            -A -f 7 -t 10.0.0.1:80                             | repeated-option      |  9 | -t: after -f
            -A -t 10.0.0.1:80 -6                               | bad-value            | 19 | -f MARK -6
            -A -6 -f 7                                         | bad-value            |  4 | -f MARK -6
            -A -f 0                                            | bad-value            |  4 | 1..4294967295
            -A -f 4294967296                                   | bad-value            |  4 | 1..4294967295
            -A -f 0x10                                         | bad-value            |  4 | 1..4294967295
            -A -A -t 10.0.0.1:80                               | second-command       |  4 | -A: a second command
            -t 10.0.0.1:80 -A                                  | missing-command      |  1 | -t: comes first
            -A -s rr                                           | missing-option       |  1 | also -t, -u, --sctp-service or -f
            -A -t                                              | missing-value        |  4 | -t: nothing
            -A --nope -t 10.0.0.1:80                           | unknown-option       |  4 | --nope
            -A --tcp 10.0.0.1:80                               | unknown-option       |  4 | in full
            -A -q -t 10.0.0.1:80                               | unknown-option       |  4 | -q
            -A -t 10.0.0.1:80 --ops=1                          | unexpected-value     | 19 | -o: 1 (expected: no value)
            -A -t 10.0.0.1:80 extra                            | unexpected-word      | 19 | extra
            -A -t 10.0.0.1:80 -- -o                            | unexpected-word      | 22 | -o
            -A -t 10.0.0.1:80 -                                | unexpected-word      | 19 | - (expected
            -A -t 10.0.0.1:80 -w 5                             | option-not-allowed   | 19 | -w: with -A
            -A -t 10.0.0.1:80 -n                               | option-not-allowed   | 19 | -n: with -A
            -A -t 10.0.0.1:80 -s averyveryverylongname         | bad-value            | 19 | 1..15 characters
            -A -t 10.0.0.1:80 -s mh -b sh-port                 | bad-value            | 25 | -b: sh-port with scheduler mh
            -A -t 10.0.0.1:80 -s sh -b bogus                   | bad-value            | 25 | -b: bogus
            -A -t [fd00::1]:80 -p -M 129                       | bad-value            | 23 | 1..128
            -A -t 10.0.0.1:80 -p -M 24                         | bad-value            | 22 | a dotted netmask
            -D -t 10.0.0.1:80 -s rr                            | option-not-allowed   | 19 | -s: with -D
            -C -t 10.0.0.1:80                                  | option-not-allowed   |  4 | -t: with -C
            -L                                                 | unsupported-command  |  1 | -L
            -ln --stats                                        | unsupported-command  |  1 | -l
            --set 900 120 300                                  | unsupported-command  |  1 | --set
            --start-daemon master --syncid 3                   | unsupported-command  |  1 | --start-daemon
            -a -t 10.0.0.1:80 -w 5                             | missing-option       |  1 | also -r
            -a -r 10.1.0.1:80                                  | missing-option       |  1 | also -t
            -a -t 10.0.0.1:80 -r 10.1.0.1 -w -1                | bad-value            | 31 | -w: -1
            -a -t 10.0.0.1:80 -r 10.1.0.1 -w 2147483648        | bad-value            | 31 | 0..2147483647
            -a -t 10.0.0.1:80 -r 10.1.0.1 -w 0x7               | bad-value            | 31 | -w: 0x7
            -a -t 10.0.0.1:80 -r 10.1.0.1 -x 5 -y 10           | bad-value            | 36 | 0..-x, which is 5
            -a -t 10.0.0.1:80 -r 10.1.0.1 -y 10                | bad-value            | 31 | 0..-x, which is 0
            -a -t 10.0.0.1:80 -r 10.1.0.1 -m -g                | repeated-option      | 34 | -g: after -m
            -a -t 10.0.0.1:80 -r 10.1.0.1 -m --tun-type gue    | conflicting-options  | 34 | --tun-type
            -a -t 10.0.0.1:80 -r 10.1.0.1 -i --tun-type gue    | missing-option       |  1 | --tun-port
            -a -t 10.0.0.1:80 -r 10.1.0.1 -i --tun-type vxlan  | bad-value            | 34 | ipip, gue or gre
            -a -t 10.0.0.1:80 -r 10.1.0.1 -i --tun-csum        | conflicting-options  | 34 | --tun-csum
            -a -t 10.0.0.1:80 -r 10.1.0.1 -i --tun-port 9      | conflicting-options  | 34 | --tun-port
            -a -t 10.0.0.1:80 -r [fd00::1]:80                  | bad-value            | 19 | an address of inet6
            -a -f 6 -r [fd00::1]:80 -m                         | bad-value            |  9 | an address of inet6
            -d -t 10.0.0.1:80 -r 10.1.0.1 -m                   | option-not-allowed   | 31 | -m: with -d
            """)
    void aFaultIsToldWithItsColumnAndWhatWasExpected(String line, String code, int column, String words) {
        Rules rules = Rules.read("rules", "-C\n" + line + "\n-Z\n");
        assertThat(rules.list().stream().map(rule -> rule.command().toString()))
                .as("the other lines count, the faulty one does not")
                .containsExactly("-C", "-Z");
        assertThat(rules.diagnostics())
                .filteredOn(found -> found.code().equals(code))
                .first()
                .satisfies(found -> {
                    assertThat(found.at()).isEqualTo(new Position("rules", 2, column));
                    assertThat(found.message()).contains(words);
                    assertThat(found.severity()).isEqualTo(Severity.ERROR);
                });
        assertThat(rules.ok()).isFalse();
    }

    @Test
    void allFaultsOfALineAndOfATextAreTold() {
        Rules rules = Rules.read("rules", "-A -t nowhere -s rr -w 5 -q\n\n-a -t 10.0.0.1:80 -r x -w y -x z\n");
        assertThat(rules.diagnostics().stream().map(Diagnostic::toString))
                .hasSize(6)
                .allMatch(found -> found.startsWith("rules:1:") || found.startsWith("rules:3:"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A -t 10.0.0.1:80 -M 255.255.0.0",
                "-A -t 10.0.0.1:80 # the web",
                "-a -t 10.0.0.1:80 -r 10.1.0.1:81 -g"
            })
    void whatIsIgnoredIsAWarning(String line) {
        Rules rules = Rules.read("rules", line);
        assertThat(rules.list()).hasSize(1);
        assertThat(rules.diagnostics()).hasSize(1).allMatch(found -> found.severity() == Severity.WARNING);
        assertThat(rules.ok()).isTrue();
    }

    @Test
    void blanksAndEmptyLinesAndTheProgramAloneAreNothing() {
        assertThat(commands("\n  \t\r\nipvsadm\n\n  -C\t\r\n")).containsExactly("-C");
    }

    @Test
    void namesAreWhatTheCallerSays() {
        Names names = new Names() {
            @Override
            public Optional<InetAddress> host(String name) {
                return name.equals("www") ? Optional.of(InetAddress.getLoopbackAddress()) : Optional.empty();
            }

            @Override
            public Optional<Integer> port(String name, Protocol protocol) {
                return name.equals("domain") && protocol == Protocol.UDP ? Optional.of(53) : Optional.empty();
            }
        };
        Rules rules = Rules.read("rules", "-A -u www:domain\n-A -t www:domain\n-A -t ftp:21\n", names);
        assertThat(rules.list()).hasSize(1);
        assertThat(rules.list().get(0).command()).hasToString("-A -u 127.0.0.1:53 -s wlc");
        assertThat(rules.diagnostics()).extracting(found -> found.at().line()).containsExactly(2, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-b flag-3", "-b sh-port,flag-3"})
    void aFlagWithoutANameOfItsSchedulerIsWritten(String flags) {
        Rules rules = Rules.read("rules", "-A -t 10.0.0.1:80 -s sh " + flags + "\n");

        assertThat(rules.list())
                .extracting(rule -> rule.command().toString())
                .singleElement()
                .asString()
                .endsWith(flags);
    }
}
