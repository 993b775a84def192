package io.lvs4j.netty;

import io.lvs4j.ServerKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real server: accepts, and leaves the connections to the test or to a handler. */
final class TestServer implements AutoCloseable {
    private final ServerSocket listener;
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private final List<Socket> all = new CopyOnWriteArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private final @Nullable Handler handler;

    /** Serves one connection on a thread of its own. */
    interface Handler {
        void serve(Socket socket) throws IOException;
    }

    TestServer(String address) {
        this(address, 0, null);
    }

    TestServer(String address, int receiveBuffer, @Nullable Handler handler) {
        this.handler = handler;
        try {
            listener = new ServerSocket();
            if (receiveBuffer > 0) {
                listener.setReceiveBufferSize(receiveBuffer);
            }
            listener.bind(new InetSocketAddress(InetAddress.getByName(address), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::acceptAll);
    }

    /** Sends back all that comes, then ends its stream, too. */
    static TestServer echo() {
        return new TestServer("127.0.0.1", 0, socket -> {
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.close();
        });
    }

    static void daemon(Runnable task) {
        Thread thread = new Thread(task, "test-peer");
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
                all.add(socket);
                count.incrementAndGet();
                if (handler == null) {
                    accepted.add(socket);
                } else {
                    daemon(() -> serve(socket, handler));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void serve(Socket socket, Handler handler) {
        try (socket) {
            handler.serve(socket);
        } catch (IOException e) {
            // the peer has gone
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    ServerKey key() {
        return new ServerKey(listener.getInetAddress(), listener.getLocalPort());
    }

    /** How many connections have come so far. */
    int count() {
        return count.get();
    }

    /** The next connection that nobody has taken. */
    Socket take() throws InterruptedException {
        return Objects.requireNonNull(
                accepted.poll(Lab.TIMEOUT_MILLIS, TimeUnit.MILLISECONDS), "no connection reached the server");
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : all) {
            socket.close();
        }
    }
}
