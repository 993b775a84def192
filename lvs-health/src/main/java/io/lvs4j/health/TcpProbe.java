package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTarget;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Passes once the connection is established, and ends it with a FIN. The connection stays open for reading until the server
 * ends it too: closing it with a banner unread, or before the banner comes, would show the server a reset.
 */
final class TcpProbe implements Probe {
    private final CheckTarget target;
    private final Sockets sockets;
    private final Optional<ProxyProtocol.Version> greeting;

    TcpProbe(CheckTarget target, Sockets sockets, Optional<ProxyProtocol.Version> greeting) {
        this.target = target;
        this.sockets = sockets;
        this.greeting = greeting;
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        return sockets.connect(server, target, greeting, new TcpAttempt(sockets.nextLoop(), outcome));
    }

    private static final class TcpAttempt extends SocketAttempt {
        TcpAttempt(EventLoop loop, Consumer<CheckResult> outcome) {
            super(loop, outcome);
        }

        @Override
        void addTo(ChannelPipeline pipeline) {
            pipeline.addLast(this);
        }

        @Override
        void connected(Channel channel) {
            answered(channel, CheckResult.passed("connected"));
            if (channel instanceof SocketChannel socket) {
                socket.shutdownOutput();
            }
        }

        @Override
        void received(Channel channel, Object message) {}
    }
}
