package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DatagramSocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tries, once in a process, what {@link EpollSocket}, {@link EpollPipe} and {@link EpollDatagramListener} want of Netty beyond what Netty promises to keep: a
 * connection over loopback carries bytes by address and through a pipe, says what is unacknowledged, and ends; a datagram is
 * carried by address and says who sent it. Where another version of Netty, or this host, cannot do that, the portable transport can do the work.
 */
final class EpollSelfTest {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final byte[] BYTES = "lvs4j".getBytes(StandardCharsets.US_ASCII);
    private static final int PATIENCE_NANOS = 2_000_000_000;

    /** The outcome, found out when it is first asked for. */
    private static final class Outcome {
        private static final @Nullable String FAILURE = run();
    }

    private EpollSelfTest() {}

    /** Returns why it failed; null if it did not. */
    static @Nullable String failure() {
        return Outcome.FAILURE;
    }

    private static @Nullable String run() {
        try {
            Epoll.ensureAvailability(); // loads the library
            overLoopback();
            datagramOverLoopback();
            return null;
        } catch (IOException | RuntimeException | LinkageError e) {
            return e.toString();
        }
    }

    private static void overLoopback() throws IOException {
        LinuxSocket listener = LinuxSocket.newSocketStream(false);
        LinuxSocket client = LinuxSocket.newSocketStream(false);
        byte[] peer = new byte[EpollListener.MAX_ADDRESS];
        try {
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0));
            listener.listen(1);
            client.connect(Objects.requireNonNull(listener.localAddress(), "local address"));
            LinuxSocket server = LinuxSocket.newSocket(await("accept", () -> listener.accept(peer), -1));
            try {
                await("finishConnect", () -> client.finishConnect() ? 1 : 0, 0);
                carry(new EpollSocket(client), new EpollSocket(server));
            } finally {
                server.close();
            }
        } finally {
            client.close();
            listener.close();
        }
    }

    private static void carry(EpollSocket from, EpollSocket to) throws IOException {
        ByteBuf sent = Unpooled.directBuffer().writeBytes(BYTES);
        ByteBuf received = Unpooled.directBuffer(2 * BYTES.length, 2 * BYTES.length);
        EpollPipe pipe = new EpollPipe();
        try {
            require("write", from.write(sent) == BYTES.length);
            await("moveTo", () -> to.moveTo(pipe), 0);
            require("moveFrom", to.moveFrom(pipe) == BYTES.length);
            await("read", () -> from.read(received), 0);
            require("the same bytes", received.equals(sent));
            await("unacknowledged", () -> from.unacknowledged() == 0 ? 1 : 0, 0);
            from.shutdownOutput();
            await("the end of the stream", () -> to.read(received), 0);
        } finally {
            pipe.close();
            sent.release();
            received.release();
        }
    }

    private static void datagramOverLoopback() throws IOException {
        LinuxSocket from = LinuxSocket.newSocketDgram(false);
        LinuxSocket to = LinuxSocket.newSocketDgram(false);
        ByteBuf sent = Unpooled.directBuffer().writeBytes(BYTES);
        ByteBuf received = Unpooled.directBuffer(2 * BYTES.length, 2 * BYTES.length);
        try {
            from.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0));
            to.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0));
            InetSocketAddress target = Objects.requireNonNull(to.localAddress(), "local address");
            require("send to", EpollDatagramListener.send(from, sent, target) == BYTES.length);
            await("receive from", () -> take(to, received, from.localAddress()), -1);
            require("the same datagram", received.equals(sent));
        } finally {
            sent.release();
            received.release();
            from.close();
            to.close();
        }
    }

    private static int take(LinuxSocket at, ByteBuf into, InetSocketAddress from) throws IOException {
        DatagramSocketAddress sender = EpollDatagramListener.receive(at, into);
        if (sender == null) {
            return -1;
        }
        require("the sender", sender.equals(from));
        into.writerIndex(sender.receivedAmount());
        return sender.receivedAmount();
    }

    private interface Call {
        int call() throws IOException;
    }

    /** Calls until the answer is another one than "not yet". */
    private static int await(String what, Call call, int notYet) throws IOException {
        long began = System.nanoTime();
        int answer = call.call();
        while (answer == notYet) {
            require(what, System.nanoTime() - began < PATIENCE_NANOS);
            Thread.onSpinWait();
            answer = call.call();
        }
        return answer;
    }

    private static void require(String what, boolean done) throws IOException {
        if (!done) {
            throw new IOException("self-test: " + what);
        }
    }
}
