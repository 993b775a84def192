package io.lvs4j.netty;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The ports that this host gives to outgoing connections, as Linux said when the process began ({@code ip_local_port_range});
 * elsewhere all that are not privileged.
 */
final class EphemeralPorts {
    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LAST = 65535;

    private static final int[] LIMITS = limits();

    private EphemeralPorts() {}

    static boolean contains(int port) {
        return port >= LIMITS[0] && port <= LIMITS[1];
    }

    /** Returns the first and the last port that the host names now. */
    static int[] limits() {
        // Not Files.readString: it begins with one byte, and this file gives nothing after the first read.
        try (BufferedReader file = Files.newBufferedReader(RANGE)) {
            return parse(String.valueOf(file.readLine()));
        } catch (IOException e) {
            return parse("");
        }
    }

    /** Returns the first and the last port. */
    static int[] parse(String range) {
        String[] words = range.trim().split("\\s+", -1);
        try {
            if (words.length == 2) {
                return new int[] {Integer.parseInt(words[0]), Integer.parseInt(words[1])};
            }
        } catch (NumberFormatException e) {
            // not what Linux says
        }
        return new int[] {1024, LAST};
    }
}
