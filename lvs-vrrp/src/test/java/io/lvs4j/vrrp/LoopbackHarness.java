package io.lvs4j.vrrp;

import io.lvs4j.ListenAddress;
import io.lvs4j.ServerKey;
import io.lvs4j.spi.Backend;
import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.FreePorts;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** TCP on loopback: services on a virtual address, servers beside it. A server greets with its port and echoes from then on. */
final class LoopbackHarness implements BackendHarness {
    private static final int PATIENCE_MILLIS = 30_000;

    private final InetAddress virtual;
    private final Supplier<Backend> backends;
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    LoopbackHarness(InetAddress virtual, Supplier<Backend> backends) {
        this.virtual = virtual;
        this.backends = backends;
    }

    @Override
    public Backend createBackend() {
        return backends.get();
    }

    @Override
    public ListenAddress freeListenAddress() {
        return freeListenAddress(virtual);
    }

    static ListenAddress freeListenAddress(InetAddress address) {
        int port = FreePorts.on(address);
        return new ListenAddress(address, port, port);
    }

    @Override
    public ServerKey startServer() {
        try {
            ServerSocket server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
            open.add(server);
            daemon(() -> accept(server));
            return new ServerKey(server.getInetAddress(), server.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                daemon(() -> greetAndEcho(socket, server.getLocalPort()));
            } catch (IOException e) {
                return; // the harness is closed
            }
        }
    }

    private static void greetAndEcho(Socket socket, int port) {
        try (socket) {
            socket.getOutputStream().write(new byte[] {(byte) (port >> 8), (byte) port});
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                socket.getOutputStream().write(b);
            }
        } catch (IOException e) {
            // the client or the director ended it; the client's side asserts what it sees
        }
    }

    @Override
    public Optional<Connection> connect(InetAddress client, ListenAddress service) {
        Socket socket = new Socket();
        open.add(socket);
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.bind(new InetSocketAddress(client, 0));
            socket.connect(new InetSocketAddress(service.address(), service.firstPort()), PATIENCE_MILLIS);
            int port = new DataInputStream(socket.getInputStream()).readUnsignedShort();
            return Optional.of(new TcpConnection(socket, new ServerKey(InetAddress.getLoopbackAddress(), port)));
        } catch (IOException e) {
            closeQuietly(socket);
            return Optional.empty();
        }
    }

    private record TcpConnection(Socket socket, ServerKey server) implements Connection {
        @Override
        public boolean works() {
            try {
                socket.getOutputStream().write(42);
                return socket.getInputStream().read() == 42;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public void close() {
            closeQuietly(socket);
        }
    }

    @Override
    public void close() {
        open.forEach(LoopbackHarness::closeQuietly);
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException(e); // closing a socket on loopback does not fail
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "test-server");
        thread.setDaemon(true);
        thread.start();
    }
}
