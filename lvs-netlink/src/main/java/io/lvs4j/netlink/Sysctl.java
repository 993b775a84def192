package io.lvs4j.netlink;

import io.lvs4j.netlink.socket.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The settings under {@code /proc/sys} that belong to a network namespace. */
final class Sysctl {
    private static final int MAX_BYTES = 4096;

    private final Optional<String> namespace;

    Sysctl(Optional<String> namespace) {
        this.namespace = namespace;
    }

    private static Path file(String name) {
        return Path.of("/proc/sys", name.split("\\.", -1));
    }

    /** Returns the value of a setting such as {@code net.ipv4.ip_forward}; empty if there is none. One blank between numbers. */
    Optional<String> get(String name) {
        return in(() -> {
            try (var file = Files.newInputStream(file(name))) {
                return Optional.of(new String(file.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII)
                        .trim()
                        .replaceAll("\\s+", " "));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                throw failed("read", name, e);
            }
        });
    }

    void set(String name, String value) {
        in(() -> {
            try {
                return Files.writeString(file(name), value, StandardCharsets.US_ASCII);
            } catch (IOException e) {
                throw failed("set", name + "=" + value, e);
            }
        });
    }

    private static IpvsException failed(String operation, String subject, IOException e) {
        return new IpvsException(operation, "sysctl " + subject, 0, String.valueOf(e.getMessage()), e);
    }

    private <T> T in(Callable<T> job) {
        return NetworkNamespace.in(namespace, job);
    }
}
