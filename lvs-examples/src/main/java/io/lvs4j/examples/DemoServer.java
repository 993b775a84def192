package io.lvs4j.examples;

import com.sun.net.httpserver.HttpServer;
import io.lvs4j.ServerKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A small web server on loopback that answers every request with its name. Confined to one thread. */
final class DemoServer implements AutoCloseable {
    private final String name;
    private final ServerKey key;
    private @Nullable HttpServer http;

    private DemoServer(String name, HttpServer http) {
        this.name = name;
        this.http = http;
        this.key = ServerKey.of(
                http.getAddress().getAddress().getHostAddress(),
                http.getAddress().getPort());
    }

    /** Starts a server on a free port, which it keeps when it is stopped and started again. */
    static DemoServer open(String name) throws IOException {
        return new DemoServer(name, listen(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }

    /** Starts a server on an address and port, such as {@code 10.0.0.1:80}. */
    static DemoServer open(String name, String address) throws IOException {
        return new DemoServer(name, listen(name, ServerKey.parse(address).socketAddress()));
    }

    private static HttpServer listen(String name, InetSocketAddress address) throws IOException {
        HttpServer http = HttpServer.create(address, 0);
        byte[] answer = (name + "\n").getBytes(StandardCharsets.UTF_8);
        http.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        http.start();
        return http;
    }

    void start() throws IOException {
        http = listen(name, key.socketAddress());
    }

    void stop() {
        if (http != null) {
            http.stop(0);
            http = null;
        }
    }

    String name() {
        return name;
    }

    ServerKey key() {
        return key;
    }

    @Override
    public void close() {
        stop();
    }
}
