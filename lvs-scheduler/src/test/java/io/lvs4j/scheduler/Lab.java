package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServerCounters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One virtual service as an operator of {@code ipvsadm} meets it: each call makes one change. Servers are letters in the order
 * of addition; what connections get is a text such as {@code C B A -}, where {@code -} is a refused one.
 */
final class Lab {
    private static final String CLIENT = "10.7.0.1";
    private static final String VIP = "10.8.0.1";

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final DecisionEngine engine = new DecisionEngine(now::get);
    private final Map<Character, RealServer> servers = new LinkedHashMap<>();
    private final Map<Character, Boolean> serving = new LinkedHashMap<>();
    private final List<Connection> connections = new ArrayList<>();
    private VirtualService service;

    private static final class Connection {
        final char server;
        final Lease lease;
        boolean active = true;

        Connection(char server, Lease lease) {
            this.server = server;
            this.lease = lease;
        }
    }

    Lab(String scheduler) {
        service = VirtualService.builder().listen(VIP, 80).scheduler(scheduler).build();
        configure();
    }

    /** A service with servers A, B, C ... of these weights, added one by one. */
    static Lab of(String scheduler, int... weights) {
        Lab lab = new Lab(scheduler);
        for (int i = 0; i < weights.length; i++) {
            lab.add((char) ('A' + i), weights[i]);
        }
        return lab;
    }

    DecisionEngine engine() {
        return engine;
    }

    // ---------------------------------------------------------------- the control plane

    void configure() {
        List<Pool.Member> members = servers.entrySet().stream()
                .map(e -> new Pool.Member(e.getValue(), e.getValue().weight(), serving.get(e.getKey())))
                .toList();
        engine.configure(new Pool(service, members));
    }

    Lab add(char server, int weight) {
        servers.put(
                server, RealServer.builder(address(server), 8000).weight(weight).build());
        serving.put(server, true);
        configure();
        return this;
    }

    /** Edits a weight. To the kernel an edit that changes nothing is one too; here it takes a threshold out of reach. */
    Lab weight(char server, int weight) {
        servers.computeIfPresent(
                server,
                (c, s) -> s.weight() == weight
                        ? s.toBuilder()
                                .upperThreshold(s.upperThreshold() + 1_000_000)
                                .build()
                        : s.withWeight(weight));
        configure();
        return this;
    }

    Lab thresholds(char server, int upper, int lower) {
        servers.computeIfPresent(
                server,
                (c, s) -> s.toBuilder()
                        .upperThreshold(upper)
                        .lowerThreshold(lower)
                        .build());
        configure();
        return this;
    }

    Lab serving(char server, boolean on) {
        serving.put(server, on);
        configure();
        return this;
    }

    Lab remove(char... gone) {
        for (char server : gone) {
            servers.remove(server);
            serving.remove(server);
            configure();
        }
        return this;
    }

    Lab scheduler(String scheduler) {
        return service(builder -> builder.scheduler(scheduler));
    }

    Lab persistence(int seconds) {
        return persistence(Persistence.of(Duration.ofSeconds(seconds)));
    }

    Lab persistence(Persistence persistence) {
        return service(builder -> builder.persistence(persistence));
    }

    Lab service(UnaryOperator<VirtualService.Builder> edit) {
        service = edit.apply(service.toBuilder()).build();
        configure();
        return this;
    }

    void sleep(int seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    void sleepNanos(long nanos) {
        now.addAndGet(nanos);
    }

    // ---------------------------------------------------------------- connections

    /** Connections that are established and stay. */
    String hold(int count) {
        return repeat(count, () -> connect(CLIENT, VIP));
    }

    /** Connections that are established and end before the next one, and go on counting as inactive. */
    String finish(int count) {
        return repeat(count, () -> finishedBy(CLIENT, VIP));
    }

    /** Connections that are over before the next one, and do not count any more. */
    String pick(int count) {
        return repeat(count, () -> pickedBy(CLIENT));
    }

    /** As {@link #pick}, one from each client. */
    String pickFrom(String... clients) {
        return List.of(clients).stream().map(this::pickedBy).collect(Collectors.joining(" "));
    }

    /** As {@link #hold}, one from each client. */
    String holdFrom(String... clients) {
        return List.of(clients).stream().map(client -> connect(client, VIP)).collect(Collectors.joining(" "));
    }

    /** As {@link #hold}, one to each virtual address. */
    String holdTo(String... addresses) {
        return List.of(addresses).stream()
                .map(address -> connect(CLIENT, address))
                .collect(Collectors.joining(" "));
    }

    /** As {@link #finish}, one to each virtual address. */
    String finishTo(String... addresses) {
        return List.of(addresses).stream()
                .map(address -> finishedBy(CLIENT, address))
                .collect(Collectors.joining(" "));
    }

    /** As {@link #pick}, one to each virtual address. */
    String pickTo(String... addresses) {
        return List.of(addresses).stream().map(this::pickedTo).collect(Collectors.joining(" "));
    }

    /** Begins to end one established connection of each of these servers: it counts as inactive from now on. */
    Lab finishOf(char... which) {
        for (char server : which) {
            finish(newest(server, true));
        }
        return this;
    }

    /** Forgets one inactive connection of each of these servers. */
    Lab expire(char... which) {
        for (char server : which) {
            forget(newest(server, false));
        }
        return this;
    }

    String counts(char server) {
        ServerCounters counters = counters(server);
        return counters.active() + "/" + counters.inactive();
    }

    ServerCounters counters(char server) {
        return engine.counters().of(ServerKey.of(address(server), 8000));
    }

    private String pickedBy(String client) {
        String server = connect(client, VIP);
        return drop(server);
    }

    private String pickedTo(String address) {
        String server = connect(CLIENT, address);
        return drop(server);
    }

    private String drop(String server) {
        if (!"-".equals(server)) {
            forget(connections.get(connections.size() - 1));
        }
        return server;
    }

    private String finishedBy(String client, String address) {
        String server = connect(client, address);
        if (!"-".equals(server)) {
            finish(connections.get(connections.size() - 1));
        }
        return server;
    }

    private String connect(String client, String address) {
        Lease lease = engine.acquire(flow(client, address));
        if (lease == null) {
            return "-";
        }
        lease.established();
        char server = letter(lease.server());
        connections.add(new Connection(server, lease));
        return String.valueOf(server);
    }

    private static void finish(Connection connection) {
        connection.lease.closing();
        connection.active = false;
    }

    private void forget(Connection connection) {
        connection.lease.close();
        connections.remove(connection);
    }

    private Connection newest(char server, boolean active) {
        for (int i = connections.size() - 1; i >= 0; i--) {
            Connection connection = connections.get(i);
            if (connection.server == server && connection.active == active) {
                return connection;
            }
        }
        throw new IllegalArgumentException("no such connection of " + server);
    }

    private static String repeat(int count, java.util.function.Supplier<String> connection) {
        return java.util.stream.Stream.generate(connection).limit(count).collect(Collectors.joining(" "));
    }

    // ---------------------------------------------------------------- names

    static Flow flow(String client, String address) {
        return new Flow()
                .set(new InetSocketAddress(literal(client), 40000), new InetSocketAddress(literal(address), 80));
    }

    static InetAddress literal(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Addresses {@code prefix + 1}, {@code prefix + 2}, ... */
    static String[] addresses(String prefix, int count) {
        return java.util.stream.IntStream.rangeClosed(1, count)
                .mapToObj(i -> prefix + i)
                .toArray(String[]::new);
    }

    private static String address(char server) {
        return "10.9.0." + (server - 'A' + 1);
    }

    static char letter(ServerKey server) {
        return (char) ('A' + server.address().getAddress()[3] - 1);
    }
}
