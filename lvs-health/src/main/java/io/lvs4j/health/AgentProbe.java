package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.AgentCheck;
import io.lvs4j.check.CheckResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads one line from an agent. Whatever goes wrong with the agent itself says nothing about its server. */
final class AgentProbe implements Probe {
    private final AgentCheck check;
    private final Sockets sockets;
    private final Optional<ProxyProtocol.Version> greeting;

    AgentProbe(AgentCheck check, Sockets sockets, Optional<ProxyProtocol.Version> greeting) {
        this.check = check;
        this.sockets = sockets;
        this.greeting = greeting;
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        return new Forgiving(sockets.connect(
                server,
                check.target(),
                greeting,
                new AgentAttempt(
                        sockets.nextLoop(), check.send().orElse(""), result -> outcome.accept(forgive(result)))));
    }

    /** Only an agent's own word is a failure of the server. */
    private static CheckResult forgive(CheckResult result) {
        return result instanceof CheckResult.Failed failed && !failed.phase().equals(AgentAnswer.PHASE)
                ? CheckResult.inconclusive("agent " + failed)
                : result;
    }

    private record Forgiving(SocketAttempt attempt) implements Attempt {
        @Override
        public Waiting phase() {
            Phase phase = attempt.phase();
            return timeout -> forgive(phase.overdue(timeout));
        }

        @Override
        public void abort() {
            attempt.abort();
        }
    }

    private static final class AgentAttempt extends SocketAttempt {
        private static final int MAX_LINE_BYTES = 1024;

        private final String send;
        private final StringBuilder line = new StringBuilder();

        AgentAttempt(EventLoop loop, String send, Consumer<CheckResult> outcome) {
            super(loop, outcome);
            this.send = send;
        }

        @Override
        void addTo(ChannelPipeline pipeline) {
            pipeline.addLast(this);
        }

        @Override
        void connected(Channel channel) {
            enter(Phase.LINE);
            if (!send.isEmpty()) {
                channel.writeAndFlush(Unpooled.copiedBuffer(send, StandardCharsets.US_ASCII));
            }
        }

        @Override
        void received(Channel channel, Object message) {
            line.append(((ByteBuf) message).toString(StandardCharsets.ISO_8859_1));
            int end = line.indexOf("\n");
            if ((end < 0 ? line.length() : end) > MAX_LINE_BYTES) {
                failed(channel, "longer than " + MAX_LINE_BYTES / 1024 + " KiB");
            } else if (end >= 0) {
                answered(channel, AgentAnswer.of(line.substring(0, end)));
                channel.close(); // an agent that goes on talking is not waited for
            }
        }

        /** Agents may end their line by ending the connection. */
        @Override
        void ended(Channel channel) {
            if (line.isEmpty()) {
                super.ended(channel);
            } else {
                answered(channel, AgentAnswer.of(line.toString()));
            }
        }
    }
}
