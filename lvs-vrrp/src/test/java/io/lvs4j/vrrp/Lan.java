package io.lvs4j.vrrp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hosts on one network: each a network namespace whose {@code eth0} leads to a switch, a bridge in a namespace of its own. Host 1 has 10.77.0.1/24 and
 * fd77::1/64, and so on. Needs root.
 */
final class Lan implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final String prefix = "lvsv" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + "-";
    private final int hosts;

    /** Makes so many hosts. */
    Lan(int hosts) {
        this.hosts = hosts;
        ip("netns add " + prefix + "switch");
        ip("-n " + prefix + "switch link add br0 type bridge mcast_snooping 0 forward_delay 0");
        ip("-n " + prefix + "switch link set br0 up");
        for (int host = 1; host <= hosts; host++) {
            ip("netns add " + prefix + host);
            ip("link add eth0 netns " + prefix + host + " type veth peer name port" + host + " netns " + prefix
                    + "switch");
            ip("-n " + prefix + "switch link set port" + host + " master br0 up");
            ip(host, "link set lo up");
            ip(host, "link set eth0 addrgenmode none");
            ip(host, "link set eth0 up");
            ip(host, "address add " + address(host) + "/24 dev eth0");
            ip(host, "address add fd77::" + host + "/64 dev eth0 nodad");
            ip(host, "address add fe80::" + host + "/64 dev eth0 nodad");
        }
        for (int host = 1; host <= hosts; host++) {
            awaitCarrier(host);
        }
    }

    private void awaitCarrier(int host) {
        long begin = System.nanoTime();
        while (!ip(host, "link show dev eth0").contains("state UP")) {
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new IllegalStateException("no carrier on host " + host);
            }
        }
    }

    /** Returns a host's IPv4 address. */
    static String address(int host) {
        return "10.77.0." + host;
    }

    /** Returns the file of a host's namespace. */
    String namespace(int host) {
        return "/run/netns/" + prefix + host;
    }

    /** Returns the file of the switch's namespace; its {@code br0} hears what all hosts send to groups. */
    String switchNamespace() {
        return "/run/netns/" + prefix + "switch";
    }

    /** Returns how many hosts there are. */
    int hosts() {
        return hosts;
    }

    /** Returns the words before a command that is to run on a host. */
    List<String> on(int host) {
        return List.of("ip", "netns", "exec", prefix + host);
    }

    /** Runs {@code ip} on a host; returns what it prints. */
    String ip(int host, String arguments) {
        return ip("-n " + prefix + host + " " + arguments);
    }

    /** Lets a host hear IPv4 packets that claim to come from itself, which kernels drop. */
    void acceptOwnAddresses(int host) {
        run(Stream.concat(on(host).stream(), Stream.of("sysctl", "-qw", "net.ipv4.conf.all.accept_local=1"))
                .collect(Collectors.toList()));
    }

    /** Lets a host note who announces an address that it has not asked for. */
    void acceptAnnouncements(int host) {
        run(Stream.concat(on(host).stream(), Stream.of("sysctl", "-qw", "net.ipv4.conf.eth0.arp_accept=1"))
                .collect(Collectors.toList()));
    }

    /** Plugs a host's cable in at the switch, or out. */
    void plug(int host, boolean in) {
        ip("-n " + prefix + "switch link set port" + host + (in ? " up" : " down"));
    }

    /** Lets a port of the switch forward, or drop what comes and goes, while the cable stays in. */
    void divide(int host, boolean away) {
        ip("-n " + prefix + "switch link set port" + host + (away ? " nomaster" : " master br0"));
    }

    /** Whether a host has an address now. */
    boolean has(int host, String address) {
        return ip(host, "-o address show to " + address).contains(address);
    }

    /** Returns the hosts that have an address now. */
    List<Integer> holders(String address) {
        List<Integer> holders = new ArrayList<>();
        for (int host = 1; host <= hosts; host++) {
            if (has(host, address)) {
                holders.add(host);
            }
        }
        return holders;
    }

    static String ip(String arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ", -1)));
        return run(command);
    }

    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (int host = 1; host <= hosts; host++) {
            ip("netns del " + prefix + host);
        }
        ip("netns del " + prefix + "switch");
    }
}
