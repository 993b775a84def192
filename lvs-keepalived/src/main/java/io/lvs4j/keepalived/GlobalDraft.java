package io.lvs4j.keepalived;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code global_defs}, as it is read. Not thread-safe. */
final class GlobalDraft {
    final Map<String, Duration> timeouts = new HashMap<>();
    final VrrpDefaults vrrp = new VrrpDefaults();

    @Nullable
    String routerId;

    @Nullable
    String scriptUser;

    @Nullable
    String scriptGroup;

    Optional<ConnectionSync> connectionSync = Optional.empty();
    boolean scriptSecurity;
    boolean flush;
    boolean flushOnStop;

    GlobalSettings settings() {
        return new GlobalSettings(
                Optional.ofNullable(routerId),
                Optional.ofNullable(timeouts.get("tcp")),
                Optional.ofNullable(timeouts.get("tcpfin")),
                Optional.ofNullable(timeouts.get("udp")),
                flush,
                flushOnStop,
                Optional.ofNullable(scriptUser),
                Optional.ofNullable(scriptGroup),
                scriptSecurity,
                connectionSync);
    }
}
