package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.GrpcCheck;
import io.lvs4j.check.Tls;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls a server's own health service; each call is a {@link GrpcAttempt} over a connection of its own. */
final class GrpcProbe implements Probe {
    private final GrpcCheck check;
    private final ServerKey asked;
    private final Sockets sockets;
    private final Optional<ProxyProtocol.Version> greeting;
    private final @Nullable TlsClient tls;

    /** @param trust who vouches for certificates; asked only if the check speaks TLS */
    GrpcProbe(
            ServerKey server, GrpcCheck check, Sockets sockets, Optional<ProxyProtocol.Version> greeting, Trust trust) {
        this.check = check;
        this.asked = check.target().of(server);
        this.sockets = sockets;
        this.greeting = greeting;
        String name = check.serverName().orElseGet(asked.address()::getHostAddress);
        this.tls = check.tls() == Tls.NONE
                ? null
                : new TlsClient(name, asked.port(), check.tls(), trust.of(check.tls()), GrpcAttempt.ALPN);
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        return sockets.connect(
                asked,
                check.target(),
                greeting,
                new GrpcAttempt(sockets.nextLoop(), tls, headers(), check.service(), outcome));
    }

    /** Returns the request's headers: "Requests" in gRPC's protocol description. */
    private Http2Headers headers() {
        return new DefaultHttp2Headers()
                .method("POST")
                .scheme(tls == null ? "http" : "https")
                .path("/grpc.health.v1.Health/Check")
                .authority(check.serverName().orElseGet(asked::toString))
                .add("te", "trailers")
                .add("grpc-timeout", check.timing().timeout().toMillis() + "m")
                .add("content-type", "application/grpc")
                .add("user-agent", "lvs4j-health");
    }
}
