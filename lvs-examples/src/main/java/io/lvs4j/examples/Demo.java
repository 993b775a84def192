package io.lvs4j.examples;

import io.lvs4j.BackendException;
import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.RealServer;
import io.lvs4j.VirtualService;
import io.lvs4j.check.HttpCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The story that {@code lvs demo} tells. It waits for what happens, never for time to pass. */
final class Demo implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int PORT_TRIES = 10;
    private static final int REQUESTS = 3;

    private final PrintWriter out;
    private final EventWatch events;
    private final Director director;
    private final List<DemoServer> servers = new ArrayList<>();
    private final Map<String, String> homes = new LinkedHashMap<>();
    private final InetSocketAddress service;
    private int requests;

    private Demo(PrintWriter out, EventWatch events, Director director) throws IOException {
        this.out = out;
        this.events = events;
        this.director = director;
        for (String name : List.of("a", "b", "c")) {
            servers.add(DemoServer.open(name));
        }
        service = serve();
    }

    /** Starts the web servers and the service; closes the director itself if that fails. */
    static Demo start(PrintWriter out, EventWatch events, Director director) throws IOException {
        try {
            return new Demo(out, events, director);
        } catch (IOException | RuntimeException e) {
            director.close();
            throw e;
        }
    }

    /** Adds the service on a free port. Somebody else may take it between the search and the use, hence the tries. */
    private InetSocketAddress serve() throws IOException {
        for (int tries = 1; ; tries++) {
            InetSocketAddress address = freeAddress();
            try {
                director.add(describe(address));
                return address;
            } catch (BackendException e) {
                if (tries == PORT_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }
    }

    private VirtualService describe(InetSocketAddress address) {
        VirtualService.Builder description = VirtualService.builder()
                .listen(address.getAddress().getHostAddress(), address.getPort())
                .scheduler("rr")
                .persistence(Duration.ofMinutes(1))
                .healthCheck(HttpCheck.httpGet("/")
                        .delayLoop(Duration.ofMillis(500))
                        .retries(1)
                        .delayBeforeRetry(Duration.ofMillis(200))
                        .build());
        for (DemoServer server : servers) {
            description.realServer(RealServer.builder(server.key()).build());
        }
        return description.build();
    }

    void tell() throws IOException, InterruptedException {
        awaitFirstChecks();
        out.println("Three web servers, "
                + servers.stream().map(s -> s.name() + " = " + s.key()).collect(Collectors.joining(", "))
                + ", and one virtual service before them, on the " + director.backendName() + " backend:");
        table();
        List<DemoClient> clients = clients(11, 6);
        out.println("Clients arrive. Round robin gives each one a server, persistence keeps it there:");
        ask(clients);
        table();

        DemoServer leaving = servers.get(1);
        out.println("Server " + leaving.name() + " stops. Its check notices:");
        leaving.stop();
        await(DirectorEvent.ServerDown.class, leaving);
        out.println("Its clients move, the others stay:");
        ask(clients);
        table();

        out.println("Server " + leaving.name() + " starts again. Its check notices:");
        leaving.start();
        await(DirectorEvent.ServerUp.class, leaving);
        out.println("Clients stay where they are now; new ones get it, too:");
        ask(clients);
        ask(clients(21, 3));
        table();
        out.println(requests + " requests, all answered.");
    }

    void invite() {
        String url = "http://" + service.getAddress().getHostAddress() + ":" + service.getPort() + "/";
        out.println("Try it, each time as another client (Ctrl-C ends the demo):");
        out.println("  for i in 31 32 33; do curl --interface 127.0.0.$i " + url + "; done");
    }

    Director director() {
        return director;
    }

    /** Real servers count as up until the first verdict; the story begins when they have earned it. */
    private void awaitFirstChecks() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!FirstChecks.passed(director.snapshot())) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the web servers do not pass their checks: " + director.snapshot());
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private List<DemoClient> clients(int first, int count) throws IOException {
        if (!DemoClient.of(first).possible()) {
            return List.of(DemoClient.of(1)); // not Linux: the host has but one loopback address
        }
        List<DemoClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(DemoClient.of(first + i));
        }
        return clients;
    }

    private void ask(List<DemoClient> clients) throws IOException {
        for (DemoClient client : clients) {
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                answers.add(client.ask(service));
                requests++;
            }
            String home = answers.get(REQUESTS - 1);
            String before = homes.put(client.toString(), home);
            out.println("  client " + client + " -> " + String.join(" ", answers)
                    + (before == null || before.equals(home) ? "" : "   moved, was on " + before));
        }
        out.println();
    }

    private void await(Class<? extends DirectorEvent.ServerEvent> type, DemoServer server) throws InterruptedException {
        DirectorEvent event = events.await(
                e -> type.isInstance(e) && type.cast(e).server().equals(server.key()),
                type.getSimpleName() + " of " + server.key(),
                PATIENCE);
        out.println("  " + EventText.of(event));
        out.println();
    }

    private void table() {
        out.println(ServiceTable.of(director.snapshot()));
    }

    @Override
    public void close() {
        director.close();
        servers.forEach(DemoServer::close);
    }
}
