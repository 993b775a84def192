package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Persistence;
import io.lvs4j.ServiceHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server names with real clients and servers of TLS: curl and openssl talk to nginx, whose certificate they check. */
class TlsPassthroughTest extends TransportTest {
    @TempDir
    Path directory;

    private final int a = Lab.freePort("127.0.0.1");
    private final int b = Lab.freePort("127.0.0.1");

    @BeforeEach
    void startServers() throws Exception {
        String certificate = Programs.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=example.org",
                "-addext",
                "subjectAltName=DNS:*.example.org",
                "-keyout",
                directory.resolve("key.pem").toString(),
                "-out",
                certificate());
        assertThat(Path.of(certificate())).as(certificate).exists();
        startNginx();
    }

    private String certificate() {
        return directory.resolve("certificate.pem").toString();
    }

    @Test
    void aNameStaysOnItsServerWhateverTheClientsAddress() throws Exception {
        ServiceHandle service = lab.serve(s -> s.realServer("127.0.0.1", a)
                .realServer("127.0.0.1", b)
                .persistence(Persistence.byServerName(Duration.ofMinutes(5))));

        for (String name : new String[] {"one.example.org", "two.example.org"}) {
            Set<String> answers = new HashSet<>();
            for (int i = 1; i <= 5; i++) {
                answers.add(curl("127.0.0." + i, name, Lab.addressOf(service)));
            }
            assertThat(answers).hasSize(1).isSubsetOf("a " + name, "b " + name);
        }
        assertThat(service.snapshot().servers())
                .allMatch(server -> server.counters().connections() == 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tlsv1.3", "--tls-max 1.2", "--http1.1"})
    void aServiceIsChosenByName(String options) throws Exception {
        ServiceHandle two = lab.serve(s -> s.realServer("127.0.0.1", b));
        ServiceHandle one = lab.serve(s -> s.realServer("127.0.0.1", a).routeServerName("two.example.org", two.key()));

        assertThat(curl("127.0.0.1", "one.example.org", Lab.addressOf(one), options.split(" ")))
                .isEqualTo("a one.example.org");
        assertThat(curl("127.0.0.1", "two.example.org", Lab.addressOf(one), options.split(" ")))
                .isEqualTo("b two.example.org");
        assertThat(two.snapshot().connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-max_send_frag 512", "-tls1_2", "-noservername"})
    void opensslReachesTheServerUnbroken(String options) throws Exception {
        ServiceHandle service = lab.serve(
                s -> s.realServer("127.0.0.1", a).persistence(Persistence.byServerName(Duration.ofMinutes(5))));
        InetSocketAddress address = Lab.addressOf(service);
        String command = "openssl s_client -connect " + address.getHostString() + ":" + address.getPort()
                + " -CAfile " + certificate() + " -verify_return_error " + options
                + (options.contains("-noservername") ? "" : " -servername one.example.org");

        String output = Programs.run(command.split(" "));

        assertThat(output).contains("Verify return code: 0 (ok)");
        assertThat(service.persistence().orElseThrow().list()).hasSize(options.contains("-noservername") ? 0 : 1);
    }

    private String curl(String from, String name, InetSocketAddress to, String... options) throws Exception {
        String[] always = {
            "curl",
            "-sS",
            "--noproxy",
            "*",
            "--max-time",
            "20",
            "--interface",
            from,
            "--cacert",
            certificate(),
            "--resolve",
            name + ":" + to.getPort() + ":" + to.getHostString(),
            "https://" + name + ":" + to.getPort() + "/"
        };
        String[] command = java.util.Arrays.copyOf(always, always.length + options.length);
        System.arraycopy(options, 0, command, always.length, options.length);
        return Programs.run(command);
    }

    private void startNginx() throws IOException {
        String server = """
                  server {
                    listen 127.0.0.1:%d ssl;
                    ssl_protocols TLSv1.2 TLSv1.3;
                    ssl_certificate certificate.pem;
                    ssl_certificate_key key.pem;
                    location / { return 200 "%s $ssl_server_name"; }
                  }
                """;
        Files.writeString(
                directory.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log error.log info;
                events { worker_connections 256; }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                """ + server.formatted(a, "a") + server.formatted(b, "b") + "}\n");
        Programs.start(
                lab,
                directory,
                a,
                Programs.path("nginx"),
                "-p",
                directory.toString(),
                "-c",
                "nginx.conf",
                "-e",
                directory.resolve("error.log").toString());
    }
}
