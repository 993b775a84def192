package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.Protocol;
import io.lvs4j.netlink.socket.NetworkNamespace;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A client, a director and two servers, each in a network namespace of its own. What a server answers to a client goes by the
 * client's address:
 *
 * <pre>
 *            10.2.N.1 ┌──────────┐
 *       ┌─────────────┤ director ├───────┐   back to 10.1.0.2: through the director
 *   ┌───┴────┐        └──────────┘   ┌───┴────┐
 *   │server N├───────────────────────┤ client │   back to 10.3.0.2: directly
 *   └────────┘ 10.2.N.2              └────────┘   back to 10.4.0.2: no route
 * </pre>
 *
 * <p>In IPv6 the same: {@code fd10:1::2}, {@code fd10:2:N::2}. A server listens at its own address on port 8080, and on 80 and 81
 * at the virtual one, too. It tells its own number and the client's address, and then echoes.
 */
final class ForwardingNetwork {
    static final String DIRECTOR = "/run/netns/fw-director";
    static final int VIRTUAL_PORT = 80;
    static final int OTHER_VIRTUAL_PORT = 81;
    static final int REAL_PORT = 8080;

    private static final String CLIENT = "/run/netns/fw-client";
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int MAX_DATAGRAM = 2000;
    /** Leaves room for a tunnel's headers. */
    private static final String MTU = "1400";

    /** How a server's answer gets to the client. */
    enum WayBack {
        THROUGH_DIRECTOR(1),
        DIRECT(3),
        NONE(4);

        private final int network;

        WayBack(int network) {
            this.network = network;
        }

        InetAddress client(AddressFamily family) {
            return address(family, network, "2");
        }
    }

    /** What came back: from which server, the client as this server saw it, and the bytes. */
    record Answer(int server, InetAddress client, ByteBuffer echo) {
        static Answer read(DataInputStream in, int bytes) throws IOException {
            int server = in.readByte();
            InetAddress client = InetAddress.getByAddress(in.readNBytes(in.readByte()));
            return new Answer(server, client, ByteBuffer.wrap(in.readNBytes(bytes)));
        }
    }

    private static final class Only {
        static final ForwardingNetwork NETWORK = new ForwardingNetwork();
    }

    /** Returns the network, which is made by the first call. */
    static ForwardingNetwork get() {
        return Only.NETWORK;
    }

    private ForwardingNetwork() {
        try {
            build();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---------------------------------------------------------------- addresses

    static InetAddress virtual(AddressFamily family) {
        return address(family, 20, "1");
    }

    static InetAddress server(AddressFamily family, int number) {
        return serverLink(family, number, "2");
    }

    /** Returns the director's address on the side of a server. */
    static InetAddress director(AddressFamily family, int server) {
        return serverLink(family, server, "1");
    }

    private static InetAddress serverLink(AddressFamily family, int server, String host) {
        return literal(family == AddressFamily.INET ? "10.2." + server + "." + host : "fd10:2:" + server + "::" + host);
    }

    private static InetAddress address(AddressFamily family, int network, String host) {
        return literal(family == AddressFamily.INET ? "10." + network + ".0." + host : "fd10:" + network + "::" + host);
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---------------------------------------------------------------- the network

    private static void build() throws IOException, InterruptedException {
        Command.run("modprobe", "-a", "ipip", "sit", "ip6_tunnel", "ip_gre", "ip6_gre", "fou", "fou6");
        for (String name : new String[] {"client", "director", "server1", "server2"}) {
            ip("netns", "add", "fw-" + name);
            Sysctl sysctl = new Sysctl(Optional.of("/run/netns/fw-" + name));
            sysctl.set("net.ipv4.conf.all.rp_filter", "0");
            sysctl.set("net.ipv4.conf.default.rp_filter", "0");
            in(name, "link", "set", "lo", "up");
            if (!name.equals("client")) {
                in(name, "address", "add", "10.20.0.1/32", "dev", "lo");
                in(name, "address", "add", "fd10:20::1/128", "dev", "lo", "nodad");
            }
        }
        link("director", "client", "10.0.0.", "fd10::");
        in("client", "route", "add", "default", "via", "10.0.0.1");
        in("client", "route", "add", "default", "via", "fd10::1");
        for (WayBack way : WayBack.values()) {
            for (AddressFamily family : AddressFamily.values()) {
                String client = way.client(family).getHostAddress();
                in("client", "address", "add", client, "dev", "lo");
                in("director", "route", "add", client, "via", family == AddressFamily.INET ? "10.0.0.2" : "fd10::2");
            }
        }
        for (int number = 1; number <= 2; number++) {
            buildServer(number);
        }
    }

    private static void buildServer(int number) throws IOException, InterruptedException {
        String name = "server" + number;
        link("director", name, "10.2." + number + ".", "fd10:2:" + number + "::");
        link("client", name, "10.5." + number + ".", "fd10:5:" + number + "::");
        in(name, "route", "add", "10.1.0.2", "via", "10.2." + number + ".1");
        in(name, "route", "add", "fd10:1::2", "via", "fd10:2:" + number + "::1");
        in(name, "route", "add", "10.3.0.2", "via", "10.5." + number + ".1");
        in(name, "route", "add", "fd10:3::2", "via", "fd10:5:" + number + "::1");
        String ipv6 = server(AddressFamily.INET6, number).getHostAddress();
        in(name, "link", "add", "any6", "type", "ip6tnl", "mode", "any", "local", ipv6, "remote", "any");
        for (String tunnel : new String[] {"tunl0", "ip6tnl0", "gre0", "ip6gre0", "any6", "sit0"}) {
            in(name, "link", "set", tunnel, "up");
        }
        in(name, "fou", "add", "port", "6080", "gue");
        in(name, "-6", "fou", "add", "port", "6080", "gue");
        NetworkNamespace.call("/run/netns/fw-" + name, () -> {
            for (int port : new int[] {VIRTUAL_PORT, OTHER_VIRTUAL_PORT, REAL_PORT}) {
                ServerSocket listener = new ServerSocket(port);
                background(() -> accept(listener, number));
            }
            for (AddressFamily family : AddressFamily.values()) {
                serveDatagrams(new InetSocketAddress(server(family, number), REAL_PORT), number);
                serveDatagrams(new InetSocketAddress(virtual(family), VIRTUAL_PORT), number);
            }
            return number;
        });
    }

    private static void link(String one, String other, String ipv4, String ipv6)
            throws IOException, InterruptedException {
        ip("link", "add", other, "netns", "fw-" + one, "type", "veth", "peer", one, "netns", "fw-" + other);
        end(one, other, ipv4 + "1/24", ipv6 + "1/64");
        end(other, one, ipv4 + "2/24", ipv6 + "2/64");
        if (other.equals("client") || one.equals("client")) {
            in("client", "link", "set", one.equals("client") ? other : one, "mtu", MTU);
        }
    }

    private static void end(String namespace, String device, String ipv4, String ipv6)
            throws IOException, InterruptedException {
        in(namespace, "address", "add", ipv4, "dev", device);
        in(namespace, "address", "add", ipv6, "dev", device, "nodad");
        in(namespace, "link", "set", device, "up");
    }

    private static void in(String namespace, String... arguments) throws IOException, InterruptedException {
        String[] command = Arrays.copyOf(new String[] {"-n", "fw-" + namespace}, arguments.length + 2);
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        ip(command);
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        String[] command = Arrays.copyOf(new String[] {"ip"}, arguments.length + 1);
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Command.run(command);
    }

    // ---------------------------------------------------------------- the servers

    private interface Job {
        void run() throws IOException;
    }

    private static void background(Job job) {
        Thread thread = new Thread(
                () -> {
                    try {
                        job.run();
                    } catch (IOException e) {
                        // the client has what it wants, or its test fails
                    }
                },
                "test-server");
        thread.setDaemon(true);
        thread.start();
    }

    private static void accept(ServerSocket listener, int number) throws IOException {
        while (true) {
            Socket client = listener.accept();
            background(() -> {
                try (client) {
                    client.getOutputStream().write(greeting(number, client.getInetAddress()));
                    client.getInputStream().transferTo(client.getOutputStream());
                }
            });
        }
    }

    private static void serveDatagrams(InetSocketAddress address, int number) throws IOException {
        DatagramSocket socket = new DatagramSocket(address);
        background(() -> {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
                socket.receive(packet);
                byte[] greeting = greeting(number, packet.getAddress());
                byte[] answer = ByteBuffer.allocate(greeting.length + packet.getLength())
                        .put(greeting)
                        .put(packet.getData(), 0, packet.getLength())
                        .array();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        });
    }

    private static byte[] greeting(int number, InetAddress client) {
        byte[] address = client.getAddress();
        return ByteBuffer.allocate(2 + address.length)
                .put((byte) number)
                .put((byte) address.length)
                .put(address)
                .array();
    }

    // ---------------------------------------------------------------- the client

    /** Sends bytes to the virtual address from a port of its own, and returns the answer. */
    Answer ask(Protocol protocol, InetAddress client, InetAddress virtual, int port, byte[] bytes) {
        InetSocketAddress from = new InetSocketAddress(client, 0);
        InetSocketAddress to = new InetSocketAddress(virtual, port);
        return NetworkNamespace.call(
                CLIENT, () -> protocol == Protocol.TCP ? askTcp(from, to, bytes) : askUdp(from, to, bytes));
    }

    private static Answer askTcp(InetSocketAddress from, InetSocketAddress to, byte[] bytes) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.bind(from);
            socket.connect(to, PATIENCE_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            CompletableFuture<Void> sent = new CompletableFuture<>();
            background(() -> {
                out.write(bytes);
                sent.complete(null);
            });
            Answer answer = Answer.read(new DataInputStream(socket.getInputStream()), bytes.length);
            sent.join();
            return answer;
        }
    }

    private static Answer askUdp(InetSocketAddress from, InetSocketAddress to, byte[] bytes) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(from)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(to);
            return ask(socket, to, bytes).answer();
        }
    }

    /** What came back, from where, and to which port of the client. */
    record DatagramAnswer(Answer answer, SocketAddress from, int clientPort) {
        int server() {
            return answer.server();
        }
    }

    /** Sends datagrams one after the other from one port to the virtual address, and returns the answers, from wherever. */
    List<DatagramAnswer> askFromOnePort(InetAddress client, InetAddress virtual, int datagrams) {
        InetSocketAddress to = new InetSocketAddress(virtual, VIRTUAL_PORT);
        return NetworkNamespace.call(CLIENT, () -> {
            try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(client, 0))) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                List<DatagramAnswer> answers = new ArrayList<>();
                for (int i = 0; i < datagrams; i++) {
                    answers.add(ask(socket, to, new byte[] {(byte) i}));
                }
                return answers;
            }
        });
    }

    private static DatagramAnswer ask(DatagramSocket socket, InetSocketAddress to, byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, to));
        DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
        socket.receive(packet);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(packet.getData(), 0, packet.getLength()));
        return new DatagramAnswer(Answer.read(in, bytes.length), packet.getSocketAddress(), socket.getLocalPort());
    }
}
