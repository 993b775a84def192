package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.testkit.FreePorts;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real nginx on free ports of 127.0.0.1, plain and TLS, and both again after a PROXY header, with everything it writes in one
 * directory.
 */
final class Nginx implements AutoCloseable {
    private static final InetAddress ANY = new InetSocketAddress("0.0.0.0", 0).getAddress();

    final ServerKey plain = ServerKey.of("127.0.0.1", freePort());
    final ServerKey tls = ServerKey.of("127.0.0.1", freePort());
    final ServerKey plainAfterProxy = ServerKey.of("127.0.0.1", freePort());
    final ServerKey tlsAfterProxy = ServerKey.of("127.0.0.1", freePort());

    /** Plain, on every IPv4 address of this host. */
    final int everywhere = FreePorts.on(ANY);

    private final Path directory;
    private final ProcessBuilder command;
    private Process process;

    Nginx(Path directory, X509Bundle certificate) throws IOException {
        this.directory = directory;
        Files.writeString(directory.resolve("cert.pem"), certificate.getCertificatePathPEM());
        Files.writeString(directory.resolve("key.pem"), certificate.getPrivateKeyPEM());
        Files.writeString(directory.resolve("large.bin"), "x".repeat(1 << 20));
        Files.writeString(directory.resolve("private"), "secret\n");
        Files.writeString(directory.resolve("users"), "checker:{PLAIN}s3cret\n");
        Files.writeString(directory.resolve("nginx.conf"), configuration());
        command = new ProcessBuilder(
                        executable(), "-p", directory.toString(), "-c", "nginx.conf", "-e", directory + "/error.log")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("console.log").toFile());
        start();
    }

    /** Debian keeps it where the search path of ordinary users does not lead. */
    private static String executable() {
        return Files.isExecutable(Path.of("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : "nginx";
    }

    private String configuration() {
        return """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log error.log info;
                events { worker_connections 2048; }
                http {
                  access_log access.log;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  server {
                    listen 127.0.0.1:%1$d;
                    listen 127.0.0.1:%2$d ssl;
                    listen 127.0.0.1:%3$d proxy_protocol;
                    listen 127.0.0.1:%4$d ssl proxy_protocol;
                    listen %5$d backlog=4096;
                    ssl_certificate cert.pem;
                    ssl_certificate_key key.pem;
                    root .;
                    location = /health { return 200 "fine\\n"; }
                    location = /quiet { access_log off; return 200 "fine\\n"; }
                    location = /broken { return 503 "broken\\n"; }
                    location = /private { auth_basic private; auth_basic_user_file users; }
                  }
                  server {
                    listen 127.0.0.1:%1$d;
                    listen 127.0.0.1:%2$d ssl;
                    server_name other.example.org;
                    ssl_certificate cert.pem;
                    ssl_certificate_key key.pem;
                    location = /health { return 200 "other, $http_x_caller, $server_protocol\\n"; }
                  }
                }
                """.formatted(plain.port(), tls.port(), plainAfterProxy.port(), tlsAfterProxy.port(), everywhere);
    }

    void start() throws IOException {
        try {
            process = command.start();
        } catch (IOException e) {
            throw new AssertionError("nginx: not found (expected: apt-get install nginx-core, as ./test does)", e);
        }
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(20))
                .until(() -> !process.isAlive() || answers());
        if (!process.isAlive()) {
            throw new AssertionError("nginx did not start: " + Files.readString(directory.resolve("console.log")));
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(plain.address(), plain.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a signal: STOP lets it stand still until CONT, while the kernel goes on taking connections for it. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill: " + kill.exitValue() + " (expected: 0)");
        }
    }

    String log(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        return FreePorts.on(InetAddress.getLoopbackAddress());
    }

    @Override
    public void close() {
        stop();
    }
}
