package io.lvs4j.health;

import io.lvs4j.ServerKey;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A server on a datagram socket that does what its script says with each datagram, on one thread. */
final class DatagramLiar implements AutoCloseable {
    /** What it does with one datagram. */
    @FunctionalInterface
    interface Script {
        void answer(DatagramLiar self, byte[] datagram, SocketAddress from) throws IOException;
    }

    final BlockingQueue<SocketAddress> seen = new LinkedBlockingQueue<>();
    private final DatagramSocket socket;
    private final ServerKey key;
    private final Script script;

    DatagramLiar(Script script) throws IOException {
        this("127.0.0.1", script);
    }

    DatagramLiar(String address, Script script) throws IOException {
        this.socket = new DatagramSocket(0, InetAddress.getByName(address));
        this.key = new ServerKey(socket.getLocalAddress(), socket.getLocalPort());
        this.script = script;
        Thread thread = new Thread(this::serve, "datagram-liar");
        thread.setDaemon(true);
        thread.start();
    }

    static DatagramLiar silent() throws IOException {
        return new DatagramLiar((self, datagram, from) -> {});
    }

    ServerKey key() {
        return key;
    }

    private void serve() {
        byte[] buffer = new byte[1 << 16];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                seen.add(packet.getSocketAddress());
                script.answer(this, Arrays.copyOf(buffer, packet.getLength()), packet.getSocketAddress());
            }
        } catch (IOException e) {
            socket.close();
        }
    }

    void send(byte[] datagram, SocketAddress to) throws IOException {
        socket.send(new DatagramPacket(datagram, datagram.length, to));
    }

    /** Sends from another port than was asked. */
    static void sendFromElsewhere(byte[] datagram, SocketAddress to) throws IOException {
        try (DatagramSocket other = new DatagramSocket()) {
            other.send(new DatagramPacket(datagram, datagram.length, to));
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
