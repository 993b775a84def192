package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/**
 * An end of stream is passed on, whichever of a turn's reads finds it: a stream of exactly as many bytes as a turn carries once
 * had its end forgotten. Sockets are scripted, because real ones cannot be made to fill every read.
 */
class RelayTurnsTest {

    @Test
    void anEndIsPassedOnHoweverManyFullReadsComeBeforeIt() {
        for (int fullReads = 0; fullReads <= 40; fullReads++) {
            SocketBudget budget = new SocketBudget(100, 100);
            Loop loop = new Loop(
                    null, new NioSockets(Profile.THROUGHPUT), () -> 0, budget, new PendingBytes(budget, 1 << 20));
            ScriptedSocket client = new ScriptedSocket(fullReads);
            ScriptedSocket server = new ScriptedSocket(0);
            Relay relay = new Relay(loop, client, server, new Ignorer());
            relay.start(null);
            while (client.wantsRead) {
                client.events.readable(); // as a socket with readiness left over reports again
            }
            assertThat(server.written).isEqualTo((long) fullReads * Loop.SCRATCH_BYTES);
            assertThat(server.ended).as("after %d full reads", fullReads).isTrue();
            relay.abort();
            loop.close();
        }
    }

    /** Always ready: gives so many full buffers and then the end, takes everything. */
    private static final class ScriptedSocket implements StreamSocket {
        private int fullReads;
        private SocketEvents events;
        private boolean wantsRead;
        private long written;
        private boolean ended;

        ScriptedSocket(int fullReads) {
            this.fullReads = fullReads;
        }

        @Override
        public void open(Loop loop, SocketEvents owner) {
            events = owner;
        }

        @Override
        public void bind(InetSocketAddress local, boolean transparent) {
            throw new IllegalStateException("nobody connects it");
        }

        @Override
        public void connect(Loop loop, InetSocketAddress address, SocketEvents owner) {
            events = owner;
        }

        @Override
        public void handOver(SocketEvents next) {
            events = next;
        }

        @Override
        public int read(ByteBuf into) {
            if (fullReads == 0) {
                return -1;
            }
            fullReads--;
            int n = into.writableBytes();
            into.writeZero(n);
            return n;
        }

        @Override
        public int write(ByteBuf from) {
            written += from.readableBytes();
            return from.readableBytes();
        }

        @Override
        public void want(boolean read, boolean write) {
            wantsRead = read;
        }

        @Override
        public void shutdownOutput() {
            ended = true;
        }

        @Override
        public long unacknowledged() {
            return 0;
        }

        @Override
        public InetSocketAddress localAddress() {
            return null;
        }

        @Override
        public void close() {}

        @Override
        public void reset() {}
    }

    private static final class Ignorer implements Relay.Owner {
        @Override
        public void transferred(boolean fromClient, int bytes) {}

        @Override
        public void progressed() {}

        @Override
        public void serverReset() {}

        @Override
        public void halfClosed() {}

        @Override
        public void ended() {}
    }
}
