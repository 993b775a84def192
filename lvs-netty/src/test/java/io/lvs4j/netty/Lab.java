package io.lvs4j.netty;

import io.lvs4j.Director;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.Ticker;
import io.lvs4j.testkit.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;

/** A director on a Netty backend, real servers on loopback, and clients: closed together, last made first. */
final class Lab implements AutoCloseable {
    static final int TIMEOUT_MILLIS = 20_000;

    /** Of its own, so that nobody else has bound a port of it. */
    static final String VIP = "127.77.0.1";

    private final Deque<AutoCloseable> things = new ArrayDeque<>();
    final Director director;

    Lab(Transport transport) {
        this(transport, Ticker.system());
    }

    Lab(Transport transport, Ticker ticker) {
        this(NettyBackend.builder().transport(transport).threads(2), ticker);
    }

    Lab(NettyBackend.Builder backend, Ticker ticker) {
        director =
                keep(Director.builder().backend(backend.build()).ticker(ticker).build());
    }

    <T extends AutoCloseable> T keep(T thing) {
        things.push(thing);
        return thing;
    }

    TestServer server() {
        return keep(new TestServer("127.0.0.1"));
    }

    /** Serves with round robin on a free port. */
    ServiceHandle serve(TestServer... servers) {
        return serve(UnaryOperator.identity(), servers);
    }

    ServiceHandle serve(UnaryOperator<VirtualService.Builder> settings, TestServer... servers) {
        VirtualService.Builder service =
                VirtualService.builder().listen(VIP, freePort(VIP)).scheduler("rr");
        for (TestServer server : servers) {
            service.realServer(
                    server.address().getAddress().getHostAddress(),
                    server.address().getPort());
        }
        return director.add(settings.apply(service).build());
    }

    /** Changes settings of a service. */
    void edit(ServiceHandle service, UnaryOperator<VirtualService.Builder> settings) {
        director.update(settings.apply(service.snapshot().service().toBuilder()).build());
    }

    static int freePort(String address) {
        return FreePorts.on(new InetSocketAddress(address, 0).getAddress());
    }

    /** A port of 127.0.0.1 on which nobody listens, until the lab is closed. */
    InetSocketAddress refusing() throws IOException {
        Socket bound = keep(new Socket()); // bound, but not listening
        bound.bind(new InetSocketAddress("127.0.0.1", 0));
        return (InetSocketAddress) bound.getLocalSocketAddress();
    }

    static InetSocketAddress addressOf(ServiceHandle service) {
        var listen = ((io.lvs4j.ServiceKey.Listening) service.key()).addresses().get(0);
        return new InetSocketAddress(listen.address(), listen.firstPort());
    }

    Socket connect(ServiceHandle service) throws IOException {
        return connect(addressOf(service));
    }

    Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = keep(new Socket());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(address, TIMEOUT_MILLIS);
        return socket;
    }

    static ServerCounters counters(ServiceHandle service, TestServer server) {
        return service.snapshot().server(server.key()).counters();
    }

    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Writes a byte and returns whether that failed. */
    static boolean cannotWrite(Socket socket) {
        return cannotWrite(socket, 1);
    }

    /** Writes some bytes and returns whether that failed. */
    static boolean cannotWrite(Socket socket, int bytes) {
        try {
            socket.getOutputStream().write(new byte[bytes]);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Sends and receives one byte through an echo server. */
    static void ping(Socket socket) throws IOException {
        socket.getOutputStream().write('!');
        if (socket.getInputStream().read() != '!') {
            throw new IOException("no echo");
        }
    }

    /** Reads to the end; returns what came and how it ended. */
    static Received readAll(Socket socket) throws IOException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        InputStream in = socket.getInputStream();
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes.write(buffer, 0, n);
            }
            return new Received(bytes.toByteArray(), false);
        } catch (SocketException e) {
            return new Received(bytes.toByteArray(), true);
        }
    }

    /** Connects and returns whether that ends with a reset, be it that fast. */
    boolean isReset(ServiceHandle service) throws IOException {
        try {
            return readAll(connect(service)).reset();
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    /** What a peer got: the bytes, and whether they ended with a reset. */
    static final class Received {
        private final byte[] bytes;
        private final boolean reset;

        Received(byte[] bytes, boolean reset) {
            this.bytes = bytes;
            this.reset = reset;
        }

        byte[] bytes() {
            return bytes;
        }

        boolean reset() {
            return reset;
        }
    }

    static byte[] pattern(int length, long seed) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }

    static ServerKey key(InetSocketAddress address) {
        return new ServerKey(address.getAddress(), address.getPort());
    }

    @Override
    public void close() {
        while (!things.isEmpty()) {
            try {
                things.pop().close();
            } catch (IOException e) {
                // a socket that its peer has reset
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
