package io.lvs4j.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lvs4j.Director;
import io.lvs4j.DrainReport;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.scheduler.HeadlessBackend;
import io.lvs4j.scheduler.Lease;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A gateway with a listener and a protocol of its own, here a very small HTTP gateway, that asks lvs4j for decisions only:
 * which server gets this client. Health checks, persistence, weights and draining work as on any other backend.
 *
 * <p>Usage: {@code CustomGateway 127.0.0.1:8080 127.0.0.1:9001 127.0.0.1:9002}
 */
final class CustomGateway implements AutoCloseable {
    private final HeadlessBackend decisions = HeadlessBackend.create();
    private final Director director = Director.builder().backend(decisions).build();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final ServiceHandle service;
    private final HttpServer listener;

    CustomGateway(InetSocketAddress address, List<ServerKey> servers) throws IOException {
        VirtualService.Builder description = VirtualService.builder()
                .listen(
                        address.getAddress().getHostAddress(),
                        address.getPort()) // its name; nobody listens there for us
                .scheduler("lc")
                .persistence(Duration.ofMinutes(5))
                .healthCheck(
                        TcpCheck.builder().delayLoop(Duration.ofMillis(500)).build());
        servers.forEach(
                server -> description.realServer(RealServer.builder(server).build()));
        service = director.add(description.build());
        listener = HttpServer.create(address, 0);
        listener.setExecutor(workers);
        listener.createContext("/", this::handle);
        listener.start();
    }

    // tag::decide
    private void handle(HttpExchange exchange) throws IOException {
        Optional<Lease> decision = decisions.acquire(service.key(), exchange.getRemoteAddress());
        if (decision.isEmpty()) {
            answer(exchange, 503, new byte[0]);
            return;
        }
        try (Lease lease = decision.get()) {
            HttpResponse<byte[]> response = ask(lease, exchange.getRequestURI());
            answer(exchange, response.statusCode(), response.body());
        }
    }

    private HttpResponse<byte[]> ask(Lease lease, URI path) throws IOException {
        URI uri = URI.create("http://" + lease.server() + path);
        try {
            HttpResponse<byte[]> response =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
            lease.established();
            return response;
        } catch (ConnectException e) {
            lease.connectFailed();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
    // end::decide

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Takes a server out without breaking a request; the future completes when its last one is answered. */
    CompletableFuture<DrainReport> drain(ServerKey server) {
        return service.server(server).drain(Duration.ofMinutes(5));
    }

    ServiceHandle service() {
        return service;
    }

    @Override
    public void close() {
        listener.stop(0);
        workers.shutdown();
        director.close();
    }

    /** Serves until Ctrl-C. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println("usage: CustomGateway 127.0.0.1:8080 127.0.0.1:9001 127.0.0.1:9002");
            System.exit(2);
        }
        ServerKey address = ServerKey.parse(args[0]);
        List<ServerKey> servers =
                Arrays.stream(args).skip(1).map(ServerKey::parse).toList();
        new CustomGateway(address.socketAddress(), servers);
    }
}
