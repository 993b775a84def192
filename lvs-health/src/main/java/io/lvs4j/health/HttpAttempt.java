package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One GET request, the head of its response, at most 16 KiB, and its body if the page's digest or pattern needs it. Interim
 * responses (1xx) are skipped, as RFC 9110 section 15.2 asks, except 101, which nobody asked for.
 */
final class HttpAttempt extends TlsAttempt {
    private static final int MAX_LINE_BYTES = 4 * 1024;
    private static final int MAX_HEADERS_BYTES = 12 * 1024;

    private final HttpPage page;
    private @Nullable HttpBody body; // once the head has been found good

    HttpAttempt(EventLoop loop, HttpPage page, Consumer<CheckResult> outcome) {
        super(loop, page.tls(), outcome);
        this.page = page;
    }

    @Override
    void addDecoders(ChannelPipeline pipeline) {
        // Only status and body count, so headers that are not quite right are no reason to call a server down.
        pipeline.addLast(new HttpResponseDecoder(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADERS_BYTES)
                .setStrictLineParsing(false)
                .setValidateHeaders(false)));
    }

    @Override
    void ready(Channel channel) {
        enter(Phase.REQUEST);
        channel.writeAndFlush(Unpooled.copiedBuffer(page.request(), StandardCharsets.US_ASCII))
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        failed(channel, Wording.of(written.cause()));
                    } else if (phase() == Phase.REQUEST) {
                        enter(Phase.RESPONSE);
                    }
                });
    }

    @Override
    void received(Channel channel, Object message) {
        if (message instanceof HttpResponse response) {
            head(channel, response);
        } else if (message instanceof HttpContent content && body != null) {
            body(channel, content, body);
        }
    }

    private void head(Channel channel, HttpResponse response) {
        enter(Phase.RESPONSE);
        int code = response.status().code();
        if (response.decoderResult().isFailure()) {
            failed(channel, whatIsWrong(response.decoderResult()));
        } else if (!response.protocolVersion().protocolName().equals("HTTP")) {
            failed(channel, "not HTTP");
        } else if (isInterim(response.status())) {
            return;
        } else if (!page.url().accepts(code)) {
            String expected = " (expected: " + page.url().statusText() + ")";
            answered(channel, CheckResult.failed("status", code + expected));
        } else if (page.url().judgesBody()) {
            enter(Phase.BODY);
            body = new HttpBody(page, code);
        } else {
            answered(channel, CheckResult.passed("status " + code));
        }
    }

    private void body(Channel channel, HttpContent content, HttpBody collected) {
        if (content.decoderResult().isFailure()) {
            failed(channel, whatIsWrong(content.decoderResult()));
            return;
        }
        collected.add(content.content());
        if (content instanceof LastHttpContent) {
            answered(channel, collected.judge());
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

    @Override
    String whenEnded() {
        if (phase() == Phase.BODY) {
            return "closed before its end";
        }
        return phase() == Phase.RESPONSE ? "closed before a status line" : super.whenEnded();
    }
}
