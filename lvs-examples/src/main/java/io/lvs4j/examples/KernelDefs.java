package io.lvs4j.examples;

import io.lvs4j.keepalived.GlobalSettings;
import io.lvs4j.netlink.Ipvs;
import io.lvs4j.netlink.IpvsTimeouts;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries out on the kernel's table what {@code global_defs} says about all of it. Thread-safe. */
final class KernelDefs {
    private @Nullable IpvsTimeouts original;
    private boolean flushOnStop;
    private boolean stopped;

    /** At the start, before there is a service. */
    synchronized void start(GlobalSettings global) {
        if (global.flush() && !stopped) {
            try (Ipvs ipvs = Ipvs.open()) {
                ipvs.flush();
            }
        }
        change(global);
    }

    /** At the start, and when the file has been read again. Timeouts that it no longer says are what they were. */
    synchronized void change(GlobalSettings global) {
        if (stopped) {
            return;
        }
        flushOnStop = global.flushOnStop();
        boolean says = global.tcpTimeout().isPresent()
                || global.tcpFinTimeout().isPresent()
                || global.udpTimeout().isPresent();
        if (!says && original == null) {
            return;
        }
        try (Ipvs ipvs = Ipvs.open()) {
            IpvsTimeouts before = original == null ? ipvs.timeouts() : original;
            ipvs.timeouts(new IpvsTimeouts(
                    or(global.tcpTimeout(), before.tcp()),
                    or(global.tcpFinTimeout(), before.tcpFin()),
                    or(global.udpTimeout(), before.udp())));
            original = before;
        }
    }

    private static Duration or(Optional<Duration> said, Duration before) {
        return said.filter(time -> !time.isZero()).orElse(before);
    }

    /** At the end, when the services have gone. */
    synchronized void stop() {
        stopped = true;
        if (original == null && !flushOnStop) {
            return;
        }
        try (Ipvs ipvs = Ipvs.open()) {
            if (original != null) {
                ipvs.timeouts(original);
            }
            if (flushOnStop) {
                ipvs.flush();
            }
        }
    }
}
