package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An attempt that completes a TLS handshake before it says anything, if it is given TLS to speak. */
abstract class TlsAttempt extends SocketAttempt {
    private final @Nullable TlsClient tls;

    TlsAttempt(EventLoop loop, @Nullable TlsClient tls, Consumer<CheckResult> outcome) {
        super(loop, outcome);
        this.tls = tls;
    }

    @Override
    final void addTo(ChannelPipeline pipeline) {
        if (tls != null) {
            pipeline.addLast(tls.newHandler());
        }
        addDecoders(pipeline);
        pipeline.addLast(this);
    }

    /** Adds what stands between TLS and this handler. */
    void addDecoders(ChannelPipeline pipeline) {}

    /** Called when everything that is sent from now on reaches the server. */
    abstract void ready(Channel channel);

    /** Returns the handler that speaks TLS. */
    static SslHandler handler(Channel channel) {
        return channel.pipeline().get(SslHandler.class);
    }

    @Override
    final void connected(Channel channel) {
        if (tls == null) {
            ready(channel);
        } else {
            enter(Phase.TLS);
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                ready(ctx.channel());
            } else {
                failed(ctx.channel(), whenFailed(handshake.cause()));
            }
        }
    }

    @Override
    String whenEnded() {
        return phase() == Phase.TLS ? TlsWording.CLOSED : super.whenEnded();
    }

    @Override
    String whenFailed(Throwable cause) {
        return phase() == Phase.TLS ? TlsWording.of(cause) : super.whenFailed(cause);
    }
}
