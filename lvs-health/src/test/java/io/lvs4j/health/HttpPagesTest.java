package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.HttpUrl;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several pages, their bodies, hosts and headers, asked of a real server. */
class HttpPagesTest {
    /** Of {@code fine\n}, by md5sum. */
    private static final String FINE = "9fba564e229a2c83496c7ee12d96bb64";

    @TempDir
    Path directory;

    private final Certificates certificates;
    private final NettyHealthMonitor monitor;
    private Nginx nginx;

    HttpPagesTest() throws Exception {
        certificates = new Certificates();
        monitor = NettyHealthMonitor.builder().trust(certificates.trust()).build();
    }

    @BeforeEach
    void start() throws Exception {
        nginx = new Nginx(directory, certificates.good());
    }

    @AfterEach
    void stop() {
        monitor.close();
        nginx.close();
    }

    @Test
    void allPagesAreAskedForInOneAttempt() {
        HttpCheck check = http("/health")
                .digest(FINE)
                .url(HttpUrl.builder("/broken").status(503).regex("^broken$").build())
                .url(HttpUrl.builder("/health")
                        .virtualHost("other.example.org")
                        .regex("other")
                        .build())
                .build();

        assertThat(Asking.found(monitor, nginx.plain, check)).isEqualTo("3 pages as expected");
        assertThat(nginx.log("access.log").lines()).hasSize(3);
    }

    @Test
    void thePageThatFailsIsNamedAndTheRestIsNotAskedFor() {
        HttpCheck check = http("/health")
                .url(HttpUrl.builder("/broken").build())
                .url(HttpUrl.builder("/large.bin").build())
                .build();

        assertThat(Asking.found(monitor, nginx.plain, check)).isEqualTo("status: /broken: 503 (expected: 200-299)");
        assertThat(nginx.log("access.log")).doesNotContain("large.bin");
    }

    @Test
    void theDigestIsThatOfTheBody() {
        assertThat(found(http("/health").digest(FINE))).isEqualTo("status 200, 5 bytes as expected");
        assertThat(found(http("/broken").status(503).digest(FINE)))
                .matches("digest: [0-9a-f]{32} of 7 bytes \\(expected: " + FINE + "\\)");
    }

    @Test
    void thePatternIsLookedForAnywhereInTheBody() {
        assertThat(found(http("/health").regex("in"))).isEqualTo("status 200, 5 bytes as expected");
        assertThat(found(http("/health").regex("^in"))).isEqualTo("regex: not found in 5 bytes (expected: ^in)");
    }

    @Test
    void aBodyThatMustBeReadIsNotLargerThanTheReadLimit() {
        assertThat(found(http("/large.bin").regex("y"))).isEqualTo("body: more than 64 KiB");
        assertThat(Asking.found(
                        monitor, nginx.tls, https("/large.bin").regex("y").build()))
                .isEqualTo("body: more than 64 KiB");
    }

    @Test
    void headersVersionAndHostReachTheServer() {
        assertThat(found(http("/health")
                        .virtualHost("other.example.org")
                        .header("X-Caller", "lvs")
                        .version(HttpCheck.Version.HTTP_1_0)
                        .regex("^other, lvs, HTTP/1.0$")))
                .isEqualTo("status 200, 21 bytes as expected");
    }

    @Test
    void aPageThatWantsToKnowWhoAsksIsTold() {
        assertThat(found(http("/private"))).isEqualTo("status: 401 (expected: 200-299)");
        assertThat(found(http("/private").basicAuth("checker", "wrong"))).isEqualTo("status: 401 (expected: 200-299)");
        assertThat(found(http("/private").basicAuth("checker", "s3cret"))).isEqualTo("status 200");
    }

    @Test
    void theTlsNameCanDifferFromTheHost() {
        HttpCheck.Builder check =
                HttpCheck.sslGet("/health").warmup(Duration.ZERO).virtualHost("other.example.org");

        assertThat(Asking.found(monitor, nginx.tls, check.build())).startsWith("tls: certificate not accepted");
        assertThat(Asking.found(
                        monitor,
                        nginx.tls,
                        check.serverName("auth.example.org").regex("other").build()))
                .startsWith("status 200");
    }

    @Test
    void anotherAddressAndPortCanBeAsked() {
        assertThat(Asking.found(
                        monitor,
                        ServerKey.of("192.0.2.1", 1),
                        http("/health")
                                .connectIp("127.0.0.1")
                                .connectPort(nginx.plain.port())
                                .build()))
                .isEqualTo("status 200");
    }

    private String found(HttpCheck.Builder check) {
        return Asking.found(monitor, nginx.plain, check.build());
    }

    private static HttpCheck.Builder http(String path) {
        return HttpCheck.httpGet(path).warmup(Duration.ZERO);
    }

    private static HttpCheck.Builder https(String path) {
        return HttpCheck.sslGet(path).warmup(Duration.ZERO).serverName("auth.example.org");
    }
}
