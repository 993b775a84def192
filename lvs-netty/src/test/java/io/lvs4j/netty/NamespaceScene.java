package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.AddressRange;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.LvsException;
import io.lvs4j.Protocol;
import io.lvs4j.Refusal;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Ticker;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What happens in a network namespace, as a program: {@link Namespaces} starts it. */
final class NamespaceScene {
    static final String MARK = "scene: ";

    private static final int PORT = 8080;
    private static final int BULK = 1 << 20;
    private static final Charset US_ASCII = StandardCharsets.US_ASCII;

    private NamespaceScene() {}

    public static void main(String[] args) throws Exception {
        TestServer.daemon(NamespaceScene::endWithTheTest);
        switch (args[0]) {
            case "sources" -> sources(Transport.valueOf(args[1]));
            case "udp-sources" -> udpSources(Transport.valueOf(args[1]));
            case "server" -> server(args[1]);
            case "director" -> director(Transport.valueOf(args[1]), args[2], args[3]);
            case "client" -> client(args[1]);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void endWithTheTest() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // as good as the end
        }
        Runtime.getRuntime().halt(0);
    }

    private static void say(String line) {
        System.out.println(MARK + line);
    }

    // ---------------------------------------------------------------- full NAT from a range of two, with ten ports
    // each

    private static void sources(Transport transport) throws Exception {
        try (Lab lab = new Lab(transport)) {
            TestServer server = lab.keep(new TestServer("10.77.1.1"));
            TestServer other = lab.keep(new TestServer("10.77.1.2"));
            ServiceHandle service = lab.director.add(fromRange(Protocol.TCP)
                    .scheduler("fo")
                    .realServer("10.77.1.1", server.address().getPort(), s -> s.weight(2))
                    .realServer("10.77.1.2", other.address().getPort(), s -> s.weight(1))
                    .build());
            leaveTenPorts();
            Deque<Socket> clients = new ArrayDeque<>();
            Set<InetAddress> sources = new LinkedHashSet<>();
            for (int i = 0; i < 20; i++) {
                clients.push(open(lab, 30_000 + i));
                sources.add(server.take().getInetAddress());
                assertThat(sources).hasSize(1 + i / 10);
            }
            assertThat(sources)
                    .containsExactlyInAnyOrder(InetAddress.getByName("10.77.0.1"), InetAddress.getByName("10.77.0.2"));

            assertThat(isReset(lab, 31_000)).isTrue();

            assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.NO_SOURCE, 1L));
            assertThat(Lab.counters(service, server).connectFailures()).isZero();
            assertThat(other.count()).isZero();
            service.server(server.key()).weight(0);
            if (transport == Transport.EPOLL) {
                open(lab, 31_001);
                assertThat(sources).contains(other.take().getInetAddress()); // the same ports, to another server
            } else {
                assertThat(isReset(lab, 31_001)).isTrue();
            }
            service.server(server.key()).weight(2);

            Lab.reset(clients.pop());
            await().until(() -> Lab.counters(service, server).active() == 19);
            AtomicInteger port = new AtomicInteger(31_002);
            await().ignoreExceptionsInstanceOf(SocketException.class).until(() -> {
                open(lab, port.getAndIncrement()); // the JDK gives a port back with its next look at the selector
                return server.count() > 20;
            });
            assertThat(sources).contains(server.take().getInetAddress());
        }
        say("done");
    }

    /** Towards each destination; clients and servers have others. */
    private static void leaveTenPorts() throws IOException {
        Files.writeString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"), "20000 20009");
    }

    private static boolean isReset(Lab lab, int port) throws IOException {
        try {
            return Lab.readAll(open(lab, port)).reset();
        } catch (SocketException e) {
            return true; // that fast
        }
    }

    private static VirtualService.Builder fromRange(Protocol protocol) {
        return VirtualService.builder()
                .protocol(protocol)
                .listen("10.77.2.1", PORT)
                .forwarding(ForwardingMethod.fullNat(AddressRange.parse("10.77.0.1-10.77.0.2")));
    }

    private static Socket open(Lab lab, int port) throws IOException {
        Socket socket = lab.keep(new Socket());
        socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
        socket.bind(new InetSocketAddress("10.77.3.1", port));
        socket.connect(new InetSocketAddress("10.77.2.1", PORT), Lab.TIMEOUT_MILLIS);
        return socket;
    }

    private static void udpSources(Transport transport) throws Exception {
        try (Lab lab = new Lab(transport)) {
            lab.keep(new DatagramEcho("10.77.1.1"));
            lab.director.add(
                    fromRange(Protocol.UDP).realServer("10.77.1.1", PORT).build());
            leaveTenPorts();
            Set<String> sources = new LinkedHashSet<>();
            for (int i = 0; i < 20; i++) {
                DatagramSocket client = lab.keep(new DatagramSocket(new InetSocketAddress("10.77.3.1", 30_000 + i)));
                client.connect(new InetSocketAddress("10.77.2.1", PORT));
                sources.add(askByDatagram(client).split(" ")[0]);
                assertThat(sources).hasSize(1 + i / 10);
            }
        }
        say("done");
    }

    // ---------------------------------------------------------------- transparent

    /** Says who it takes for its client, and echoes. */
    private static void server(String address) throws Exception {
        DatagramEcho udp = new DatagramEcho(address);
        try (ServerSocket tcp = new ServerSocket()) {
            tcp.bind(new InetSocketAddress(address, PORT));
            say("ready " + udp.socket.getLocalAddress());
            while (true) {
                Socket socket = tcp.accept();
                TestServer.daemon(() -> echo(socket));
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getOutputStream().write((seen(socket.getRemoteSocketAddress()) + "\n").getBytes(US_ASCII));
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // the client has gone, and says so
        }
    }

    private static String seen(SocketAddress address) {
        InetSocketAddress client = (InetSocketAddress) address;
        return client.getAddress().getHostAddress() + " " + client.getPort();
    }

    private static void director(Transport transport, String listen, String server) throws Exception {
        try (Lab lab =
                new Lab(NettyBackend.builder().transport(transport).threads(2).transparent(), Ticker.system())) {
            for (Protocol protocol : new Protocol[] {Protocol.TCP, Protocol.UDP}) {
                lab.director.add(VirtualService.builder()
                        .protocol(protocol)
                        .listen(listen, PORT)
                        .realServer(server, PORT)
                        .build());
            }
            say("serving");
            new CountDownLatch(1).await();
        } catch (LvsException e) {
            say("refused " + e.getMessage());
        }
    }

    /** The director sees it, not the test: whether servers see us as ourselves, and every byte comes back. */
    private static void client(String virtual) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
                socket.connect(new InetSocketAddress(virtual, PORT), Lab.TIMEOUT_MILLIS);
                DataInputStream in = new DataInputStream(socket.getInputStream());
                String expected = seen(socket.getLocalSocketAddress()) + "\n";
                assertThat(new String(in.readNBytes(expected.length()), US_ASCII))
                        .isEqualTo(expected);
                byte[] data = Lab.pattern(BULK, i);
                TestServer.daemon(() -> {
                    try {
                        socket.getOutputStream().write(data);
                        socket.shutdownOutput();
                    } catch (IOException e) {
                        // what is missing is missed below
                    }
                });
                assertThat(in.readAllBytes()).isEqualTo(data);
            }
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(new InetSocketAddress(virtual, PORT));
                assertThat(askByDatagram(socket)).isEqualTo(seen(socket.getLocalSocketAddress()));
            }
        }
        say("done");
    }

    private static String askByDatagram(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
        socket.send(new DatagramPacket(new byte[] {'?'}, 1));
        DatagramPacket answer = new DatagramPacket(new byte[100], 100);
        socket.receive(answer);
        return new String(Arrays.copyOf(answer.getData(), answer.getLength()), US_ASCII);
    }

    /** Answers with the address that a datagram came from. */
    private static final class DatagramEcho implements AutoCloseable {
        private final DatagramSocket socket;

        DatagramEcho(String address) throws IOException {
            socket = new DatagramSocket(new InetSocketAddress(address, PORT));
            TestServer.daemon(() -> {
                try {
                    while (true) {
                        DatagramPacket asked = new DatagramPacket(new byte[100], 100);
                        socket.receive(asked);
                        byte[] answer = seen(asked.getSocketAddress()).getBytes(US_ASCII);
                        socket.send(new DatagramPacket(answer, answer.length, asked.getSocketAddress()));
                    }
                } catch (IOException e) {
                    // closed
                }
            });
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
