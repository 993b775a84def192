package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.check.AgentCheck;
import io.lvs4j.check.CheckBuilder;
import io.lvs4j.check.GrpcCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.SmtpCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.check.TlsCheck;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Counts what is read of servers that do not stop talking, beneath everything that a probe makes of it. */
class ReadBytesTest {
    private static final AtomicLong bytesRead = new AtomicLong();

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final NettyHealthMonitor monitor = NettyHealthMonitor.builder()
            .eventLoopGroup(group, CountedChannel.class)
            .build();

    /** A connection whose bytes are counted. */
    public static final class CountedChannel extends NioSocketChannel {
        /** Made by reflection. */
        public CountedChannel() {
            pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
                    bytesRead.addAndGet(((ByteBuf) message).readableBytes());
                    super.channelRead(ctx, message);
                }
            });
        }
    }

    @BeforeEach
    void reset() {
        bytesRead.set(0);
    }

    @AfterEach
    void close() {
        monitor.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    static Stream<Arguments> endless() {
        String filler = "x".repeat(4_000);
        String record = "\u0016\u0003\u0003\u0010\u0000" + "\u0002" + "\u0000\u000f\u00fc" + "y".repeat(4_092);
        String settings = "\0\0\0\4\0\0\0\0\0";
        String ping = "\0\0\u0008\6\0\0\0\0\00012345678";
        return Stream.of(
                asked(
                        "what a TCP check does not wait for",
                        at(TcpCheck.builder()).build(),
                        "",
                        filler),
                asked("a status line", at(HttpCheck.httpGet("/")).build(), "HTTP/1.1 200 ", filler),
                asked("headers", at(HttpCheck.httpGet("/")).build(), "HTTP/1.1 200 OK\r\n", "X: " + filler + "\r\n"),
                asked("interim responses", at(HttpCheck.httpGet("/")).build(), "", "HTTP/1.1 100 Continue\r\n\r\n"),
                asked("a body", at(HttpCheck.httpGet("/")).build(), "HTTP/1.1 200 OK\r\n\r\n", filler),
                asked("a body to be searched", searching(), "HTTP/1.1 200 OK\r\n\r\n", filler),
                asked(
                        "chunks of one byte",
                        searching(),
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "1\r\nx\r\n".repeat(600)),
                asked("a handshake", at(TlsCheck.builder()).build(), record, record),
                asked("a handshake before a page", at(HttpCheck.sslGet("/")).build(), record, record),
                asked("greetings", at(SmtpCheck.builder()).build(), "", "220-" + "x".repeat(100) + "\r\n"),
                asked("a line of a greeting", at(SmtpCheck.builder()).build(), "220 ", filler),
                asked("an agent's line", at(AgentCheck.builder()).build(), "", "up ".repeat(1_000)),
                asked("settings", at(GrpcCheck.plaintext()).build(), settings, settings.repeat(400)),
                asked("pings", at(GrpcCheck.plaintext()).build(), settings, ping.repeat(200)));
    }

    private static <B extends CheckBuilder<B>> B at(B check) {
        return check.warmup(Duration.ZERO);
    }

    private static HealthCheck searching() {
        return at(HttpCheck.httpGet("/")).regex("never").build();
    }

    private static Arguments asked(String what, HealthCheck check, String first, String then) {
        return Arguments.of(what, check, Liar.repeating(first, then));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endless")
    void ofWhatDoesNotEndAtMost64KiBAreRead(String what, HealthCheck check, Liar.Script script) throws Exception {
        try (Liar liar = new Liar(script)) {
            assertThat(Asking.found(monitor, liar.key(), check)).isNotEmpty();
            monitor.close();
            assertThat(bytesRead).hasValueLessThanOrEqualTo(ReadLimit.BYTES);
        }
    }
}
