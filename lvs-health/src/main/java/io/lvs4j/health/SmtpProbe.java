package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.SmtpCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Waits for the greeting, says HELO, and after the answer QUIT, which lets the server end the connection (RFC 5321). */
final class SmtpProbe implements Probe {
    private final SmtpCheck check;
    private final Sockets sockets;
    private final Optional<ProxyProtocol.Version> greeting;

    SmtpProbe(SmtpCheck check, Sockets sockets, Optional<ProxyProtocol.Version> greeting) {
        this.check = check;
        this.sockets = sockets;
        this.greeting = greeting;
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        return sockets.connect(
                server, check.target(), greeting, new SmtpAttempt(sockets.nextLoop(), check.heloName(), outcome));
    }

    private static final class SmtpAttempt extends SocketAttempt {
        /** RFC 5321 section 4.5.3.1.5 allows 512; some say more. */
        private static final int MAX_LINE_BYTES = 2048;

        /** A line of a reply: its code, and a hyphen if more lines follow. */
        private static final Pattern LINE = Pattern.compile("[2-5][0-9]{2}([ -].*)?", Pattern.DOTALL);

        private final String heloName;

        SmtpAttempt(EventLoop loop, String heloName, Consumer<CheckResult> outcome) {
            super(loop, outcome);
            this.heloName = heloName;
        }

        @Override
        void addTo(ChannelPipeline pipeline) {
            pipeline.addLast(new LineBasedFrameDecoder(MAX_LINE_BYTES, true, true));
            pipeline.addLast(this);
        }

        @Override
        void connected(Channel channel) {
            enter(Phase.GREETING);
        }

        @Override
        void received(Channel channel, Object message) {
            String line = ((ByteBuf) message).toString(StandardCharsets.ISO_8859_1);
            String expected = phase() == Phase.GREETING ? "220" : "250";
            if (!LINE.matcher(line).matches()) {
                failed(channel, "not SMTP: " + Wording.said(line));
            } else if (!line.startsWith(expected)) {
                failed(channel, Wording.said(line) + " (expected: " + expected + ")");
            } else if (!line.startsWith("-", 3)) {
                complete(channel);
            }
        }

        private void complete(Channel channel) {
            if (phase() == Phase.GREETING) {
                enter(Phase.HELO);
                send(channel, "HELO " + heloName);
            } else {
                answered(channel, CheckResult.passed("HELO 250"));
                send(channel, "QUIT");
            }
        }

        @Override
        String whenFailed(Throwable cause) {
            boolean line = cause instanceof TooLongFrameException
                    && String.valueOf(cause.getMessage()).startsWith("frame");
            return line ? "line longer than " + MAX_LINE_BYTES / 1024 + " KiB" : super.whenFailed(cause);
        }

        private static void send(Channel channel, String command) {
            channel.writeAndFlush(Unpooled.copiedBuffer(command + "\r\n", StandardCharsets.US_ASCII));
        }
    }
}
