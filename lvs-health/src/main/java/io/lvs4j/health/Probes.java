package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.AgentCheck;
import io.lvs4j.check.CustomCheck;
import io.lvs4j.check.DnsCheck;
import io.lvs4j.check.FileCheck;
import io.lvs4j.check.GrpcCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.check.PingCheck;
import io.lvs4j.check.SmtpCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.check.Tls;
import io.lvs4j.check.TlsCheck;
import io.lvs4j.check.UdpCheck;
import io.netty.channel.EventLoopGroup;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the probe of each kind of check. Thread-safe. */
final class Probes {
    private static final Logger log = LoggerFactory.getLogger(Probes.class);

    private final Sockets sockets;
    private final EventLoopGroup loops;
    private final Trust trust;
    private final Pings pings;
    private final Programs programs = new Programs();
    private final ExecutorService files = FileReader.create();

    Probes(Sockets sockets, EventLoopGroup loops, Trust trust) {
        this.sockets = sockets;
        this.loops = loops;
        this.trust = trust;
        this.pings = new Pings(sockets);
    }

    /**
     * Returns what asks a server.
     *
     * @throws IllegalArgumentException if the check cannot ask this server
     */
    Probe of(ServerKey server, HealthCheck check, Optional<ProxyProtocol.Version> greeting) {
        sockets.require(server, check.target());
        if (check instanceof TcpCheck) {
            return new TcpProbe(check.target(), sockets, greeting);
        }
        if (check instanceof HttpCheck http) {
            return new HttpProbe(server, http, sockets, greeting, trust);
        }
        if (check instanceof TlsCheck tls) {
            return new TlsProbe(server, tls, sockets, greeting, trust);
        }
        if (check instanceof SmtpCheck smtp) {
            return new SmtpProbe(smtp, sockets, greeting);
        }
        if (check instanceof GrpcCheck grpc) {
            return new GrpcProbe(server, grpc, sockets, greeting, trust);
        }
        if (check instanceof AgentCheck agent) {
            return new AgentProbe(agent, sockets, greeting);
        }
        if (check instanceof DnsCheck dns) {
            return new DnsProbe(dns, sockets);
        }
        if (check instanceof UdpCheck udp) {
            return new UdpProbe(udp, sockets);
        }
        if (check instanceof PingCheck ping) {
            return pings.probe(ping);
        }
        if (check instanceof MiscCheck misc) {
            return new MiscProbe(misc, programs);
        }
        if (check instanceof FileCheck file) {
            return new FileProbe(file, files);
        }
        if (check instanceof CustomCheck custom) {
            return new CustomProbe(custom, loops);
        }
        throw new IllegalArgumentException("check: " + check + " (expected: a kind that this monitor knows)");
    }

    /** Ends what attempts run on besides event loops. */
    void close() {
        programs.close();
        FileReader.close(files);
    }

    /** Warns of a check that proves less than one would think. */
    static void warn(ServerKey server, HealthCheck check) {
        boolean insecure = (check instanceof HttpCheck http && http.tls() == Tls.INSECURE)
                || (check instanceof TlsCheck tls && tls.tls() == Tls.INSECURE)
                || (check instanceof GrpcCheck grpc && grpc.tls() == Tls.INSECURE);
        if (insecure) {
            log.warn("Check {} of {} accepts any certificate (insecure)", check.describe(), server);
        }
    }
}
