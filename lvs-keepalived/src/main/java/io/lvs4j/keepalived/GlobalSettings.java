package io.lvs4j.keepalived;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code global_defs} says that concerns services and the director. Everything else there is known, and is told of as not carried out.
 *
 * @param routerId the name of this director
 * @param tcpTimeout how long the kernel keeps an idle TCP connection; 0 = as it is
 * @param tcpFinTimeout how long it keeps one that is ending; 0 = as it is
 * @param udpTimeout how long it keeps an idle UDP flow; 0 = as it is
 * @param flush whether services that are there at the start are removed
 * @param flushOnStop whether all services, of others too, are removed at the end
 * @param scriptUser who runs scripts that do not say otherwise
 * @param scriptGroup the group that runs them
 * @param scriptSecurity whether scripts that others could write are refused
 * @param connectionSync whether the kernel tells the other director of connections
 */
public record GlobalSettings(
        Optional<String> routerId,
        Optional<Duration> tcpTimeout,
        Optional<Duration> tcpFinTimeout,
        Optional<Duration> udpTimeout,
        boolean flush,
        boolean flushOnStop,
        Optional<String> scriptUser,
        Optional<String> scriptGroup,
        boolean scriptSecurity,
        Optional<ConnectionSync> connectionSync) {
    /** Requires all parts. */
    public GlobalSettings {
        Objects.requireNonNull(routerId, "routerId");
        Objects.requireNonNull(tcpTimeout, "tcpTimeout");
        Objects.requireNonNull(tcpFinTimeout, "tcpFinTimeout");
        Objects.requireNonNull(udpTimeout, "udpTimeout");
        Objects.requireNonNull(scriptUser, "scriptUser");
        Objects.requireNonNull(scriptGroup, "scriptGroup");
        Objects.requireNonNull(connectionSync, "connectionSync");
    }
}
