package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HttpCheck;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks one server for one page, over TLS if the check says so; the {@link HttpAttempt} is judged by the status alone. */
final class HttpProbe implements Probe {
    private final HttpCheck check;
    private final Sockets sockets;
    private final Optional<ProxyProtocol.Version> greeting;
    private final byte[] request;
    private final @Nullable TlsClient tls;

    /** @param trust who vouches for certificates; asked only if the check speaks TLS */
    HttpProbe(
            ServerKey server, HttpCheck check, Sockets sockets, Optional<ProxyProtocol.Version> greeting, Trust trust) {
        this.check = check;
        this.sockets = sockets;
        this.greeting = greeting;
        this.request = request(server, check).getBytes(StandardCharsets.US_ASCII);
        this.tls = check.tls() == HttpCheck.Tls.NONE
                ? null
                : new TlsClient(
                        tlsName(server, check.virtualHost()), server.port(), check.tls(), trust.of(check.tls()));
    }

    private static String request(ServerKey server, HttpCheck check) {
        return "GET " + check.path() + " HTTP/1.1\r\n"
                + "Host: " + check.virtualHost().orElseGet(server::toString) + "\r\n"
                + "User-Agent: lvs4j-health\r\n"
                + "Accept: */*\r\n"
                + "Connection: close\r\n"
                + "\r\n";
    }

    /** Returns the virtual host without its port, or the server's address. */
    static String tlsName(ServerKey server, Optional<String> virtualHost) {
        if (virtualHost.isEmpty()) {
            return server.address().getHostAddress();
        }
        String host = virtualHost.get();
        if (host.startsWith("[")) {
            return host.substring(1, Math.max(1, host.indexOf(']')));
        }
        int colon = host.indexOf(':');
        boolean port = colon >= 0 && colon == host.lastIndexOf(':'); // an IPv6 address has several
        return port ? host.substring(0, colon) : host;
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        return sockets.connect(server, greeting, new HttpAttempt(sockets.nextLoop(), check, request, tls, outcome));
    }
}
