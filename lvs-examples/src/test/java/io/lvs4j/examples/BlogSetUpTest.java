package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.check.HttpCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cloud blog's set-up: rr before two web servers, HTTP_GET of / expecting 200, connect timeout 1 s, 2 retries 1 s apart.
 * Only the delay loop is shorter, 1 s for 6 s. Real nginx, curl and wrk.
 */
class BlogSetUpTest {
    private static final int BIG = 64 * 1024 * 1024; // more than all socket buffers on the way can hold
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final EventWatch events = new EventWatch();
    private byte[] bigDigest;
    private Nginx web1;
    private Nginx web2;
    private Director director;
    private ServiceHandle service;
    private String url;

    @BeforeEach
    void start() throws Exception {
        Path big = directory.resolve("big");
        byte[] content = new byte[BIG];
        new Random(1).nextBytes(content);
        Files.write(big, content);
        bigDigest = sha256().digest(content);
        web1 = Nginx.start(directory, "web1", big);
        web2 = Nginx.start(directory, "web2", big);
        int port = Ports.free();
        url = "http://127.0.0.1:" + port + "/";
        director = Director.builder().listener(events).build();
        service = director.add(VirtualService.builder()
                .listen("127.0.0.1", port)
                .scheduler("rr")
                .healthCheck(HttpCheck.httpGet("/")
                        .status(200)
                        .delayLoop(Duration.ofSeconds(1))
                        .connectTimeout(Duration.ofSeconds(1))
                        .retries(2)
                        .delayBeforeRetry(Duration.ofSeconds(1))
                        .build())
                .realServer(RealServer.builder(web1.key()).build())
                .realServer(RealServer.builder(web2.key()).build())
                .build());
        Awaitility.await().atMost(PATIENCE).until(() -> FirstChecks.passed(director.snapshot()));
    }

    @AfterEach
    void stop() {
        if (director != null) {
            director.close();
        }
        for (Nginx web : new Nginx[] {web1, web2}) {
            if (web != null) {
                web.close();
            }
        }
    }

    @Test
    void aStoppedServerLeavesAndComesBackAndNothingItAcceptedIsCut() throws Exception {
        assertThat(List.of(curl(), curl())).containsExactlyInAnyOrder("web1", "web2");

        try (Download one = new Download();
                Download other = new Download()) {
            assertThat(List.of(one.server, other.server)).containsExactlyInAnyOrder("web1", "web2");

            web1.quit();
            assertThat(curls(10)).as("before the check notices").containsOnly("web2");
            await(DirectorEvent.ServerDown.class, web1);
            assertThat(curls(10)).as("once the check has noticed").containsOnly("web2");

            one.finish();
            other.finish();
        }
        web1.awaitEnd();

        web1.start();
        await(DirectorEvent.ServerUp.class, web1);
        assertThat(List.of(curl(), curl())).containsExactlyInAnyOrder("web1", "web2");
        assertThat(service.snapshot().refused()).isZero();
    }

    @Test
    void wrkSeesNoErrorAndUsesBothServersEqually() {
        String report = ChildProcess.run(List.of(ChildProcess.program("wrk", "wrk"), "-t1", "-c16", "-d2s", url));

        assertThat(report)
                .containsPattern("[1-9][0-9]* requests in")
                .doesNotContain("Socket errors")
                .doesNotContain("Non-2xx");
        long first = service.server(web1.key()).snapshot().counters().connections();
        long second = service.server(web2.key()).snapshot().counters().connections();
        assertThat(first + second).isGreaterThanOrEqualTo(16);
        assertThat(Math.abs(first - second)).isLessThanOrEqualTo(1); // wrk opens one connection more, to look
    }

    private void await(Class<? extends DirectorEvent.ServerEvent> type, Nginx web) throws InterruptedException {
        events.await(
                e -> type.isInstance(e) && type.cast(e).server().equals(web.key()),
                type.getSimpleName() + " of " + web.name(),
                PATIENCE);
    }

    private List<String> curls(int count) {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(curl());
        }
        return answers;
    }

    private String curl() {
        return ChildProcess.run(
                List.of(ChildProcess.program("curl", "curl"), "-sS", "--fail", "--max-time", "10", url));
    }

    private static MessageDigest sha256() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256");
    }

    /** A curl that has the head of the big file and waits for the test to take the rest. */
    private final class Download implements AutoCloseable {
        private final ChildProcess curl = ChildProcess.startUnread(
                List.of(ChildProcess.program("curl", "curl"), "-sS", "--fail", "-i", url + "big"));
        private final InputStream body = curl.rawOutput();
        private final String server;

        Download() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = body.read();
                assertThat(next).as("more than %s, %s", head, curl).isNotNegative();
                head.append((char) next);
            }
            server = head.toString().replaceAll("(?s).*X-Server: (\\w+).*", "$1");
        }

        void finish() throws Exception {
            MessageDigest digest = sha256();
            byte[] chunk = new byte[65_536];
            long length = 0;
            for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
                digest.update(chunk, 0, n);
                length += n;
            }
            assertThat(length).isEqualTo(BIG);
            assertThat(digest.digest()).isEqualTo(bigDigest);
            assertThat(curl.awaitExit()).isZero();
        }

        @Override
        public void close() {
            curl.close();
        }
    }
}
