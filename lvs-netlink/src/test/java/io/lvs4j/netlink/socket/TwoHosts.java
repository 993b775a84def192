package io.lvs4j.netlink.socket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Two hosts, each a network namespace with an interface {@code eth0} that leads to the other's. */
public final class TwoHosts implements AutoCloseable {
    /** The address of the left one. */
    public static final String LEFT_ADDRESS = "10.66.0.1";
    /** The other host's address. */
    public static final String RIGHT_ADDRESS = "10.66.0.2";
    /** The address of the left one. */
    public static final String LEFT_ADDRESS_V6 = "fd66::1";
    /** The other host's address. */
    public static final String RIGHT_ADDRESS_V6 = "fd66::2";

    /** The address of the left one. */
    public static final String LEFT_LINK_LOCAL = "fe80::1";
    /** The other host's address. */
    public static final String RIGHT_LINK_LOCAL = "fe80::2";

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String left;
    private final String right;

    /** Makes both. */
    public TwoHosts() {
        String name = "lvs-edge-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        left = name + "l";
        right = name + "r";
        ip("netns add " + left);
        ip("netns add " + right);
        ip("link add eth0 netns " + left + " type veth peer name eth0 netns " + right);
        prepare(left, LEFT_ADDRESS, LEFT_ADDRESS_V6, LEFT_LINK_LOCAL);
        prepare(right, RIGHT_ADDRESS, RIGHT_ADDRESS_V6, RIGHT_LINK_LOCAL);
        awaitCarrier(left);
        awaitCarrier(right);
    }

    private static void prepare(String name, String... addresses) {
        ip("-n " + name + " link set lo up");
        ip("-n " + name + " link set eth0 addrgenmode none");
        ip("-n " + name + " link set eth0 up");
        for (String address : addresses) {
            ip("-n " + name + " address add " + address + (address.contains(":") ? "/64 nodad" : "/24") + " dev eth0");
        }
    }

    private static void awaitCarrier(String name) {
        long begin = System.nanoTime();
        while (!ip("-n " + name + " link show dev eth0").contains("state UP")) {
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new IllegalStateException("no carrier in " + name);
            }
        }
    }

    /** Returns the file of the left namespace. */
    public String left() {
        return "/run/netns/" + left;
    }

    /** Returns the file of the right namespace. */
    public String right() {
        return "/run/netns/" + right;
    }

    /** Runs {@code ip} in the left one; returns what it writes. */
    public String leftIp(String arguments) {
        return ip("-n " + left + " " + arguments);
    }

    /** Runs {@code ip} in the right one; returns what it writes. */
    public String rightIp(String arguments) {
        return ip("-n " + right + " " + arguments);
    }

    /** Does something on the left. */
    public <T> T onLeft(Callable<T> job) {
        return NetworkNamespace.call(left(), job);
    }

    /** Does something on the right. */
    public <T> T onRight(Callable<T> job) {
        return NetworkNamespace.call(right(), job);
    }

    private static String ip(String arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ", -1)));
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
        ip("netns del " + left);
        ip("netns del " + right);
    }
}
