package io.lvs4j.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A web server that is up or down and answers with the status that the test wants, counting who asks. */
final class WebServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int FAULT = 500;

    private final InetSocketAddress address;
    private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> faults = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private volatile boolean silent;
    private @Nullable ServerSocket listening;

    WebServer(InetAddress address, int port) {
        this.address = new InetSocketAddress(address, port);
    }

    synchronized void up() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(address);
            listening = socket;
            Thread thread = new Thread(() -> serve(socket), "web-server");
            thread.setDaemon(true);
            thread.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void down() {
        if (listening != null) {
            try {
                listening.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Answers nobody any more: each connection is held until its client goes. */
    void beSilent() {
        silent = true;
    }

    /** Answers requests for a path with a status from now on. */
    void status(String path, int status) {
        statuses.put(path, status);
    }

    /** Answers so many requests of a user agent with a fault. */
    void fault(String agent, int times) {
        faults.put(agent, new AtomicInteger(times));
    }

    /** Returns how many requests of a user agent have been answered. */
    int asked(String agent) {
        return asked.computeIfAbsent(agent, name -> new AtomicInteger()).get();
    }

    private void serve(ServerSocket socket) {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                client.setSoTimeout(5_000);
                answer(client);
            } catch (IOException e) {
                // It was only a look at the port, or the server has gone down.
            }
        }
    }

    private void answer(Socket client) throws IOException {
        BufferedReader request =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        String first = request.readLine();
        while (first != null && silent) {
            first = request.readLine();
        }
        if (first == null) {
            return;
        }
        String agent = "";
        for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("user-agent: ")) {
                agent = line.substring("user-agent: ".length());
            }
        }
        AtomicInteger left = faults.computeIfAbsent(agent, name -> new AtomicInteger());
        int status =
                left.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? FAULT : statuses.getOrDefault(first.split(" ")[1], OK);
        client.getOutputStream()
                .write(("HTTP/1.1 " + status + " Said\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
                        .getBytes(StandardCharsets.US_ASCII));
        asked.computeIfAbsent(agent, name -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public void close() {
        down();
    }
}
