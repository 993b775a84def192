package io.lvs4j.netty;

import io.lvs4j.AddressFamily;
import io.lvs4j.BackendException;
import io.lvs4j.ServiceKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this host takes packets that are addressed to clients for its own, which answers to a connection with a client's source
 * address are: a rule must lead them to a routing table whose default route is local. See {@code tproxy.rst} of the kernel's
 * documentation. What marks the packets is not looked at: it may be iptables, nftables or the rule itself.
 */
final class TransparentRouting {
    private static final Logger log = LoggerFactory.getLogger(TransparentRouting.class);
    private static final long PATIENCE_SECONDS = 10;
    private static final int MAX_OUTPUT = 1 << 20;
    private static final Pattern TABLE = Pattern.compile("\\blookup (\\S+)");
    private static final Pattern LOCAL_DEFAULT =
            Pattern.compile("^local (default|0\\.0\\.0\\.0/0|::/0)\\s", Pattern.MULTILINE);

    private TransparentRouting() {}

    static void require(AddressFamily family, ServiceKey service) {
        String reason = missing(family);
        if (reason != null) {
            throw new BackendException("transparent", service.toString(), reason, null);
        }
    }

    /** Returns what is missing and what to do, or null if nothing is, or if nobody can say. */
    private static @Nullable String missing(AddressFamily family) {
        try {
            EpollSockets.requireTransparent(family);
        } catch (IOException e) {
            return "IP_TRANSPARENT: " + TcpService.reason(e)
                    + " (expected: the capability CAP_NET_ADMIN or CAP_NET_RAW), give it to this process, or use full-nat";
        }
        try {
            return leadsHere(family) ? null : advice(family);
        } catch (IOException e) {
            log.warn("Routes for answers to clients' addresses could not be looked at: {}", e.getMessage());
            return null;
        }
    }

    private static boolean leadsHere(AddressFamily family) throws IOException {
        String version = version(family);
        Matcher tables = TABLE.matcher(run(List.of("ip", version, "-o", "rule", "show")));
        while (tables.find()) {
            String table = tables.group(1);
            boolean own = table.equals("local") || table.equals("main") || table.equals("default");
            if (!own
                    && LOCAL_DEFAULT
                            .matcher(run(List.of("ip", version, "route", "show", "table", table)))
                            .find()) {
                return true;
            }
        }
        return false;
    }

    private static String advice(AddressFamily family) {
        String ip = "ip " + version(family) + " ";
        return "no routing rule leads to a table whose default route is local (expected: answers of servers to"
                + " clients' addresses are delivered here), as root: "
                + ip + "rule add fwmark 1 lookup 100; "
                + ip + "route add local default dev lo table 100; "
                + (family == AddressFamily.INET ? "iptables" : "ip6tables")
                + " -t mangle -A PREROUTING -m socket --transparent -j MARK --set-mark 1;"
                + " and let this host be the servers' way to clients";
    }

    private static String version(AddressFamily family) {
        return family == AddressFamily.INET ? "-4" : "-6";
    }

    /** Returns what a program has written, nothing if it has failed: a table may be gone meanwhile. */
    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream output = process.getInputStream()) {
            process.getOutputStream().close();
            // A program that hangs ends here, and reading with it.
            process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).whenComplete((ended, late) -> {
                if (late != null) {
                    process.destroyForcibly();
                }
            });
            return new String(output.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }
}
