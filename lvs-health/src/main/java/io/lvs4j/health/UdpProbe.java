package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.UdpCheck;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Sends a datagram. Without a required reply, silence until the deadline is a pass: {@link Phase#SILENCE}. */
final class UdpProbe implements Probe {
    private static final int SHOWN_BYTES = 16;

    private final UdpCheck check;
    private final Sockets sockets;
    private final byte[] payload;

    UdpProbe(UdpCheck check, Sockets sockets) {
        this.check = check;
        this.sockets = sockets;
        this.payload = HexFormat.of().parseHex(check.payload());
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        Phase waiting = check.reply().isPresent() ? Phase.UDP : Phase.SILENCE;
        return sockets.connectDatagram(
                server, check.target(), new UdpAttempt(sockets.nextLoop(), payload, waiting, outcome));
    }

    private final class UdpAttempt extends DatagramAttempt {
        UdpAttempt(EventLoop loop, byte[] payload, Phase waiting, Consumer<CheckResult> outcome) {
            super(loop, payload, waiting, outcome);
        }

        @Override
        void replied(Channel channel, byte[] reply) {
            boolean accepted = check.reply().isEmpty() || check.reply().get().accepts(reply);
            end(
                    channel,
                    accepted
                            ? CheckResult.passed("reply of " + reply.length + " bytes")
                            : Phase.UDP.failed("reply " + shown(reply) + " (expected: "
                                    + check.reply().orElseThrow() + ")"));
        }
    }

    private static String shown(byte[] reply) {
        String hex = HexFormat.of().formatHex(reply, 0, Math.min(reply.length, SHOWN_BYTES));
        return reply.length == 0 ? "empty" : hex + (reply.length > SHOWN_BYTES ? "..." : "");
    }
}
