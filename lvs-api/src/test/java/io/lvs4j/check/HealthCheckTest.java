package io.lvs4j.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthCheckTest {

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void theDefaultsAreKeepaliveds() {
        CheckTiming tcp = TcpCheck.create().timing();
        assertThat(tcp.delayLoop()).isEqualTo(Duration.ofSeconds(60));
        assertThat(tcp.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(tcp.retries()).isEqualTo(1);
        assertThat(tcp.delayBeforeRetry()).isEqualTo(Duration.ofSeconds(1));
        assertThat(tcp.rise()).isEqualTo(1);
        assertThat(HttpCheck.httpGet("/").build().timing().delayBeforeRetry()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void firstChecksSpreadOverTheDelayLoopUnlessSaidOtherwise() {
        TcpCheck.Builder builder = TcpCheck.builder().delayLoop(Duration.ofSeconds(7));
        assertThat(builder.build().timing().warmup()).isEqualTo(Duration.ofSeconds(7));
        assertThat(builder.warmup(Duration.ZERO).build().timing().warmup()).isZero();
    }

    @Test
    void aTimingOutOfRangeIsRefusedWhereItIsSet() {
        refused(() -> TcpCheck.builder().delayLoop(Duration.ZERO), "delayLoop: PT0S (expected: PT0.001S..PT24H)");
        refused(
                () -> TcpCheck.builder().connectTimeout(Duration.ZERO),
                "connectTimeout: PT0S (expected: PT0.001S..PT10M)");
        refused(() -> TcpCheck.builder().retries(-1), "retries: -1 (expected: 0..1000)");
        refused(() -> TcpCheck.builder().rise(0), "rise: 0 (expected: 1..1000)");
        refused(
                () -> TcpCheck.builder().delayBeforeRetry(Duration.ofSeconds(-1)),
                "delayBeforeRetry: PT-1S (expected: PT0S..PT24H)");
        refused(() -> TcpCheck.builder().warmup(Duration.ofDays(2)), "warmup: PT48H (expected: PT0S..PT24H)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "health", "/a b", "/a\r\nHost: x", "/ü"})
    void aPathStartsWithASlashAndHoldsNothingThatCouldBreakTheRequest(String path) {
        refused(
                () -> HttpCheck.httpGet(path),
                "path: " + path + " (expected: a path starting with /, printable ASCII without spaces)");
    }

    @Test
    void aStatusIsThreeDigitsAndARangeIsOrdered() {
        refused(() -> HttpCheck.httpGet("/").status(99), "status: 99 (expected: 100..599, low-high)");
        refused(() -> HttpCheck.httpGet("/").status(600), "status: 600 (expected: 100..599, low-high)");
        refused(() -> HttpCheck.httpGet("/").status(300, 200), "status: 300-200 (expected: 100..599, low-high)");
    }

    @Test
    void statusesDefaultToSuccess() {
        HttpUrl check = HttpUrl.builder("/").build();
        assertThat(check.accepts(200)).isTrue();
        assertThat(check.accepts(299)).isTrue();
        assertThat(check.accepts(302)).isFalse();
        HttpUrl exact = HttpUrl.builder("/").status(200).status(401, 403).build();
        assertThat(exact.accepts(204)).isFalse();
        assertThat(exact.accepts(402)).isTrue();
        assertThat(exact.statusText()).isEqualTo("200,401-403");
    }

    @Test
    void aVirtualHostHoldsNothingThatCouldBreakTheRequest() {
        refused(
                () -> HttpCheck.httpGet("/").virtualHost("a\r\nb"),
                "virtualHost: a\r\nb (expected: a host name, optionally :port)");
    }

    @Test
    void onlyTlsCanBeInsecure() {
        assertThatThrownBy(() -> HttpCheck.httpGet("/").insecure()).isInstanceOf(IllegalStateException.class);
        assertThat(HttpCheck.sslGet("/").build().tls()).isEqualTo(Tls.VERIFIED);
        assertThat(HttpCheck.sslGet("/").insecure().build().tls()).isEqualTo(Tls.INSECURE);
    }

    @Test
    void equalChecksAreEqualSoThatAReloadKeepsTheirState() {
        assertThat(HttpCheck.httpGet("/a").status(200).build())
                .isEqualTo(HttpCheck.httpGet("/a").status(200).build())
                .isNotEqualTo(HttpCheck.httpGet("/a").status(201).build());
    }
}
