package io.lvs4j.netty;

import io.lvs4j.ServerKey;
import io.lvs4j.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Many real servers on one thread, each on an address of its own, all on the same two ports. On the one a server says its number,
 * four bytes, and sends back all that comes; on the other it lets checks connect. Each can stop to do the one or the other.
 */
final class ServerFarm implements AutoCloseable {
    private static final int BACKLOG = 128;

    private final int size;
    private final int port = FreePorts.on(new InetSocketAddress(0).getAddress());
    private final int checkPort = FreePorts.on(new InetSocketAddress(0).getAddress());
    private final Selector selector;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final Thread thread = new Thread(this::run, "server-farm");
    private volatile boolean closed;

    /** What a socket belongs to. */
    private record Owner(int server, boolean checks) {}

    /** Starts servers 0 to {@code size - 1}. */
    ServerFarm(int size) throws IOException {
        this.size = size;
        selector = Selector.open();
        thread.setDaemon(true);
        thread.start();
        start(0, size);
        passChecks(0, size);
    }

    /** Where clients go. */
    ServerKey key(int server) {
        return Lab.key(address(server, port));
    }

    int number(ServerKey key) {
        byte[] address = key.address().getAddress();
        return (address[2] & 0xff) * 250 + (address[3] & 0xff) - 1;
    }

    int checkPort() {
        return checkPort;
    }

    private static InetSocketAddress address(int server, int port) {
        try {
            byte[] address = {127, 78, (byte) (server / 250), (byte) (server % 250 + 1)};
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---------------------------------------------------------------- what servers are told, from one to another,
    // exclusive

    void passChecks(int from, int to) {
        command(() -> listen(from, to, true));
    }

    void failChecks(int from, int to) {
        command(() -> closeAll(from, to, true));
    }

    void start(int from, int to) {
        command(() -> listen(from, to, false));
    }

    /** Resets all their connections, and takes no more. */
    void crash(int from, int to) {
        command(() -> closeAll(from, to, false));
    }

    /** Something that the farm's thread does. */
    private interface Command {
        void run() throws IOException;
    }

    private void command(Command command) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        commands.add(() -> {
            try {
                command.run();
                selector.selectNow(); // or what was closed would still be open
                done.complete(null);
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        selector.wakeup();
        done.join();
    }

    private void listen(int from, int to, boolean checks) throws IOException {
        for (int server = from; server < to; server++) {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.bind(address(server, checks ? checkPort : port), BACKLOG);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT, new Owner(server, checks));
        }
    }

    private void closeAll(int from, int to, boolean checks) throws IOException {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            Owner owner = (Owner) key.attachment();
            if (key.isValid() && owner.checks == checks && owner.server >= from && owner.server < to) {
                if (key.channel() instanceof SocketChannel connection) {
                    connection.setOption(StandardSocketOptions.SO_LINGER, 0);
                }
                key.channel().close();
            }
        }
    }

    // ---------------------------------------------------------------- serving

    private void run() {
        try {
            while (!closed) {
                selector.select();
                for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
                    command.run();
                }
                List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
                selector.selectedKeys().clear();
                for (SelectionKey key : ready) {
                    if (key.isValid()) {
                        serve(key);
                    }
                }
            }
            closeAll(0, size, true);
            closeAll(0, size, false);
            selector.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key) throws IOException {
        Owner owner = (Owner) key.attachment();
        if (key.channel() instanceof ServerSocketChannel listener) {
            for (SocketChannel one = listener.accept(); one != null; one = listener.accept()) {
                serve(one, connection -> welcome(connection, owner));
            }
        } else {
            serve((SocketChannel) key.channel(), this::echo);
        }
    }

    /** Something to do with a connection. */
    private interface Action {
        void apply(SocketChannel connection) throws IOException;
    }

    private static void serve(SocketChannel connection, Action action) throws IOException {
        try {
            action.apply(connection);
        } catch (IOException e) {
            connection.close(); // the peer has gone
        }
    }

    private void welcome(SocketChannel connection, Owner owner) throws IOException {
        if (owner.checks) {
            connection.close();
            return;
        }
        connection.configureBlocking(false);
        connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connection.register(selector, SelectionKey.OP_READ, owner);
        connection.write(buffer.clear().putInt(owner.server).flip());
    }

    private void echo(SocketChannel connection) throws IOException {
        int n = connection.read(buffer.clear());
        if (n < 0 || connection.write(buffer.flip()) < n) { // nobody sends so much that it would not fit
            connection.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
