package io.lvs4j.netty;

import io.lvs4j.ServerKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A real server that leaves datagrams to the test, or sends each back. */
final class UdpServer implements AutoCloseable {
    private final DatagramSocket socket;
    private final ServerKey key;
    private final Thread thread;
    private final BlockingQueue<DatagramPacket> received = new LinkedBlockingQueue<>();

    private UdpServer(String address, Predicate<byte[]> echo) {
        try {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        key = new ServerKey(socket.getLocalAddress(), socket.getLocalPort());
        thread = new Thread(() -> serve(echo), "test-peer");
        thread.setDaemon(true);
        thread.start();
    }

    static UdpServer silent() {
        return new UdpServer("127.0.0.1", data -> false);
    }

    static UdpServer echo() {
        return echo("127.0.0.1");
    }

    static UdpServer echo(String address) {
        return new UdpServer(address, data -> true);
    }

    /** Sends back what passes. */
    static UdpServer echo(Predicate<byte[]> which) {
        return new UdpServer("127.0.0.1", which);
    }

    private void serve(Predicate<byte[]> echo) {
        byte[] buffer = new byte[1 << 16];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] data = Arrays.copyOf(buffer, packet.getLength());
                received.add(new DatagramPacket(data, data.length, packet.getSocketAddress()));
                if (echo.test(data)) {
                    socket.send(packet);
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    ServerKey key() {
        return key;
    }

    /** The next datagram that nobody has taken. */
    DatagramPacket take() throws InterruptedException {
        return Objects.requireNonNull(
                received.poll(Lab.TIMEOUT_MILLIS, TimeUnit.MILLISECONDS), "no datagram reached the server");
    }

    /** How many datagrams have come that nobody has taken. */
    int waiting() {
        return received.size();
    }

    void send(byte[] data, InetSocketAddress to) throws IOException {
        socket.send(new DatagramPacket(data, data.length, to));
    }

    /** Returns when the port is free: a thread that waits for a datagram keeps it for a moment. */
    @Override
    public void close() {
        socket.close();
        try {
            thread.join(Lab.TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
