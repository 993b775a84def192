package io.lvs4j.examples;

import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.GlobalSettings;
import io.lvs4j.keepalived.KeepalivedConfig;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import io.lvs4j.keepalived.syntax.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What {@code global_defs} says about connections and the kernel's table, on a backend that is not the kernel. */
final class GlobalDefs {
    private static final String BLOCK = "global_defs";
    private static final Set<String> KERNELS =
            Set.of("lvs_flush", "lvs_flush_on_stop", "lvs_flush_onstop", "lvs_sync_daemon");

    private GlobalDefs() {}

    /** Returns a service with the timeouts that the kernel would have been given for all. */
    static VirtualService apply(VirtualService service, GlobalSettings global) {
        ConnectionTimeouts timeouts = service.timeouts();
        timeouts = said(global.tcpTimeout()).map(timeouts::withIdle).orElse(timeouts);
        timeouts = said(global.tcpFinTimeout()).map(timeouts::withHalfClosed).orElse(timeouts);
        timeouts = said(global.udpTimeout()).map(timeouts::withUdp).orElse(timeouts);
        return timeouts.equals(service.timeouts()) ? service : with(service, timeouts);
    }

    private static Optional<Duration> said(Optional<Duration> timeout) {
        return timeout.filter(time -> !time.isZero());
    }

    private static VirtualService with(VirtualService service, ConnectionTimeouts timeouts) {
        return new VirtualService(
                service.key(),
                service.scheduling(),
                service.onePacketScheduling(),
                service.forwarding(),
                service.persistence(),
                service.poolRules(),
                timeouts,
                service.proxyProtocol(),
                service.access(),
                service.limits(),
                service.serverNames(),
                service.healthChecks(),
                service.realServers(),
                service.namedServers());
    }

    /** Returns what is said there and means nothing without the kernel. */
    static List<Diagnostic> notes(KeepalivedConfig config) {
        return config.tree().statements().stream()
                .filter(block -> block.keyword().text().equals(BLOCK))
                .flatMap(block -> block.block().stream())
                .flatMap(block -> block.statements().stream())
                .flatMap(GlobalDefs::note)
                .toList();
    }

    private static Stream<Diagnostic> note(Statement statement) {
        return Stream.of(statement.keyword())
                .filter(keyword -> KERNELS.contains(keyword.text()))
                .map(keyword -> new Diagnostic(
                        Severity.NOTE,
                        "not-carried-out",
                        keyword.at(),
                        keyword.text() + ": the kernel's table is not used",
                        Optional.empty()));
    }
}
