package io.lvs4j.examples;

import io.lvs4j.ServerKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A server that sends to everybody as much as they take, on one thread. */
final class Sender implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(64 * 1024);
    private final List<AtomicLong> sent = new CopyOnWriteArrayList<>();
    private final AtomicLong broken = new AtomicLong();

    Sender() throws IOException {
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress("127.0.0.1", 0), 4096);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        Thread thread = new Thread(this::run, "sender");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select();
                for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); keys.remove()) {
                    SelectionKey key = keys.next();
                    if (key.attachment() instanceof AtomicLong count) {
                        send(key, count);
                    } else {
                        accept();
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (java.nio.channels.ClosedSelectorException e) {
            return; // closed
        }
    }

    private void accept() throws IOException {
        for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
            AtomicLong count = new AtomicLong();
            sent.add(count);
            client.setOption(StandardSocketOptions.SO_SNDBUF, 32 * 1024); // what is in it has not left the server
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_WRITE, count);
        }
    }

    private void send(SelectionKey key, AtomicLong count) throws IOException {
        try {
            count.addAndGet(((SocketChannel) key.channel()).write(bytes.clear()));
        } catch (IOException e) {
            broken.incrementAndGet();
            key.channel().close();
        }
    }

    ServerKey key() {
        return ServerKey.of("127.0.0.1", listener.socket().getLocalPort());
    }

    /** How many bytes were sent to all together. */
    long sent() {
        return sent.stream().mapToLong(AtomicLong::get).sum();
    }

    /** How many bytes were sent to whoever got most. */
    long most() {
        return sent.stream().mapToLong(AtomicLong::get).max().orElse(0);
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    @Override
    public String toString() {
        return sent.size() + " clients, at most " + most() + " bytes, together " + sent() + ", broken " + broken;
    }
}
