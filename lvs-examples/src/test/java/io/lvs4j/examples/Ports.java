package io.lvs4j.examples;

import static org.awaitility.Awaitility.await;

import io.lvs4j.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Ports of 127.0.0.1. */
final class Ports {
    private Ports() {}

    static int free() {
        return FreePorts.on(InetAddress.getLoopbackAddress());
    }

    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static void awaitOpen(int port) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> isOpen(port));
    }

    static void awaitRefused(int port) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !isOpen(port));
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(address(port), 5_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
