package io.lvs4j.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Many clients of an echo server, on one thread: each sends one byte, and is served once that has come back. */
final class Crowd implements AutoCloseable {
    private final List<SocketChannel> connecting = new ArrayList<>();
    private final List<SocketChannel> waiting = new ArrayList<>();
    private final List<SocketChannel> served = new ArrayList<>();

    Crowd(int size, InetSocketAddress address) throws IOException {
        for (int i = 0; i < size; i++) {
            SocketChannel client = SocketChannel.open();
            client.configureBlocking(false);
            client.connect(address);
            connecting.add(client);
        }
    }

    /** Returns how many are being served now. */
    int served() throws IOException {
        for (SocketChannel client : List.copyOf(connecting)) {
            if (client.finishConnect()) {
                send(client);
                connecting.remove(client);
                waiting.add(client);
            }
        }
        for (SocketChannel client : List.copyOf(waiting)) {
            if (receives(client)) {
                waiting.remove(client);
                served.add(client);
            }
        }
        return served.size();
    }

    /** Has all who are served send once more. Returns how many are served still. */
    long stillServed() throws IOException {
        long count = 0;
        for (SocketChannel client : served) {
            client.configureBlocking(true);
            client.socket().setSoTimeout(20_000);
            send(client);
            if (client.socket().getInputStream().read() == '!') {
                count++;
            }
        }
        return count;
    }

    /** Some who are served go. */
    void leave(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            served.remove(served.size() - 1).close();
        }
    }

    private static void send(SocketChannel client) throws IOException {
        client.write(ByteBuffer.wrap(new byte[] {'!'}));
    }

    private static boolean receives(SocketChannel client) throws IOException {
        return client.read(ByteBuffer.allocate(1)) > 0;
    }

    @Override
    public void close() throws IOException {
        for (List<SocketChannel> clients : List.of(connecting, waiting, served)) {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }
}
