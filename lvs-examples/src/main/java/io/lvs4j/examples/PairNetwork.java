package io.lvs4j.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The hosts of {@code lvs pair}: network namespaces, each with an interface {@code br0} that leads to a switch. Needs root and {@code ip}. */
final class PairNetwork implements AutoCloseable {
    private static final String SWITCH = "switch";
    /** Where ip has a file for each. */
    private static final Path NAMESPACES = Path.of("/run/netns");
    /** Ctrl-C is for all processes of a terminal, so that one that removes a namespace may end before it has done so. */
    private static final int TRIES = 5;

    private final String prefix = "lvs-pair-" + ProcessHandle.current().pid() + "-";
    private final Map<String, String> hosts;
    private final List<String> made = new ArrayList<>();

    /**
     * Makes hosts.
     *
     * @param addresses their addresses, such as {@code 10.100.0.2/21}, by name
     * @throws IllegalArgumentException if that is not possible here; nothing is left behind
     */
    PairNetwork(Map<String, String> addresses) {
        hosts = new LinkedHashMap<>(addresses);
        try {
            add(SWITCH);
            ip("-n", prefix + SWITCH, "link", "add", "br0", "type", "bridge", "forward_delay", "0");
            ip("-n", prefix + SWITCH, "link", "set", "br0", "up");
            hosts.forEach(this::addHost);
        } catch (IllegalArgumentException | IllegalStateException e) {
            close();
            throw e;
        }
    }

    private void add(String name) {
        made.add(name); // before: whoever is interrupted meanwhile may have made it
        ip("netns", "add", prefix + name);
        ip("-n", prefix + name, "link", "set", "lo", "up");
    }

    private void addHost(String name, String address) {
        add(name);
        ip(
                "link",
                "add",
                "br0",
                "netns",
                prefix + name,
                "type",
                "veth",
                "peer",
                "name",
                name,
                "netns",
                prefix + SWITCH);
        ip("-n", prefix + SWITCH, "link", "set", name, "master", "br0", "up");
        ip("-n", prefix + name, "link", "set", "br0", "up");
        ip("-n", prefix + name, "address", "add", address, "dev", "br0");
    }

    /** Returns a command as it is run on a host. */
    List<String> on(String host, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", prefix + host));
        all.addAll(command);
        return all;
    }

    /** Returns the hosts that have an address now. */
    List<String> holders(String address) {
        return hosts.keySet().stream()
                .filter(host -> ip("-n", prefix + host, "-o", "address", "show", "to", address)
                        .contains(address))
                .toList();
    }

    private static String ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        String text = String.join(" ", command);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalArgumentException(
                        text + ": " + output + " (expected: to make network namespaces, as root)");
            }
            return output;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    text + ": " + e.getMessage() + " (expected: the program ip of iproute2)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(text, e);
        }
    }

    @Override
    public void close() {
        for (String name : made) {
            Path file = NAMESPACES.resolve(prefix + name);
            for (int i = 0; i < TRIES && Files.exists(file, LinkOption.NOFOLLOW_LINKS); i++) {
                try {
                    ip("netns", "del", prefix + name);
                } catch (IllegalArgumentException e) {
                    if (i == TRIES - 1) {
                        throw e;
                    }
                }
            }
        }
        made.clear();
    }
}
