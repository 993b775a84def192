package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.TcpCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks of a real server. */
class NginxTest {
    @TempDir
    Path directory;

    private final Certificates certificates;
    private final NettyHealthMonitor monitor;
    private Nginx nginx;

    NginxTest() throws Exception {
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
    void everyKindOfCheckPasses() {
        assertThat(Asking.found(
                        monitor,
                        nginx.plain,
                        TcpCheck.builder().warmup(Duration.ZERO).build()))
                .isEqualTo("connected");
        assertThat(Asking.found(monitor, nginx.plain, http("/health").build())).isEqualTo("status 200");
        assertThat(Asking.found(monitor, nginx.tls, https("/health").build())).isEqualTo("status 200");
        assertThat(Asking.found(monitor, nginx.tls, https("/health").insecure().build()))
                .isEqualTo("status 200");
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatWantsAProxyHeaderGetsOneBeforeTheCheck(ProxyProtocol.Version version) {
        assertThat(Asking.found(monitor, nginx.plainAfterProxy, http("/health").build(), Optional.of(version)))
                .isEqualTo("status 200");
        assertThat(Asking.found(monitor, nginx.tlsAfterProxy, https("/health").build(), Optional.of(version)))
                .isEqualTo("status 200");
        assertThat(Asking.found(monitor, nginx.plainAfterProxy, http("/health").build()))
                .isEqualTo("response: closed before a status line");
    }

    @Test
    void itsErrorsAreFailures() {
        assertThat(Asking.found(monitor, nginx.plain, http("/broken").build()))
                .isEqualTo("status: 503 (expected: 200-299)");
        assertThat(Asking.found(monitor, nginx.tls, http("/health").build()))
                .as("plain HTTP to the TLS port")
                .isEqualTo("status: 400 (expected: 200-299)");
        assertThat(Asking.found(monitor, nginx.plain, https("/health").build()))
                .as("TLS to the plain port")
                .isEqualTo("tls: the server does not speak TLS");
    }

    @Test
    void aLargeBodyIsNoHindrance() {
        assertThat(Asking.found(monitor, nginx.plain, http("/large.bin").build()))
                .isEqualTo("status 200");
        assertThat(Asking.found(monitor, nginx.tls, https("/large.bin").build()))
                .isEqualTo("status 200");
    }

    @Test
    void ordinaryChecksAreOrderlyInItsLogs() {
        monitor.watch(
                nginx.plain, http("/health").delayLoop(Duration.ofMillis(50)).build(), (up, cause) -> {});
        monitor.watch(
                nginx.tls, https("/health").delayLoop(Duration.ofMillis(50)).build(), (up, cause) -> {});
        monitor.watch(
                nginx.plain,
                TcpCheck.builder()
                        .warmup(Duration.ZERO)
                        .delayLoop(Duration.ofMillis(50))
                        .build(),
                (up, cause) -> {});

        Awaitility.await().until(() -> nginx.log("access.log").lines().count() >= 40);
        monitor.close();

        assertThat(nginx.log("access.log").lines()).allMatch(line -> line.contains("\" 200 "));
        assertThat(nginx.log("error.log").lines())
                .noneMatch(line -> line.contains("reset") || line.contains("[error]"));
    }

    @Test
    void aServerThatStopsIsDownAfterItsRetriesAndUpAgainWhenItIsBack() throws Exception {
        BlockingQueue<String> verdicts = new LinkedBlockingQueue<>();
        HttpCheck check = http("/health")
                .delayLoop(Duration.ofMillis(100))
                .retries(2)
                .delayBeforeRetry(Duration.ofMillis(50))
                .rise(2)
                .build();
        monitor.watch(nginx.plain, check, (up, cause) -> verdicts.add((up ? "up: " : "down: ") + cause));
        assertThat(verdicts.poll(10, TimeUnit.SECONDS)).isEqualTo("up: status 200");

        nginx.stop();
        assertThat(verdicts.poll(10, TimeUnit.SECONDS)).isEqualTo("down: connect: connection refused");

        nginx.start();
        assertThat(verdicts.poll(10, TimeUnit.SECONDS)).isEqualTo("up: status 200");
        assertThat(verdicts).isEmpty();
    }

    private static HttpCheck.Builder http(String path) {
        return HttpCheck.httpGet(path).warmup(Duration.ZERO);
    }

    private static HttpCheck.Builder https(String path) {
        return HttpCheck.sslGet(path).warmup(Duration.ZERO).virtualHost("auth.example.org");
    }
}
