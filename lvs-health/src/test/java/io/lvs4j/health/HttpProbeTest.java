package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.HttpCheck;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpProbeTest {
    private final NettyHealthMonitor monitor = NettyHealthMonitor.create();
    private final HttpCheck.Builder check = HttpCheck.httpGet("/health?deep=1").warmup(Duration.ZERO);

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void theRequestNamesAddressAndPort() throws Exception {
        try (Liar server = new Liar(Liar.good())) {
            assertThat(found(server)).isEqualTo("status 200");
            assertThat(server.seen.take())
                    .isEqualTo("GET /health?deep=1 HTTP/1.1\r\nHost: " + server.key() + "\r\n"
                            + "User-Agent: lvs4j-health\r\nAccept: */*\r\n"
                            + "Accept-Encoding: identity\r\nConnection: close\r\n\r\n");
        }
    }

    @Test
    void anIpv6AddressStandsInBrackets() throws Exception {
        try (Liar server = new Liar(new ServerSocket(0, 50, InetAddress.getByName("::1")), Liar.good())) {
            assertThat(found(server)).isEqualTo("status 200");
            assertThat(server.seen.take())
                    .contains("\r\nHost: [::1]:" + server.key().port() + "\r\n");
        }
    }

    @Test
    void theVirtualHostIsSentAsItIs() throws Exception {
        check.virtualHost("auth.example.org:8443");
        try (Liar server = new Liar(Liar.good())) {
            found(server);
            assertThat(server.seen.take()).contains("\r\nHost: auth.example.org:8443\r\n");
        }
    }

    @Test
    void anUnexpectedStatusFails() throws Exception {
        try (Liar server = new Liar(Liar.answering("HTTP/1.1 503 Service Unavailable\r\n\r\n"))) {
            assertThat(found(server)).isEqualTo("status: 503 (expected: 200-299)");
        }
    }

    @Test
    void redirectsAreAnswersLikeAnyOther() throws Exception {
        try (Liar server = new Liar(Liar.answering("HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n"))) {
            assertThat(found(server)).isEqualTo("status: 302 (expected: 200-299)");

            check.status(200).status(300, 399);
            assertThat(found(server)).isEqualTo("status 302");
        }
    }

    @Test
    void interimResponsesAreSkipped() throws Exception {
        String response = String.join(
                "\r\n", "HTTP/1.1 100 Continue", "", "HTTP/1.1 103 Early Hints", "", "HTTP/1.1 204 No Content", "", "");
        try (Liar server = new Liar(Liar.answering(response))) {
            assertThat(found(server)).isEqualTo("status 204");
        }
    }

    @Test
    void oldAndSloppyServersPass() throws Exception {
        try (Liar server = new Liar(Liar.answering("HTTP/1.0 200\nserver  name: old\nContent-Length: 3\n\nok\n"))) {
            assertThat(found(server)).isEqualTo("status 200");
        }
    }

    @Test
    void aServerThatAnswersBeforeItReadsPasses() throws Exception {
        try (Liar server = new Liar((self, client) -> {
            Liar.send(client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            self.noteEnding(client);
        })) {
            assertThat(found(server)).isEqualTo("status 200");
        }
    }

    @Test
    void theTlsNameIsTheVirtualHostWithoutPortOrElseTheAddress() {
        ServerKey server = ServerKey.of("192.0.2.7", 443);

        assertThat(HttpPage.tlsName(server, Optional.empty())).isEqualTo("192.0.2.7");
        assertThat(HttpPage.tlsName(server, Optional.of("a.example.org"))).isEqualTo("a.example.org");
        assertThat(HttpPage.tlsName(server, Optional.of("a.example.org:8443"))).isEqualTo("a.example.org");
        assertThat(HttpPage.tlsName(server, Optional.of("[fd00::1]:8443"))).isEqualTo("fd00::1");
        assertThat(HttpPage.tlsName(server, Optional.of("fd00::1"))).isEqualTo("fd00::1");
    }

    private String found(Liar server) {
        return Asking.found(monitor, server.key(), check.build());
    }
}
