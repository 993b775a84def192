package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the mistake: one line on standard error that names setting, value and what was expected; exit code 2. */
class BadInputTest {
    private static final String GOOD = "serve --listen 127.0.0.1:18080 --server 127.0.0.1:9001 ";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --scheduler best             | scheduler: best (expected: one of rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos, two-choices)
            --scheduler rr,sh-port       | scheduler flag: sh-port (expected: none, rr has no flags)
            --scheduler sh,port          | scheduler flag: port (expected: one of sh-fallback, sh-port, sh-old-hash, dh-old-hash, mh-fallback, mh-port)
            --scheduler mh,table=4096    | table size: 4096 (expected: one of 251, 509, 1021, 2039, 4093,
            --scheduler lblc,expiry=500ms | expiry: 500ms (expected: whole seconds, 1s..31d)
            --scheduler                  | --scheduler: no value (expected: <scheduler>)
            --scheduler rr --scheduler lc| --scheduler: given twice (expected: once)
            --server 127.0.0.1:1,weight=-1    | weight: -1 (expected: 0..65535)
            --server 127.0.0.1:1,weight=65536 | weight: 65536 (expected: 0..65535)
            --server 127.0.0.1:1,upper=5,lower=6 | lowerThreshold: 6 (expected: 0..upperThreshold, which is 5)
            --server 127.0.0.1:1,colour=red   | setting: colour=red (expected: weight=, upper=, lower= or priority=)
            --server 127.0.0.1:1,priority=256 | priority: 256 (expected: 0..255)
            --server 127.0.0.1:70000     | real server port: 70000 (expected: 1..65535)
            --server 127.0.0.1           | 127.0.0.1 (expected: address:port or [IPv6 address]:port)
            --server web1:80             | web1 (expected: an IPv4 or IPv6 address, not a host name)
            --server 127.0.0.1:9001      | 127.0.0.1:9001 (expected: each real server once)
            --servers 127.0.0.1:9001     | 127.0.0.1:9001 (expected: each real server once)
            --server 127.0.0.1:18080     | 127.0.0.1:18080 (expected: not an address that the service itself listens on
            --listen 127.0.0.1:0         | listen port: 0 (expected: 1..65535)
            --listen 127.0.0.1:70000     | listen port: 70000 (expected: 1..65535)
            --listen 127.0.0.1:18080     | 127.0.0.1:18080 (expected: each address and port once
            --forwarding dr              | forwarding: direct-routing (expected: one of full-nat, masquerade on the netty backend)
            --forwarding magic           | --forwarding: magic (expected: nat, fullnat, dr or tun)
            --persistence 0s             | persistence timeout: 0s (expected: whole seconds, 1s..31d)
            --persistence soon           | --persistence: soon (expected: a duration such as 10s
            --netmask 255.255.255.0      | --netmask: 255.255.255.0 (expected: only with --persistence)
            --persistence 5 --netmask 255.0.255.0 | persistence netmask: 255.0.255.0 (expected: a dotted IPv4 netmask
            --persistence-by server-name | --persistence-by: server-name (expected: only with --persistence)
            --persistence 5 --persistence-by user | --persistence-by: user (expected: address or server-name)
            --persistence 5 --persistence-by server-name --netmask 255.0.0.0 | --netmask: 255.0.0.0 (expected: only with --persistence-by address)
            --persistence 5 --persistence-by server-name --protocol udp | persistence: by server name with udp 127.0.0.1:18080 (expected: a TCP service
            --source 10.0.0.1            | --source: 10.0.0.1 (expected: only with --forwarding fullnat)
            --forwarding fullnat --source 10.0.0.9-10.0.0.1 | address range: 10.0.0.9-10.0.0.1 (expected: first and last of one family
            --forwarding fullnat --source 127.0.0.2 | full-nat source: 127.0.0.2 (expected: a unicast address
            --forwarding fullnat --source fd00::1 | full-nat from fd00::1 (expected: a source of the server's family, inet on the netty backend)
            --forwarding fullnat --source 192.0.2.1 | full-nat source 192.0.2.1 of tcp 127.0.0.1:18080: cannot assign requested address; give this host the address first
            --transparent --transport nio | transparent: on NIO (expected: on epoll
            --slow-start 500ms           | slowStart: 500ms (expected: 1s..1h)
            --slow-start gently          | --slow-start: gently (expected: a duration such as 10s
            --quorum 0                   | quorum: 0 (expected: 1..2147483647)
            --quorum 2,-1                | hysteresis: -1 (expected: 0..2147483647)
            --quorum most                | quorum: most (expected: 1..2147483647)
            --sorry-server 127.0.0.1:18080 | sorryServer: 127.0.0.1:18080 (expected: not an address that the service itself listens on
            --sorry-server 127.0.0.1:1,weight=0 | sorryServer weight: 0 (expected: 1..65535)
            --sorry-server web1:80       | web1 (expected: an IPv4 or IPv6 address, not a host name)
            --server-name app.test       | --server-name app.test: real server name: app.test (expected: host:port)
            --server-name app.test:0     | port: 0 (expected: 1..65535)
            --server-name 10.0.0.1:80    | real server name: 10.0.0.1 (expected: a host name, such as app.example.com)
            --server-name a.test:80,w=1  | setting: w=1 (expected: weight=, upper=, lower= or priority=)
            --panic-threshold 101        | --panic-threshold: 101 (expected: 0..100)
            --max-depool -1              | --max-depool: -1 (expected: 0..100)
            --flap-damping 500ms         | holdDown: 500ms (expected: 1s..1h)
            --flap-damping 10s,5s        | maxHoldDown: 5s (expected: holdDown, which is 10s, to 1d)
            --send-proxy v3              | --send-proxy: v3 (expected: v1 or v2)
            --accept-proxy 10.0.0.1/8    | prefix: 10.0.0.1/8 (expected: no bits after the first 8
            --accept-proxy 10.0.0.0/8,   | prefix:  (expected: an IPv4 or IPv6 address, not a host name)
            --allow 10.0.0.1/8           | prefix: 10.0.0.1/8 (expected: no bits after the first 8
            --deny office                | office (expected: an IPv4 or IPv6 address, not a host name)
            --allow 10.1.0.0/16 --deny 10.0.0.0/8 | --deny 10.0.0.0/8: allow: 10.1.0.0/16 (expected: no network that is denied, it is within 10.0.0.0/8)
            --max-connections 0          | --max-connections 0: connections: 0 (expected: 1..2147483646)
            --max-connections 5 --max-connections-per-source 6 | connections per source: 6 (expected: at most the connections per service, which are 5)
            --max-connections-per-source many | connections: many (expected: 1..2147483646)
            --max-new-per-second-per-source 1000001 | new connections per second per source: 1000001 (expected: 1..1000000 or unlimited)
            --max-new-per-second-per-source 5,burst=0 | burst: 0 (expected: 1..1000000)
            --max-new-per-second-per-source 5,peak=9 | setting: peak=9 (expected: burst=)
            --max-new-per-second-per-source unlimited,burst=9 | burst per source: 9 (expected: unlimited, as new connections per second per source are)
            --check pong                 | --check: pong (expected: tcp, tls, http:/path, https:/path, smtp, grpc[:service], grpcs[:service], agent[:port], dns[:name[/type]], udp[:hex], ping, program:/path or file:/path)
            --check udp:                 | --check: udp: (expected: tcp, tls,
            --check ping:1               | --check: ping:1 (expected: tcp, tls,
            --check dns:a..test          | --check dns:a..test: name: a..test (expected: . or a domain name
            --check dns:a.test/axfr      | type: axfr (expected: one of [A, NS,
            --check udp:xyz              | payload: xyz (expected: at most 1024 bytes as pairs of hexadecimal digits)
            --check program:true         | program: true (expected: an absolute path)
            --check file:state           | file: state (expected: an absolute path)
            --check http:health          | --check: http:health (expected: tcp, tls, http:/path,
            --check smtp:25              | --check: smtp:25 (expected: tcp, tls,
            --check grpc:                | --check: grpc: (expected: tcp, tls,
            --check agent:0              | --check agent:0: port: 0 (expected: 1..65535)
            --check tls --check-host a:443 | --check-host a:443: serverName: a:443 (expected: a host name of at most 253 characters)
            --check https:/ --check-host a_b | virtualHost: a_b (expected: a host name, because the certificate is verified)
            --check tcp --check-host a   | --check-host: a (expected: only with a check by tls, http, https, grpc or grpcs)
            --check http:/ --check-insecure | --check-insecure: true (expected: only with a check by tls, https or grpcs)
            --check tcp --delay-loop 2x  | --delay-loop: 2x (expected: a duration such as 10s
            --check tcp --delay-loop 0s  | delayLoop: 0s (expected: 1ms..1d)
            --check tcp --retries -1     | --retries: -1 (expected: 0..1000)
            --rise 0                     | --rise: 0 (expected: 1..1000)
            --drain-timeout 32d          | --drain-timeout: 32d (expected: 0s..31d)
            --backend warp               | --backend: warp (expected: one of ipvs, netty)
            --backend headless           | --backend: headless (expected: one of ipvs, netty)
            --transport carrier-pigeon   | --transport: carrier-pigeon (expected: auto, epoll or nio)
            --threads 0                  | --threads: 0 (expected: 1..
            --profile core               | --profile: core (expected: throughput or edge)
            --hand-over /                | --hand-over /: handOver: / (expected: a file name
            --hand-over /proc            | hand over /proc: not a socket (expected: a name that is free,
            --hand-over /nowhere/socket  | hand over /nowhere/socket: there is no directory /nowhere (expected:
            --hand-over /proc/x --transport nio | hand over /proc/x: the JDK's sockets cannot be handed over (expected: epoll)
            --colour red                 | option: --colour (expected: one of --accept-proxy,
            extra                        | extra (expected:
            """)
    void anOptionIsRefused(String options, String message) {
        assertRefusedHere(message, (GOOD + options).split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /nowhere/x    | program: /nowhere/x (expected: a file that is there
            /proc/version | program: /proc/version (expected: a file that this process may execute)
            /dev/shm/x    | program: /dev/shm/x (expected: /dev/shm writable by its owner alone)
            """)
    void aProgramThatCannotBeTrustedIsRefused(String program, String message) {
        try (ChildProcess lvs = ChildProcess.lvs((GOOD + "--check program:" + program).split(" "))) {
            assertThat(lvs.awaitExit()).isEqualTo(2);
            assertThat(lvs.err()).last().asString().contains(message);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run                                  | --config: no value (expected: <file>)
            check                                | FILE: no value (expected: FILE)
            check a b                            | b (expected:
            check a --colour                     | option: --colour (expected: one of --config-id,
            run --config a --listen-map 10.0.0.1 | --listen-map: 10.0.0.1 (expected: VIP[:port]=address[:port]
            run --config a --listen-map x=1.2.3.4| --listen-map x: real server: x (expected: an IPv4 or IPv6 address
            run --config a --listen-map 1.2.3.4:0=1.2.3.4 | --listen-map 1.2.3.4:0: real server port: 0 (expected: 1..65535)
            run --config a --listen-map 1.2.3.4=::1 --listen-map 1.2.3.4=::2 | --listen-map: 1.2.3.4=::2 (expected: 1.2.3.4 once)
            run --config /dev/null --backend warp | --backend: warp (expected: one of ipvs, netty)
            run --config /dev/null --drain-timeout 32d | --drain-timeout: 32d (expected: 0s..31d)
            list --stats --rate                  | options: --stats --rate (expected: one of them)
            list --exact                         | --exact: set (expected: only with --stats or --rate)
            save --format text                   | --format: text (expected: ipvsadm or keepalived)
            """)
    void aCommandAboutFilesAndTheKernelIsRefused(String arguments, String message) {
        assertRefusedHere(message, arguments.split(" "));
    }

    @Test
    void listenAndServerAreRequired() {
        assertRefused("--listen: none (expected: address:port)", "serve", "--server", "127.0.0.1:9001");
        assertRefused("--server: none (expected: address:port", "serve", "--listen", "127.0.0.1:18080");
    }

    @Test
    void aCommandIsRequired() {
        assertRefused("command: none (expected: serve or run or check or list or save or restore or demo or pair)");
        assertRefused(
                "command: dance (expected: serve or run or check or list or save or restore or demo or pair)", "dance");
    }

    @Test
    void anAddressInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, Ports.address(0).getAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertRefused(address, "serve", "--listen", address, "--server", "127.0.0.1:9001");
        }
    }

    @Test
    void anEventFileThatCannotBeWrittenIsNamed() {
        List<String> arguments = new ArrayList<>(Arrays.asList(GOOD.split(" ")));
        arguments.addAll(List.of("--events", "/nowhere/events"));
        assertRefused("--events: /nowhere/events (expected: - or a file", arguments.toArray(String[]::new));
    }

    /** In this process, which is much faster; what a user sees of it is the same, as the others show. */
    private static void assertRefusedHere(String message, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Lvs.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        assertThat(err.toString().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("lvs")
                .contains(message);
        assertThat(out.toString()).isEmpty();
        assertThat(code).isEqualTo(2);
    }

    private static void assertRefused(String message, String... arguments) {
        try (ChildProcess lvs = ChildProcess.lvs(arguments)) {
            int code = lvs.awaitExit();
            assertThat(lvs.err())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("lvs")
                    .contains(message);
            assertThat(lvs.out()).isEmpty();
            assertThat(code).isEqualTo(2);
        }
    }
}
