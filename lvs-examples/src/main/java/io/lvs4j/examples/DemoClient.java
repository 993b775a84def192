package io.lvs4j.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client with an address of its own: every request is a new connection from it. */
final class DemoClient {
    private static final int TIMEOUT_MILLIS = 5_000;

    private final InetAddress source;

    private DemoClient(InetAddress source) {
        this.source = source;
    }

    /** Makes the client 127.0.0.{@code number}. */
    static DemoClient of(int number) throws IOException {
        return new DemoClient(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) number}));
    }

    /** Makes a client that has whatever address the host gives it. */
    static DemoClient anywhere() throws IOException {
        return new DemoClient(InetAddress.getByAddress(new byte[4]));
    }

    /** Says whether this host lets a client have this address. Linux does: all of 127.0.0.0/8 is the host itself. */
    boolean possible() {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(source, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks once and returns the name of the server that answered. */
    String ask(InetSocketAddress service) throws IOException {
        return ask(service, TIMEOUT_MILLIS);
    }

    /** The same, with a time limit for the connection and for each wait for bytes. */
    String ask(InetSocketAddress service, int timeoutMillis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(timeoutMillis);
            socket.bind(new InetSocketAddress(source, 0));
            socket.connect(service, timeoutMillis);
            String request = "GET / HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200 ")) {
                throw new IOException(
                        "client " + this + " got " + answer.lines().findFirst());
            }
            return answer.substring(answer.indexOf("\r\n\r\n")).strip();
        }
    }

    @Override
    public String toString() {
        return source.getHostAddress();
    }
}
