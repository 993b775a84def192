package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An nginx of a test's own: answers / with its name, and /big with a file. */
final class Nginx implements AutoCloseable {
    private final String name;
    private final int port;
    private final Path prefix;
    private @Nullable ChildProcess process;

    private Nginx(String name, int port, Path prefix) {
        this.name = name;
        this.port = port;
        this.prefix = prefix;
    }

    static Nginx start(Path directory, String name, Path bigFile) throws IOException {
        Nginx nginx = new Nginx(name, Ports.free(), Files.createDirectory(directory.resolve(name)));
        Files.writeString(nginx.prefix.resolve("nginx.conf"), nginx.configuration(bigFile));
        nginx.start();
        return nginx;
    }

    private String configuration(Path bigFile) {
        // Started as root, nginx would give up its rights and could not read the test's directory.
        String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
        return """
                %s
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                error_log error.log;
                events { worker_connections 512; }
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    keepalive_requests 1000000;
                    server {
                        listen 127.0.0.1:%d;
                        location = / { return 200 "%s"; }
                        location = /big { alias %s; add_header X-Server %s; }
                    }
                }
                """.formatted(user, port, name, bigFile, name);
    }

    void start() {
        process = ChildProcess.start(List.of(
                ChildProcess.program("nginx", "nginx-core"),
                "-p",
                prefix + "/",
                "-c",
                prefix.resolve("nginx.conf").toString(),
                "-e",
                prefix.resolve("error.log").toString()));
        Ports.awaitOpen(port);
    }

    /** Asks it to stop gracefully: it accepts nothing more and ends what it has accepted. Returns when it refuses. */
    void quit() {
        process.signal("QUIT");
        Ports.awaitRefused(port);
    }

    /** Waits for the end that {@link #quit} asked for. */
    void awaitEnd() {
        assertThat(process.awaitExit()).isZero();
    }

    ServerKey key() {
        return ServerKey.of("127.0.0.1", port);
    }

    String name() {
        return name;
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.signal("TERM"); // the master ends its worker, which SIGKILL would leave behind
            process.awaitExit();
        }
    }
}
