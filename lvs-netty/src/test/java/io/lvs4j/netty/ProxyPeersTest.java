package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ProxyProtocol.Version;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HttpCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The PROXY protocol with others who speak it: nginx and haproxy in front of us, nginx as a real server. */
class ProxyPeersTest extends TransportTest {
    private static final String CLIENT = "127.0.0.5";

    @TempDir
    Path directory;

    private final int serverPort = Lab.freePort("127.0.0.1");
    private final int frontPort = Lab.freePort("127.0.0.1");

    @ParameterizedTest
    @EnumSource
    void nginxUnderstandsOurHeader(Version version) throws Exception {
        ServiceHandle service =
                lab.serve(b -> b.realServer("127.0.0.1", serverPort).sendProxyProtocol(version));
        startNginx(Lab.addressOf(service));

        for (int i = 0; i < 50; i++) {
            Socket client = from(Lab.addressOf(service));
            assertThat(ask(client)).isEqualTo(CLIENT + " " + client.getLocalPort());
        }
    }

    @ParameterizedTest
    @EnumSource
    void weUnderstandTheHeaderOfNginxAndPassItOn(Version version) throws Exception {
        ServiceHandle service = lab.serve(b -> b.realServer("127.0.0.1", serverPort)
                .acceptProxyProtocol("127.0.0.1")
                .sendProxyProtocol(version));
        startNginx(Lab.addressOf(service));

        for (int i = 0; i < 50; i++) {
            Socket client = from(new InetSocketAddress("127.0.0.1", frontPort));
            assertThat(ask(client)).isEqualTo(CLIENT + " " + client.getLocalPort());
        }
        assertThat(service.snapshot().refusals()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "send-proxy, V1",
        "send-proxy, V2",
        "send-proxy-v2, V1",
        "send-proxy-v2 proxy-v2-options crc32c, V2",
        "send-proxy-v2 proxy-v2-options crc32c, V1"
    })
    void weUnderstandTheHeaderOfHaproxyAndPassItOn(String option, Version version) throws Exception {
        ServiceHandle service = lab.serve(b -> b.realServer("127.0.0.1", serverPort)
                .acceptProxyProtocol("127.0.0.1")
                .sendProxyProtocol(version));
        startNginx(Lab.addressOf(service));
        int port = Lab.freePort("127.0.0.1");
        startHaproxy(port, Lab.addressOf(service), option);

        for (int i = 0; i < 50; i++) {
            Socket client = from(new InetSocketAddress("127.0.0.1", port));
            assertThat(ask(client)).isEqualTo(CLIENT + " " + client.getLocalPort());
        }
        assertThat(service.snapshot().refusals()).isEmpty();
    }

    /** The checks of haproxy are LOCAL in version 2; it would call us down if we did not take them. */
    @Test
    void theHealthChecksOfAFrontReachAServer() throws Exception {
        ServiceHandle service = lab.serve(b -> b.realServer("127.0.0.1", serverPort)
                .acceptProxyProtocol("127.0.0.1")
                .sendProxyProtocol(Version.V1));
        startNginx(Lab.addressOf(service));
        int port = Lab.freePort("127.0.0.1");
        startHaproxy(port, Lab.addressOf(service), "send-proxy-v2 check inter 100 fall 1");

        Awaitility.await().until(() -> service.snapshot().connections() >= 5);

        assertThat(service.snapshot().refusals()).isEmpty();
        Socket client = from(new InetSocketAddress("127.0.0.1", port));
        assertThat(ask(client)).isEqualTo(CLIENT + " " + client.getLocalPort());
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatWantsAHeaderPassesItsChecks(Version version) throws Exception {
        ServiceHandle service = lab.serve(b -> b.realServer("127.0.0.1", serverPort)
                .healthCheck(HttpCheck.httpGet("/").warmup(Duration.ZERO).build()));
        startNginx(Lab.addressOf(service));
        service.update(
                service.description().toBuilder().sendProxyProtocol(version).build());

        Awaitility.await()
                .until(() ->
                        service
                                .snapshot()
                                .server(ServerKey.of("127.0.0.1", serverPort))
                                .latestChecks()
                                .values()
                                .stream()
                                .anyMatch(CheckResult.Passed.class::isInstance));

        Socket client = from(Lab.addressOf(service));
        assertThat(ask(client)).isEqualTo(CLIENT + " " + client.getLocalPort());
    }

    // ---------------------------------------------------------------- parts

    private Socket from(InetSocketAddress address) throws IOException {
        Socket socket = lab.keep(new Socket());
        socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.getByName(CLIENT), 0));
        socket.connect(address, Lab.TIMEOUT_MILLIS);
        return socket;
    }

    /** Returns what nginx takes for the client's address and port. */
    private static String ask(Socket client) throws IOException {
        client.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        String answer = new String(Lab.readAll(client).bytes(), StandardCharsets.US_ASCII);
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private void startNginx(InetSocketAddress service) throws IOException {
        Files.writeString(directory.resolve("nginx.conf"), """
                load_module %s;
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log error.log info;
                events { worker_connections 256; }
                stream {
                  server {
                    listen 127.0.0.1:%d;
                    proxy_pass %s:%d;
                    proxy_protocol on;
                  }
                }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  server {
                    listen 127.0.0.1:%d proxy_protocol;
                    location / { return 200 "$proxy_protocol_addr $proxy_protocol_port"; }
                  }
                }
                """.formatted(
                streamModule(), frontPort, service.getAddress().getHostAddress(), service.getPort(), serverPort));
        Programs.start(
                lab,
                directory,
                serverPort,
                Programs.path("nginx"),
                "-p",
                directory.toString(),
                "-c",
                "nginx.conf",
                "-e",
                directory.resolve("error.log").toString());
    }

    private static Path streamModule() {
        Path module = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");
        assertThat(module).as("nginx's stream module, which nginx-core brings").exists();
        return module;
    }

    private void startHaproxy(int port, InetSocketAddress service, String option) throws IOException {
        int readyPort = Lab.freePort("127.0.0.1");
        Path configuration = directory.resolve("haproxy.cfg");
        Files.writeString(configuration, """
                defaults
                  mode tcp
                  timeout connect 10s
                  timeout client 20s
                  timeout server 20s
                listen front
                  bind 127.0.0.1:%d
                  server lvs %s:%d source 127.0.0.1 %s
                frontend ready
                  bind 127.0.0.1:%d
                  tcp-request connection reject
                """.formatted(
                        port, service.getAddress().getHostAddress(), service.getPort(), option, readyPort));
        Programs.start(lab, directory, readyPort, Programs.path("haproxy"), "-db", "-f", configuration.toString());
    }
}
