package io.lvs4j.examples;

import io.lvs4j.ServerKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** Sends back what comes. It can stop listening while its connections go on, and listen again. */
final class EchoServer implements AutoCloseable {
    private final int port = Ports.free();
    private @Nullable ServerSocket listener;

    EchoServer() throws IOException {
        listen();
    }

    void listen() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress("127.0.0.1", port), 1024);
        listener = socket;
        daemon(() -> acceptAll(socket));
    }

    void stopListening() throws IOException {
        if (listener != null) {
            listener.close();
        }
    }

    private static void acceptAll(ServerSocket listener) {
        try {
            while (true) {
                Socket client = listener.accept();
                daemon(() -> echo(client));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            return; // the client has gone
        }
    }

    private static void daemon(Runnable action) {
        Thread thread = new Thread(action, "echo-server");
        thread.setDaemon(true);
        thread.start();
    }

    ServerKey key() {
        return ServerKey.of("127.0.0.1", port);
    }

    @Override
    public void close() throws IOException {
        stopListening();
    }
}
