package io.lvs4j.netty;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/** A client with one port. It takes answers from anywhere, so that it sees where they come from. */
final class UdpClient implements AutoCloseable {
    private static final int RESEND_MILLIS = 500;

    private final DatagramSocket socket;
    private final InetSocketAddress service;

    UdpClient(String address, InetSocketAddress service) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), 0));
        this.service = service;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    void send(byte... data) throws IOException {
        socket.send(new DatagramPacket(data, data.length, service));
    }

    byte[] receive() throws IOException {
        return receive(Lab.TIMEOUT_MILLIS);
    }

    private byte[] receive(int millis) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1 << 16], 1 << 16);
        socket.setSoTimeout(millis);
        socket.receive(packet);
        if (!packet.getSocketAddress().equals(service)) {
            throw new IOException("from " + packet.getSocketAddress() + " (expected: from " + service + ")");
        }
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    /** Sends and waits for the answer. */
    byte[] ask(byte... data) throws IOException {
        send(data);
        return receive();
    }

    /** Sends again and again until an answer comes. */
    void askPatiently(byte... data) throws IOException {
        for (int i = 0; i < Lab.TIMEOUT_MILLIS / RESEND_MILLIS; i++) {
            send(data);
            try {
                receive(RESEND_MILLIS);
                return;
            } catch (SocketTimeoutException e) {
                // lost
            }
        }
        throw new IOException("no answer");
    }

    @Override
    public void close() {
        socket.close();
    }
}
