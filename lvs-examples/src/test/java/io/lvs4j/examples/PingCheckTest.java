package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What needs a host of its own: pings over both kinds of ICMP socket, and marked packets. The namespace has an address that nobody
 * answers for, and one to which only packets with
 * mark 7 have a route.
 */
class PingCheckTest {
    private static final String NAMESPACE = "lvsp" + ProcessHandle.current().pid();
    private static final String SILENT = "192.0.2.9";
    private static final String MARKED = "198.51.100.1";
    private static final String FORBIDDEN =
            "inconclusive: ping: socket of ICMP: EPERM (set net.ipv4.ping_group_range to hold"
                    + " a group of this process, or grant CAP_NET_RAW)";

    @BeforeAll
    static void makeNamespace() {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
        ip("netns", "add", NAMESPACE);
        ipIn("link", "set", "lo", "up");
        ipIn("link", "add", "silent", "type", "veth", "peer", "name", "nobody");
        ipIn("link", "set", "silent", "up");
        ipIn("link", "set", "nobody", "up");
        ipIn("address", "add", "192.0.2.1/24", "dev", "silent");
        ipIn("neighbour", "add", SILENT, "lladdr", "02:00:00:00:00:09", "dev", "silent", "nud", "permanent");
        ipIn("route", "add", MARKED, "dev", "silent", "table", "77");
        ipIn("rule", "add", "fwmark", "7", "table", "77", "priority", "5");
    }

    @AfterAll
    static void removeNamespace() {
        if ("root".equals(System.getProperty("user.name"))) {
            ip("netns", "del", NAMESPACE);
        }
    }

    private static void ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of(ChildProcess.program("ip", "iproute2")));
        command.addAll(List.of(arguments));
        assertThat(ChildProcess.run(command)).isEmpty();
    }

    private static void ipIn(String... arguments) {
        List<String> command = new ArrayList<>(List.of("-n", NAMESPACE));
        command.addAll(List.of(arguments));
        ip(command.toArray(String[]::new));
    }

    /** Returns what the attempts found: in the namespace, with or without capabilities, and with that many groups allowed to ping. */
    private static List<String> found(String pingGroups, boolean privileged, String... attempts) {
        List<String> command = new ArrayList<>(List.of(
                ChildProcess.program("ip", "iproute2"),
                "netns",
                "exec",
                NAMESPACE,
                "sh",
                "-c",
                "echo " + pingGroups + " > /proc/sys/net/ipv4/ping_group_range; exec \"$@\"",
                "sh"));
        if (!privileged) {
            command.addAll(List.of(
                    ChildProcess.program("setpriv", "util-linux"),
                    "--bounding-set=-net_raw,-net_admin",
                    "--inh-caps=-net_raw,-net_admin"));
        }
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CheckScene.class.getName()));
        command.addAll(List.of(attempts));
        return ChildProcess.run(command)
                .lines()
                .filter(line -> line.startsWith("= "))
                .map(line -> line.substring(2))
                .toList();
    }

    @Test
    void unprivilegedSocketsPingWhereTheKernelAllowsThem() {
        assertThat(found(
                        "0 2147483647",
                        false,
                        "ping",
                        "0",
                        "127.0.0.1",
                        "ping",
                        "0",
                        "::1",
                        "ping",
                        "0",
                        SILENT,
                        "ping",
                        "0",
                        MARKED))
                .containsExactly(
                        "echo reply", "echo reply", "ping: no echo reply within 1s", "ping: network is unreachable");
    }

    @Test
    void rawSocketsPingWhereItDoesNot() {
        assertThat(found("1 0", true, "ping", "0", "127.0.0.1", "ping", "0", "::1", "ping", "0", SILENT))
                .containsExactly("echo reply", "echo reply", "ping: no echo reply within 1s");
    }

    @Test
    void withNeitherAnAttemptSaysWhatToSet() {
        assertThat(found("1 0", false, "ping", "0", "127.0.0.1", "ping", "0", "::1"))
                .containsExactly(FORBIDDEN, FORBIDDEN.replace("ICMP:", "ICMPv6:"));
    }

    @Test
    void markedPacketsTakeTheRouteOfTheirMark() {
        assertThat(found(
                        "0 2147483647",
                        true,
                        "tcp",
                        "7",
                        MARKED,
                        "tcp",
                        "8",
                        MARKED,
                        "tcp",
                        "0",
                        MARKED,
                        "ping",
                        "7",
                        MARKED,
                        "ping",
                        "8",
                        MARKED))
                .containsExactly(
                        "connect: no answer within 1s", // there is a way, but nobody answers
                        "connect: no route to host",
                        "connect: no route to host",
                        "ping: no echo reply within 1s",
                        "ping: network is unreachable");
    }

    @Test
    void aMarkThatThisProcessMayNotSetSaysNothingAboutTheServer() {
        assertThat(found("0 2147483647", false, "tcp", "7", MARKED, "ping", "7", MARKED))
                .containsExactly(
                        "inconclusive: no socket: firewallMark: operation not permitted (it needs CAP_NET_ADMIN)",
                        "inconclusive: ping: firewallMark: operation not permitted (it needs CAP_NET_ADMIN)");
    }
}
