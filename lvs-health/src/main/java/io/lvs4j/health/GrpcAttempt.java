package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One unary call over HTTP/2: request, answer, and the trailers that say whether the call succeeded. A server that refuses the
 * call sends trailers alone. Flow control needs no care: the window is larger than {@link ReadLimit}.
 */
final class GrpcAttempt extends TlsAttempt {
    /** HTTP/2's name in TLS (RFC 9113 section 3.2). */
    static final String ALPN = "h2";

    private static final int MAX_HEADER_LIST_BYTES = 8 * 1024;

    /** By number, as gRPC's "Status codes and their use in gRPC" lists them. */
    private static final String[] CODES = {
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED"
    };

    private final boolean overTls;
    private final Http2Headers headers;
    private final String service;
    private final ByteBuf answer =
            Unpooled.buffer(16, GrpcHealth.MAX_RESPONSE_BYTES); // on the heap, freed by the collector
    private @Nullable Http2FrameStream stream;
    private boolean begun; // the answer's first headers have come

    GrpcAttempt(
            EventLoop loop,
            @Nullable TlsClient tls,
            Http2Headers headers,
            String service,
            Consumer<CheckResult> outcome) {
        super(loop, tls, outcome);
        this.overTls = tls != null;
        this.headers = headers;
        this.service = service;
    }

    @Override
    void ready(Channel channel) {
        if (overTls && !ALPN.equals(handler(channel).engine().getApplicationProtocol())) {
            failed(channel, "the server does not agree to speak HTTP/2 (ALPN)");
            return;
        }
        enter(Phase.CALL);
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(new Http2Settings().pushEnabled(false).maxHeaderListSize(MAX_HEADER_LIST_BYTES))
                .gracefulShutdownTimeoutMillis(0) // the end of an attempt is the end of its connection
                .build();
        String self = channel.pipeline().context(this).name();
        Http2ChannelDuplexHandler streams = new Http2ChannelDuplexHandler() {}; // who may open them
        channel.pipeline().addBefore(self, null, codec).addBefore(self, null, streams);
        Http2FrameStream call = streams.newStream();
        stream = call;
        channel.write(new DefaultHttp2HeadersFrame(headers, false).stream(call));
        channel.writeAndFlush(new DefaultHttp2DataFrame(GrpcHealth.request(service), true).stream(call))
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        failed(channel, whenFailed(written.cause()));
                    }
                });
    }

    @Override
    void received(Channel channel, Object message) {
        if (message instanceof Http2HeadersFrame frame) {
            headers(channel, frame);
        } else if (message instanceof Http2DataFrame frame) {
            data(channel, frame);
        } else if (message instanceof Http2ResetFrame frame) {
            failed(channel, "reset by the server (" + Http2Error.valueOf(frame.errorCode()) + ")");
        } else if (message instanceof Http2GoAwayFrame frame && stream != null && frame.lastStreamId() < stream.id()) {
            failed(channel, "refused, the server goes away (" + Http2Error.valueOf(frame.errorCode()) + ")");
        }
    }

    private void headers(Channel channel, Http2HeadersFrame frame) {
        if (!begun) {
            String status = String.valueOf(frame.headers().status());
            if (status.startsWith("1")) {
                return;
            }
            begun = true;
            String type = String.valueOf(frame.headers().get("content-type"));
            if (!status.equals("200")) {
                failed(channel, "status " + Wording.said(status) + " (expected: 200)");
                return;
            }
            if (!type.startsWith("application/grpc")) {
                failed(channel, "content-type " + Wording.said(type) + " (expected: application/grpc)");
                return;
            }
        }
        if (frame.isEndStream()) {
            trailers(channel, frame.headers());
        }
    }

    private void data(Channel channel, Http2DataFrame frame) {
        if (!begun) {
            failed(channel, "data before headers");
            return;
        }
        if (frame.content().readableBytes() > answer.maxWritableBytes()) {
            failed(channel, "answer larger than " + GrpcHealth.MAX_RESPONSE_BYTES + " bytes");
            return;
        }
        answer.writeBytes(frame.content());
        if (frame.isEndStream()) {
            failed(channel, "ended without trailers");
        }
    }

    private void trailers(Channel channel, Http2Headers trailers) {
        String code = String.valueOf(trailers.get("grpc-status"));
        if (!code.equals("0")) {
            String words = String.valueOf(trailers.get("grpc-message", ""));
            failed(channel, name(code) + (words.isEmpty() ? "" : " (" + Wording.said(words) + ")"));
            return;
        }
        String status;
        try {
            status = GrpcHealth.status(answer);
        } catch (IllegalArgumentException e) {
            failed(channel, Wording.of(e));
            return;
        }
        answered(
                channel,
                status.equals(GrpcHealth.SERVING)
                        ? CheckResult.passed(status)
                        : CheckResult.failed("health", status + " (expected: " + GrpcHealth.SERVING + ")"));
        channel.close(); // says GOAWAY first
    }

    private static String name(String code) {
        for (int i = 0; i < CODES.length; i++) {
            if (code.equals(Integer.toString(i))) {
                return CODES[i];
            }
        }
        return "grpc-status " + Wording.said(code);
    }

    @Override
    String whenFailed(Throwable cause) {
        if (phase() == Phase.CALL && Wording.rootOf(cause) instanceof Http2Exception wrong) {
            return "not HTTP/2 as it should be: " + Wording.said(Wording.of(wrong));
        }
        return super.whenFailed(cause);
    }
}
