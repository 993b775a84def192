package io.lvs4j.netlink;

import io.lvs4j.netlink.socket.NetworkNamespace;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients, a director and servers, each in a network namespace of its own; made once, and left to the guest. Every address of
 * its network is a namespace's own: 10.0.0.0/8 the clients', 172.16.0.0/12 the director's, 192.168.0.0/16 the servers'.
 *
 * <p>A server, at port 80 of any address, greets with this address and echoes from then on, until it is told goodbye.
 */
final class KernelNetwork {
    static final int PORT = 80;

    private static final String DIRECTOR = "/run/netns/lvs-director";
    private static final String CLIENTS = "/run/netns/lvs-clients";
    private static final String SERVERS = "/run/netns/lvs-servers";
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int BACKLOG = 1000;
    private static final int BATCH = 64;
    private static final int ADDRESS_BYTES = 4;

    private static final int ECHO = 42;

    /** What makes a server end a connection. */
    private static final int GOODBYE = 4;

    /** How long the kernel remembers a connection that a server has ended and the client has not. */
    private static final Duration HALF_CLOSED = Duration.ofSeconds(1);

    /** The clients that servers have connections of. */
    private static final Set<SocketAddress> SERVED = ConcurrentHashMap.newKeySet();

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Queue<Socket> unused = new ConcurrentLinkedQueue<>();
    private final AtomicInteger virtual = new AtomicInteger();
    private final AtomicInteger marks = new AtomicInteger();
    private final AtomicInteger real = new AtomicInteger();

    private static final class Only {
        static final KernelNetwork NETWORK = new KernelNetwork();
    }

    /** Returns the network, which is made by the first call. */
    static KernelNetwork get() {
        return Only.NETWORK;
    }

    private KernelNetwork() {
        try {
            build();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void build() throws IOException, InterruptedException {
        for (String namespace : new String[] {"lvs-clients", "lvs-director", "lvs-servers"}) {
            ip("netns", "add", namespace);
            ip("-n", namespace, "link", "set", "lo", "up");
        }
        connect("lvs-clients", "100.64.0.1", "100.64.0.2", "10.0.0.0/8");
        connect("lvs-servers", "100.65.0.1", "100.65.0.2", "192.168.0.0/16");
        ip("-n", "lvs-director", "route", "add", "local", "172.16.0.0/12", "dev", "lo");
        // A refused client hears of it every time.
        new Sysctl(Optional.of(DIRECTOR)).set("net.ipv4.icmp_ratelimit", "0");
        try (Ipvs ipvs = Ipvs.open(DIRECTOR)) {
            ipvs.timeouts(new IpvsTimeouts(Duration.ZERO, HALF_CLOSED, Duration.ZERO));
        }

        ServerSocketChannel listener =
                NetworkNamespace.call(SERVERS, () -> ServerSocketChannel.open(StandardProtocolFamily.INET));
        listener.bind(new InetSocketAddress(PORT), BACKLOG);
        listener.configureBlocking(false);
        Selector selector = Selector.open();
        listener.register(selector, SelectionKey.OP_ACCEPT);
        Thread thread = new Thread(() -> serve(selector), "test-servers");
        thread.setDaemon(true);
        thread.start();
    }

    /** Links a namespace with the director's. */
    private static void connect(String namespace, String director, String other, String network)
            throws IOException, InterruptedException {
        ip("link", "add", namespace, "netns", "lvs-director", "type", "veth", "peer", "director", "netns", namespace);
        ip("-n", "lvs-director", "address", "add", director + "/30", "dev", namespace);
        ip("-n", "lvs-director", "link", "set", namespace, "up");
        ip("-n", namespace, "address", "add", other + "/30", "dev", "director");
        ip("-n", namespace, "link", "set", "director", "up");
        ip("-n", namespace, "route", "add", "default", "via", director);
        ip("-n", namespace, "route", "add", "local", network, "dev", "lo");
        ip("-n", "lvs-director", "route", "add", network, "via", other);
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Command.run(command);
    }

    // ---------------------------------------------------------------- the servers

    private static void serve(Selector selector) {
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        try {
            while (true) {
                selector.select(key -> serve(key, buffer));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void serve(SelectionKey key, ByteBuffer buffer) {
        try {
            if (key.channel() instanceof ServerSocketChannel listener) {
                SocketChannel client = listener.accept();
                client.configureBlocking(false);
                SocketAddress from = client.getRemoteAddress();
                SERVED.add(from);
                client.register(key.selector(), SelectionKey.OP_READ, from);
                greet(client);
            } else {
                echo((SocketChannel) key.channel(), buffer.clear());
            }
        } catch (IOException e) {
            close(key);
        }
        if (key.attachment() != null && !key.channel().isOpen()) {
            SERVED.remove(key.attachment());
        }
    }

    private static void greet(SocketChannel client) throws IOException {
        try {
            InetSocketAddress server = (InetSocketAddress) client.getLocalAddress();
            client.write(ByteBuffer.wrap(server.getAddress().getAddress()));
        } catch (IOException e) {
            SERVED.remove(client.getRemoteAddress());
            client.close(); // it has gone already
        }
    }

    private static void echo(SocketChannel client, ByteBuffer buffer) throws IOException {
        int read = client.read(buffer);
        if (read < 0 || (read > 0 && buffer.get(0) == GOODBYE)) {
            client.close();
        } else {
            client.write(buffer.flip());
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---------------------------------------------------------------- addresses

    /** Returns the director's namespace. */
    String director() {
        return DIRECTOR;
    }

    /** Returns an address of the director that has not been used. */
    InetAddress virtualAddress() {
        int n = virtual.incrementAndGet();
        return ipv4(172, 16, n >> 8, n);
    }

    /** Returns a firewall mark that packets to some addresses have, and that has not been used. */
    int nextMark() throws IOException, InterruptedException {
        int mark = marks.incrementAndGet();
        String network = markedAddress(mark, 0).getHostAddress() + "/24";
        String marking = "iptables-legacy -t mangle -A PREROUTING -d " + network + " -j MARK --set-mark " + mark;
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", "lvs-director"));
        command.addAll(List.of(marking.split(" ", -1)));
        Command.run(command.toArray(String[]::new));
        return mark;
    }

    /** Returns one of the 256 addresses whose packets have a mark. */
    static InetAddress markedAddress(int mark, int number) {
        return ipv4(172, 24, mark, number);
    }

    /** Returns a server's address that has not been used. */
    InetAddress serverAddress() {
        int n = real.incrementAndGet();
        return ipv4(192, 168, n >> 8, n);
    }

    /** Returns the client's address that stands for an address in 127.0.0.0/8. */
    static InetAddress clientAddress(InetAddress loopback) {
        byte[] bytes = loopback.getAddress();
        return ipv4(10, bytes[1], bytes[2], bytes[3]);
    }

    static InetAddress ipv4(int... bytes) {
        byte[] address = new byte[ADDRESS_BYTES];
        for (int i = 0; i < ADDRESS_BYTES; i++) {
            address[i] = (byte) bytes[i];
        }
        try {
            return Inet4Address.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four bytes are always an address
        }
    }

    // ---------------------------------------------------------------- a client

    /** A connection and the server that has it. */
    record Connection(Socket socket, InetAddress server) {
        boolean works() {
            try {
                socket.getOutputStream().write(ECHO);
                return socket.getInputStream().read() == ECHO;
            } catch (IOException e) {
                return false;
            }
        }

        /**
         * Has the server end it, and does not answer: the kernel forgets such a connection after a second, one that is reset
         * after 10 s, and one that both have ended after 2 min. The director has heard of it when this returns.
         *
         * <p>The socket stays open: a reset would remind the kernel of it.
         */
        void endAtServer() {
            try {
                socket.getOutputStream().write(GOODBYE);
                if (socket.getInputStream().read() >= 0) {
                    throw new IllegalStateException("server " + server + " does not end " + socket);
                }
            } catch (IOException e) {
                // it has been let go already
            }
        }

        /** Resets it: the kernel remembers it for 10 s. The director has heard of it when this returns. */
        void reset() {
            SocketAddress client = socket.getLocalSocketAddress();
            letGo();
            long begin = System.nanoTime();
            while (SERVED.contains(client)) {
                if (System.nanoTime() - begin > PATIENCE_NANOS) {
                    throw new IllegalStateException("server " + server + " has not heard that " + client + " has gone");
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }

        /** Resets it, and does not wait: whether the reset is let through does not matter. */
        void letGo() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Connects, and waits for the server's greeting; empty if the client is refused. */
    Optional<Connection> connect(InetSocketAddress client, InetAddress service) {
        Socket socket = clientSocket(client);
        try {
            socket.connect(new InetSocketAddress(service, PORT), PATIENCE_MILLIS);
            byte[] greeting = socket.getInputStream().readNBytes(ADDRESS_BYTES);
            if (greeting.length == ADDRESS_BYTES) {
                return Optional.of(new Connection(socket, Inet4Address.getByAddress(greeting)));
            }
        } catch (IOException e) {
            // refused
        }
        new Connection(socket, service).letGo();
        return Optional.empty();
    }

    private Socket clientSocket(InetSocketAddress client) {
        Socket socket = unused.poll();
        if (socket == null) {
            socket = NetworkNamespace.call(CLIENTS, () -> {
                for (int i = 0; i < BATCH; i++) {
                    unused.add(newSocket());
                }
                return newSocket();
            });
        }
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.bind(client);
        } catch (IOException e) {
            throw new IllegalStateException("client " + client, e);
        }
        return socket;
    }

    private static Socket newSocket() throws IOException {
        Socket socket = new Socket();
        socket.setSoLinger(true, 0); // an option creates the descriptor, and so ties it to the namespace
        return socket;
    }
}
