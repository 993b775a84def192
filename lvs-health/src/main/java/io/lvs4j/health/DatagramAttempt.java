package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import java.net.PortUnreachableException;
import java.util.function.Consumer;

/**
 * An attempt over one datagram socket that is connected to the server: nobody else's datagrams come in, and ICMP errors do. One
 * datagram is sent; what comes back is looked at until there is a verdict or too much has come.
 */
abstract class DatagramAttempt extends SocketAttempt {
    private final byte[] question;
    private final Phase waiting;
    private int left = ReadLimit.BYTES;

    /** @param waiting the phase in which the answer is awaited */
    DatagramAttempt(EventLoop loop, byte[] question, Phase waiting, Consumer<CheckResult> outcome) {
        super(loop, outcome);
        this.question = question;
        this.waiting = waiting;
    }

    /** Called for every datagram of at most {@link ReadLimit#CHUNK_BYTES}; what is longer has been cut off. */
    abstract void replied(Channel channel, byte[] reply);

    /** There is a verdict; a datagram socket has no goodbye to wait for. */
    final void end(Channel channel, CheckResult result) {
        answered(channel, result);
        channel.close();
    }

    @Override
    final void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(this);
    }

    @Override
    final void connected(Channel channel) {
        enter(waiting);
        channel.writeAndFlush(Unpooled.wrappedBuffer(question)).addListener(written -> {
            Throwable cause = written.cause();
            if (cause != null && OwnFault.is(cause)) {
                end(channel, CheckResult.inconclusive("send: " + Wording.of(cause)));
            } else if (cause != null) {
                failed(channel, whenFailed(cause));
            }
        });
    }

    @Override
    final void received(Channel channel, Object message) {
        if (message instanceof DatagramPacket packet) {
            byte[] reply = new byte[packet.content().readableBytes()];
            packet.content().readBytes(reply);
            left -= reply.length + 1; // empty ones cost something, too
            replied(channel, reply);
            if (left < 0) {
                failed(channel, "more than " + ReadLimit.BYTES / 1024 + " KiB");
            }
        }
    }

    @Override
    final String whenFailed(Throwable cause) {
        String reason = Wording.of(cause);
        boolean unreachable = Wording.rootOf(cause) instanceof PortUnreachableException // the JDK's word
                || reason.equals("connection refused"); // epoll's
        return unreachable ? "port unreachable" : reason;
    }
}
