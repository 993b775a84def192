package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HttpCheck;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One GET request and the head of its response, at most 16 KiB. The body is of no interest. Interim responses (1xx) are
 * skipped, as RFC 9110 section 15.2 asks, except 101, which nobody asked for.
 */
final class HttpAttempt extends SocketAttempt {
    private static final int MAX_LINE_BYTES = 4 * 1024;
    private static final int MAX_HEADERS_BYTES = 12 * 1024;

    private final HttpCheck check;
    private final byte[] request;
    private final @Nullable TlsClient tls;

    HttpAttempt(
            EventLoop loop, HttpCheck check, byte[] request, @Nullable TlsClient tls, Consumer<CheckResult> outcome) {
        super(loop, outcome);
        this.check = check;
        this.request = request;
        this.tls = tls;
    }

    @Override
    void addTo(ChannelPipeline pipeline) {
        if (tls != null) {
            pipeline.addLast(tls.newHandler());
        }
        // Only the status counts, so headers that are not quite right are no reason to call a server down.
        pipeline.addLast(new HttpResponseDecoder(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADERS_BYTES)
                .setStrictLineParsing(false)
                .setValidateHeaders(false)));
        pipeline.addLast(this);
    }

    @Override
    void connected(Channel channel) {
        if (tls == null) {
            ask(channel);
        } else {
            enter(Phase.TLS);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                ask(ctx.channel());
            } else {
                failed(ctx.channel(), whenFailed(handshake.cause()));
            }
        }
    }

    private void ask(Channel channel) {
        enter(Phase.REQUEST);
        channel.writeAndFlush(Unpooled.wrappedBuffer(request)).addListener(written -> {
            if (written.isSuccess()) {
                enter(Phase.RESPONSE);
            } else {
                failed(channel, Wording.of(written.cause()));
            }
        });
    }

    @Override
    void received(Channel channel, Object message) {
        if (message instanceof HttpResponse response) {
            enter(Phase.RESPONSE);
            if (response.decoderResult().isFailure()) {
                failed(channel, whatIsWrong(response.decoderResult()));
            } else if (!response.protocolVersion().protocolName().equals("HTTP")) {
                failed(channel, "not HTTP");
            } else if (!isInterim(response.status())) {
                answered(channel, judgeStatus(response.status().code()));
            }
        }
    }

    private static String whatIsWrong(DecoderResult result) {
        Throwable cause = result.cause();
        if (cause instanceof TooLongFrameException) {
            return "header larger than " + (MAX_LINE_BYTES + MAX_HEADERS_BYTES) / 1024 + " KiB";
        }
        return cause instanceof PrematureChannelClosureException ? "closed within the header" : "not HTTP";
    }

    private static boolean isInterim(HttpResponseStatus status) {
        return status.codeClass() == HttpStatusClass.INFORMATIONAL && status.code() != 101;
    }

    private CheckResult judgeStatus(int code) {
        return check.accepts(code)
                ? CheckResult.passed("status " + code)
                : CheckResult.failed("status", code + " (expected: " + check.statusText() + ")");
    }

    @Override
    String whenEnded() {
        if (phase() == Phase.TLS) {
            return TlsWording.CLOSED;
        }
        return phase() == Phase.RESPONSE ? "closed before a status line" : "closed";
    }

    @Override
    String whenFailed(Throwable cause) {
        return phase() == Phase.TLS ? TlsWording.of(cause) : Wording.of(cause);
    }
}
