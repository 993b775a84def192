package io.lvs4j.health;

import io.lvs4j.ServerKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server on plain sockets that does what its script says, however rude; each connection has its own thread. */
final class Liar implements AutoCloseable {
    /** What the server does with one connection, which is closed afterwards. */
    @FunctionalInterface
    interface Script {
        void talk(Liar self, Socket client) throws Exception;
    }

    /** What tests wait for: requests read, endings seen. */
    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private final ServerSocket socket;
    private final Script script;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopped = new CountDownLatch(1);

    Liar(Script script) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), script);
    }

    Liar(ServerSocket socket, Script script) {
        this.socket = socket;
        this.script = script;
        start("liar-accept", this::accept);
    }

    ServerKey key() {
        return new ServerKey(socket.getInetAddress(), socket.getLocalPort());
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                clients.add(client);
                start("liar-talk", () -> talk(client));
            }
        } catch (IOException e) {
            seen.add("stopped");
        }
    }

    private void talk(Socket client) {
        try (client) {
            script.talk(this, client);
        } catch (Exception e) {
            seen.add("failed: " + e.getMessage());
        } finally {
            clients.remove(client);
        }
    }

    /** Waits until the server is closed, or not so long. */
    void pause(long millis) throws InterruptedException {
        stopped.await(millis, TimeUnit.MILLISECONDS);
    }

    boolean running() {
        return stopped.getCount() > 0;
    }

    static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        client.getOutputStream().flush();
    }

    /** Reads up to the empty line that ends a request. */
    static String readRequest(Socket client) throws IOException {
        StringBuilder request = new StringBuilder();
        InputStream in = client.getInputStream();
        while (request.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return request + "<end>";
            }
            request.append((char) next);
        }
        return request.toString();
    }

    /** Reads until the client ends the connection, and notes how. */
    void noteEnding(Socket client) {
        try {
            while (client.getInputStream().read() >= 0) {
                // whatever it says
            }
            seen.add("FIN");
        } catch (IOException e) {
            seen.add("RST");
        }
    }

    /** Says one thing, and then another again and again, without listening. */
    static Script repeating(String first, String then) {
        return (self, client) -> {
            send(client, first);
            while (self.running()) {
                send(client, then);
            }
        };
    }

    /** Says the same over and over, a byte every 200 ms. */
    static Script dripping(String text) {
        return (self, client) -> {
            for (int i = 0; self.running(); i++) {
                send(client, text.substring(i % text.length(), i % text.length() + 1));
                self.pause(200);
            }
        };
    }

    /** Answers well and at once. */
    static Script good() {
        return answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    }

    /** Reads a request, notes it, and answers with the same text each time. */
    static Script answering(String response) {
        return (self, client) -> {
            self.seen.add(readRequest(client));
            send(client, response);
        };
    }

    @Override
    public void close() throws IOException {
        stopped.countDown();
        socket.close();
        for (Socket client : clients) {
            client.close();
        }
    }
}
