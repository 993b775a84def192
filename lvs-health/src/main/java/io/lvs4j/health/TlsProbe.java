package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTarget;
import io.lvs4j.check.TlsCheck;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.function.Consumer;

/** Passes once the TLS handshake is complete, and says goodbye at once. */
final class TlsProbe implements Probe {
    private final ServerKey asked;
    private final CheckTarget target;
    private final Sockets sockets;
    private final Optional<ProxyProtocol.Version> greeting;
    private final TlsClient tls;

    TlsProbe(ServerKey server, TlsCheck check, Sockets sockets, Optional<ProxyProtocol.Version> greeting, Trust trust) {
        this.target = check.target();
        this.asked = target.of(server);
        this.sockets = sockets;
        this.greeting = greeting;
        String name = check.serverName().orElseGet(asked.address()::getHostAddress);
        this.tls = new TlsClient(name, asked.port(), check.tls(), trust.of(check.tls()));
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        return sockets.connect(asked, target, greeting, new HandshakeAttempt(sockets.nextLoop(), tls, outcome));
    }

    private static final class HandshakeAttempt extends TlsAttempt {
        HandshakeAttempt(EventLoop loop, TlsClient tls, Consumer<CheckResult> outcome) {
            super(loop, tls, outcome);
        }

        @Override
        void ready(Channel channel) {
            String protocol = handler(channel).engine().getSession().getProtocol();
            answered(channel, CheckResult.passed("handshake " + protocol));
            handler(channel).closeOutbound(); // a server that hears goodbye closes, and sees no reset
        }

        @Override
        void received(Channel channel, Object message) {}
    }
}
