package io.lvs4j.netty;

import io.lvs4j.ServerKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A server that does not answer: its queue is full, and Linux then drops what asks for a connection. Until it accepts. */
final class FullServer implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> waiting = new ArrayList<>();

    FullServer() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        fill();
    }

    private void fill() throws IOException {
        for (int i = 0; i < 10; i++) {
            Socket filling = new Socket();
            waiting.add(filling);
            try {
                filling.connect(listener.getLocalSocketAddress(), 100);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
        throw new IllegalStateException("the queue never fills");
    }

    ServerKey key() {
        return Lab.key((InetSocketAddress) listener.getLocalSocketAddress());
    }

    /** Accepts whoever comes, from now on, and echoes. */
    void recover() {
        TestServer.daemon(() -> {
            try {
                while (true) {
                    Socket socket = listener.accept();
                    TestServer.daemon(() -> echo(socket));
                }
            } catch (IOException e) {
                // closed
            }
        });
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // the peer has gone
        }
    }

    /** The local ports that wait for an answer of this server, as Linux says in /proc/net/tcp*. */
    List<String> askingPorts() {
        String remote = String.format(Locale.ROOT, ":%04X", listener.getLocalPort());
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(FullServer::lines)
                .map(line -> line.trim().split("\\s+", 5))
                .filter(fields -> fields[2].endsWith(remote) && fields[3].equals("02")) // SYN_SENT
                .map(fields -> fields[1])
                .toList();
    }

    private static Stream<String> lines(String table) {
        try {
            return Files.readAllLines(Path.of(table)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : waiting) {
            socket.close();
        }
    }
}
