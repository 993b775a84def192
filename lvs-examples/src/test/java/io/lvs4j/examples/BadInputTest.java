package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
            --server 127.0.0.1:1,colour=red   | setting: colour=red (expected: weight=, upper= or lower=)
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
            --check ping                 | --check: ping (expected: tcp, http:/path or https:/path)
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
        assertRefused(message, (GOOD + options).split(" "));
    }

    @Test
    void listenAndServerAreRequired() {
        assertRefused("--listen: none (expected: address:port)", "serve", "--server", "127.0.0.1:9001");
        assertRefused("--server: none (expected: address:port", "serve", "--listen", "127.0.0.1:18080");
    }

    @Test
    void aCommandIsRequired() {
        assertRefused("command: none (expected: serve or demo)");
        assertRefused("command: dance (expected: serve or demo)", "dance");
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
