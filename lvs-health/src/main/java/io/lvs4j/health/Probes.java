package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CustomCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.TcpCheck;
import io.netty.channel.EventLoopGroup;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the probe of each kind of check. Thread-safe. */
final class Probes {
    private static final Logger log = LoggerFactory.getLogger(Probes.class);

    private final Sockets sockets;
    private final EventLoopGroup loops;
    private final Trust trust;

    Probes(Sockets sockets, EventLoopGroup loops, Trust trust) {
        this.sockets = sockets;
        this.loops = loops;
        this.trust = trust;
    }

    /**
     * Returns what asks a server.
     *
     * @throws IllegalArgumentException if the check cannot ask this server
     */
    Probe of(ServerKey server, HealthCheck check, Optional<ProxyProtocol.Version> greeting) {
        if (check instanceof TcpCheck) {
            return new TcpProbe(sockets, greeting);
        }
        if (check instanceof HttpCheck http) {
            if (http.tls() == HttpCheck.Tls.INSECURE) {
                log.warn("Check {} of {} accepts any certificate (insecure)", http.describe(), server);
            }
            return new HttpProbe(server, http, sockets, greeting, trust);
        }
        if (check instanceof CustomCheck custom) {
            return new CustomProbe(custom, loops);
        }
        throw new IllegalArgumentException("check: " + check + " (expected: a kind that this monitor knows)");
    }
}
