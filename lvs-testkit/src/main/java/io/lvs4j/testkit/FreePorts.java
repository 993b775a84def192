package io.lvs4j.testkit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for tests to listen on. They are below those that systems give to whoever asks for any port (32768 and above on
 * Linux, RFC 6335 says 49152), so neither a server on port 0 nor a client's connection takes one between its choice and its use.
 * Nobody gets the same twice before all have been given. Thread-safe.
 */
public final class FreePorts {
    private static final int FIRST = 10_240;
    private static final int COUNT = 32_768 - FIRST;

    /** At random, so that test processes side by side hardly meet. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePorts() {}

    /**
     * {@return a port that nobody uses for TCP or UDP}
     *
     * @param address the local address, or a wildcard
     * @throws IllegalStateException if there is none, which also is what an address of another host gives
     */
    public static int on(InetAddress address) {
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(new InetSocketAddress(address, port))) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no free port from " + FIRST + " to " + (FIRST + COUNT - 1) + " on " + address.getHostAddress());
    }

    private static boolean isFree(InetSocketAddress address) {
        try (ServerSocket tcp = new ServerSocket(address.getPort(), 1, address.getAddress());
                DatagramSocket udp = new DatagramSocket(address)) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
