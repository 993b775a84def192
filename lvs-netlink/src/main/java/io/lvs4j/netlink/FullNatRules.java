package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.BackendException;
import io.lvs4j.netlink.socket.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the source of what IPVS sends to real servers, which IPVS itself does not: one rule per service of the kernel, in
 * POSTROUTING of the table nat. It matches by what IPVS says of a packet ({@code -m ipvs}), and not by a mark set in PREROUTING:
 * marks are the operator's, who may have a service by mark or routing by mark, and one rule cannot be half there.
 *
 * <p>A rule says all of its service, and its comment says whose it is: so the one that a crash has left behind is found again, and
 * nothing else is ever removed.
 */
final class FullNatRules {
    private static final long PATIENCE_SECONDS = 10;
    private static final String LOCK_SECONDS = "5";
    private static final int NO_SUCH_RULE = 1;

    private final Optional<String> namespace;

    FullNatRules(Optional<String> namespace) {
        this.namespace = namespace;
    }

    /** Returns whether the rule had to be installed. */
    boolean install(IpvsServiceKey service) {
        return !installed(service) && run("-A", service).succeeded(service);
    }

    /** Removes the rule, if it is there. Returns whether it was. */
    boolean remove(IpvsServiceKey service) {
        return installed(service) && run("-D", service).succeeded(service);
    }

    private boolean installed(IpvsServiceKey service) {
        Result result = run("-C", service);
        return result.status != NO_SUCH_RULE && result.succeeded(service);
    }

    private record Result(List<String> command, int status, String output) {
        boolean succeeded(IpvsServiceKey service) {
            if (status != 0) {
                throw failed(service, String.join(" ", command) + ": " + output.trim(), null);
            }
            return true;
        }
    }

    private static BackendException failed(IpvsServiceKey service, String reason, @Nullable Exception cause) {
        return new BackendException("full NAT", service.toString(), reason, cause);
    }

    private Result run(String action, IpvsServiceKey service) {
        // The program is in the namespace of the thread that starts it.
        return NetworkNamespace.in(namespace, () -> run(command(action, service), service));
    }

    private static Result run(List<String> command, IpvsServiceKey service) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw failed(service, command.get(0) + " took longer than " + PATIENCE_SECONDS + " s", null);
                }
                // What it says of one rule fits in the pipe.
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return new Result(command, process.exitValue(), output);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw failed(service, e.getMessage() + "; install " + command.get(0), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(service, "interrupted while " + command.get(0) + " ran", e);
        }
    }

    /** Returns the program and its arguments that add ({@code -A}), find ({@code -C}) or delete ({@code -D}) a rule. */
    static List<String> command(String action, IpvsServiceKey service) {
        List<String> command = new ArrayList<>(List.of(
                service.family() == AddressFamily.INET ? "iptables" : "ip6tables",
                "-w",
                LOCK_SECONDS,
                "-t",
                "nat",
                action,
                "POSTROUTING"));
        if (service instanceof IpvsServiceKey.Address address) {
            command.addAll(List.of(
                    "-m",
                    "ipvs",
                    "--vproto",
                    address.protocol().toString(),
                    "--vaddr",
                    address.address().getHostAddress(),
                    "--vport",
                    Integer.toString(address.port())));
        } else if (service instanceof IpvsServiceKey.FirewallMark mark) {
            command.addAll(List.of("-m", "mark", "--mark", Long.toString(mark.mark()), "-m", "ipvs", "--ipvs"));
        }
        command.addAll(List.of("--vmethod", "MASQ", "-m", "comment", "--comment", "lvs4j:" + service));
        command.addAll(List.of("-j", "MASQUERADE"));
        return command;
    }
}
