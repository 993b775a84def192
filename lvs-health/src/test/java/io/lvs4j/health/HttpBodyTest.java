package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.HttpUrl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a body is, and servers that lie about theirs: every check ends within its timeout and says what happened. */
class HttpBodyTest {
    /** Of {@code ok}. */
    private static final String OK = "444bcb3a3fcf8389296c49467f27e1d6";

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final NettyHealthMonitor monitor = NettyHealthMonitor.create();
    private final HttpCheck.Builder check =
            HttpCheck.httpGet("/").warmup(Duration.ZERO).digest(OK).regex("k");

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void aBodyGoesUpToItsContentLength() throws IOException {
        assertThat(answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more"))
                .isEqualTo("status 200, 2 bytes as expected");
    }

    @Test
    void chunksAreJoined() throws IOException {
        assertThat(
                        answering(
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\no\r\n1\r\nk\r\n0\r\nA: b\r\n\r\n"))
                .isEqualTo("status 200, 2 bytes as expected");
    }

    @Test
    void withoutALengthTheBodyGoesToTheEndOfTheConnection() throws IOException {
        assertThat(answering("HTTP/1.0 200 OK\r\n\r\nok")).isEqualTo("status 200, 2 bytes as expected");
    }

    @Test
    void theBodyOfAnInterimResponseIsNone() throws IOException {
        assertThat(answering("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
                .isEqualTo("status 200, 2 bytes as expected");
    }

    @Test
    void theStatusIsJudgedBeforeTheDigestAndThatBeforeThePattern() throws IOException {
        assertThat(answering("HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno"))
                .isEqualTo("status: 500 (expected: 200-299)");
        assertThat(answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno")).startsWith("digest: ");
    }

    @Test
    void aBodyThatEndsEarlyFails() throws IOException {
        assertThat(answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"))
                .isEqualTo("body: closed before its end");
        assertThat(answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"))
                .isEqualTo("body: closed before its end");
    }

    @Test
    void aBrokenChunkFails() throws IOException {
        assertThat(answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\nok\r\n"))
                .isEqualTo("body: not HTTP");
    }

    @Test
    void anEndlessBodyFails() throws IOException {
        try (Liar liar = new Liar(Liar.repeating("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(1000)))) {
            assertThat(found(liar)).isEqualTo("body: more than 64 KiB");
        }
    }

    @Test
    void endlessChunksAndTrailersFail() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (Liar liar = new Liar(Liar.repeating(head, "1\r\nx\r\n".repeat(100)))) {
            assertThat(found(liar)).isEqualTo("body: more than 64 KiB");
        }
        try (Liar liar = new Liar(Liar.repeating(head + "2\r\nok\r\n0\r\n", "A: b\r\n".repeat(100)))) {
            assertThat(found(liar)).isEqualTo("body: header larger than 16 KiB");
        }
    }

    @Test
    void aBodyThatDripsFailsAtTheDeadline() throws IOException {
        check.connectTimeout(SHORT);
        try (Liar liar = new Liar((self, client) -> {
            Liar.send(client, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            Liar.dripping("x").talk(self, client);
        })) {
            assertThat(found(liar)).isEqualTo("body: not complete within 1s");
        }
    }

    @Test
    void aCompressedBodyIsNotUnpacked() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 16; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        String answer = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.size() + "\r\n\r\n"
                + bomb.toString(StandardCharsets.ISO_8859_1);

        assertThat(answering(answer)).matches("digest: [0-9a-f]{32} of " + bomb.size() + " bytes .*");
    }

    @Test
    void theDeadlineIsForAllPagesTogetherAndTheOneThatMissedItIsNamed() throws IOException {
        HttpCheck.Builder pages = HttpCheck.httpGet("/").warmup(Duration.ZERO).connectTimeout(SHORT);
        for (int i = 1; i <= 9; i++) {
            pages.url(HttpUrl.builder("/" + i).build());
        }
        try (Liar liar = new Liar((self, client) -> {
            String request = Liar.readRequest(client);
            self.pause(request.startsWith("GET /3") ? 60_000 : 200);
            Liar.send(client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        })) {
            assertThat(Asking.found(monitor, liar.key(), pages.build()))
                    .matches("response: /[1-3]: no complete header within 1s");
        }
    }

    private String answering(String response) throws IOException {
        try (Liar liar = new Liar(Liar.answering(response))) {
            return found(liar);
        }
    }

    private String found(Liar liar) {
        return Asking.found(monitor, liar.key(), check.build());
    }
}
