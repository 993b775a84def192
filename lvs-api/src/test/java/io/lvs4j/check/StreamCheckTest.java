package io.lvs4j.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the checks over a stream refuse: where it is set, and in words that name field, value and what was expected. */
class StreamCheckTest {

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void aPageIsCheckedLikeTheFirst() {
        refused(() -> HttpUrl.builder(""), "path:  (expected: a path starting with /");
        refused(() -> HttpUrl.builder("/").status(99), "status: 99 (expected: 100..599, low-high)");
        refused(() -> HttpUrl.builder("/").virtualHost("a b"), "virtualHost: a b (expected: a host name");
        refused(
                () -> new HttpUrl("/", List.of(), Optional.empty(), Optional.empty(), Optional.empty()),
                "status: none (expected: at least one of 100..599)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "444bcb3a", "444bcb3a3fcf8389296c49467f27e1dx", "444bcb3a3fcf8389296c49467f27e1d66"})
    void aDigestIs32HexadecimalDigits(String digest) {
        refused(
                () -> HttpCheck.httpGet("/").digest(digest),
                "digest: " + digest + " (expected: 32 hexadecimal digits, the MD5 digest of the body)");
    }

    @Test
    void aDigestInCapitalsIsTheSame() {
        assertThat(HttpUrl.builder("/")
                        .digest("444BCB3A3FCF8389296C49467F27E1D6")
                        .build())
                .isEqualTo(HttpUrl.builder("/")
                        .digest("444bcb3a3fcf8389296c49467f27e1d6")
                        .build());
    }

    @Test
    void aPatternIsOneThatCanBeSearchedForInBoundedTime() {
        refused(
                () -> HttpCheck.httpGet("/").regex("(ok"),
                "regex: (ok (expected: a regular expression; Unclosed group");
        refused(() -> HttpCheck.httpGet("/").regex(""), "regex: 0 characters (expected: 1..1024)");
        refused(() -> HttpCheck.httpGet("/").regex("x".repeat(1025)), "regex: 1025 characters (expected: 1..1024)");
        refused(
                () -> HttpCheck.httpGet("/").regex("((){1000}){20,1000}"),
                "regex: ((){1000}){20,1000} (expected: repetition counts that multiply to at most 10000)");
        refused(() -> HttpCheck.httpGet("/").regex("(){99999,}"), "repetition counts");
        assertThat(HttpUrl.builder("/")
                        .regex("\\d{1,3}(\\.\\d{1,3}){3}")
                        .build()
                        .judgesBody())
                .isTrue();
    }

    @Test
    void pagesAndHeadersAreCounted() {
        HttpCheck good = HttpCheck.httpGet("/").build();
        refused(
                () -> new HttpCheck(
                        List.of(),
                        good.version(),
                        good.virtualHost(),
                        good.serverName(),
                        good.headers(),
                        good.tls(),
                        good.target(),
                        good.timing()),
                "urls: 0 (expected: 1..64)");
        HttpCheck.Builder many = HttpCheck.httpGet("/");
        for (int i = 1; i < 64; i++) {
            many.url(HttpUrl.builder("/" + i).build()).header("X-" + i, "");
        }
        refused(() -> many.url(HttpUrl.builder("/65").build()), "urls: 65 (expected: 1..64)");
        refused(() -> many.header("X-64", "").header("X-65", ""), "headers: 65 (expected: 0..64)");
    }

    @Test
    void aHeaderHoldsNothingThatCouldBreakTheRequest() {
        HttpCheck.Builder check = HttpCheck.httpGet("/");
        refused(() -> check.header("X: y", "z"), "header name: X: y (expected: ");
        refused(() -> check.header("", "z"), "header name:  (expected: ");
        refused(
                () -> check.header("X", "a\r\nY: b"),
                "header value of X: 7 characters (expected: at most 4096, printable");
        refused(() -> check.header("X", "\u00fc"), "header value of X: 1 characters");
        refused(() -> check.header("host", "a"), "header name: host (expected: not one of connection, content-length");
        refused(() -> check.basicAuth("a:b", "c"), "user: a:b (expected: no colon");
    }

    @Test
    void aHeadersValueIsNotShown() {
        assertThat(HttpCheck.httpGet("/").basicAuth("checker", "s3cret").build().toString())
                .contains("Authorization")
                .doesNotContain("s3cret")
                .doesNotContain("Basic");
    }

    @Test
    void everyPageIsInTheDescription() {
        assertThat(HttpCheck.sslGet("/a")
                        .url(HttpUrl.builder("/b").build())
                        .build()
                        .describe())
                .isEqualTo("https /a /b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a.example.org", "a..b", "under_score", "a\r\nb", "a:443"})
    void aServerNameIsAHostName(String name) {
        String words = name + " (expected: a host name of at most 253 characters)";
        refused(() -> HttpCheck.sslGet("/").serverName(name), "serverName: " + words);
        refused(() -> TlsCheck.builder().serverName(name), "serverName: " + words);
        refused(() -> GrpcCheck.plaintext().serverName(name), "serverName: " + words);
        refused(() -> SmtpCheck.builder().heloName(name), "heloName: " + words);
    }

    @Test
    void whatBelongsToTlsIsRefusedWithoutIt() {
        assertThatThrownBy(() -> HttpCheck.httpGet("/").serverName("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("serverName: a (expected: only with sslGet, this is httpGet)");
        assertThatThrownBy(() -> GrpcCheck.plaintext().insecure())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("insecure: true (expected: only with TLS, this check speaks none)");
        TlsCheck good = TlsCheck.builder().build();
        refused(
                () -> new TlsCheck(good.serverName(), Tls.NONE, good.target(), good.timing()),
                "tls: NONE (expected: VERIFIED or INSECURE)");
    }

    @Test
    void aGrpcServiceIsAName() {
        refused(() -> GrpcCheck.plaintext().service("a b"), "service: a b (expected: a name such as package.Service");
        refused(() -> GrpcCheck.overTls().service("x".repeat(1025)), "at most 1024 printable ASCII characters");
        assertThat(GrpcCheck.overTls().service("a.B").build().describe()).isEqualTo("grpcs a.B");
        assertThat(GrpcCheck.plaintext().build().describe()).isEqualTo("grpc");
    }

    @Test
    void whatAnAgentIsToldIsText() {
        refused(() -> AgentCheck.builder().send(""), "send: 0 characters (expected: 1..1024");
        refused(() -> AgentCheck.builder().send("x".repeat(1025)), "send: 1025 characters (expected: 1..1024");
        refused(() -> AgentCheck.builder().send("a\0"), "send: 2 characters (expected: 1..1024, ASCII");
        assertThat(AgentCheck.builder().send("state\r\n").build().send()).contains("state\r\n");
    }
}
