package io.lvs4j.examples;

import io.lvs4j.ServerKey;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A server in the middle of a transfer: it sends each client one line, and another one once the test lets it. */
final class HeldServer implements AutoCloseable {
    private final ServerSocket listener;
    private final CountDownLatch released = new CountDownLatch(1);

    HeldServer() throws IOException {
        listener = new ServerSocket(0, 50, Ports.address(0).getAddress());
        daemon(this::acceptAll);
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket client = listener.accept();
                daemon(() -> serve(client));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.getOutputStream().write("first\n".getBytes(StandardCharsets.US_ASCII));
            released.await();
            client.getOutputStream().write("last\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException | InterruptedException e) {
            return; // the client has gone
        }
    }

    private static void daemon(Runnable action) {
        Thread thread = new Thread(action, "held-server");
        thread.setDaemon(true);
        thread.start();
    }

    ServerKey key() {
        return ServerKey.of("127.0.0.1", listener.getLocalPort());
    }

    void release() {
        released.countDown();
    }

    @Override
    public void close() throws IOException {
        release();
        listener.close();
    }
}
