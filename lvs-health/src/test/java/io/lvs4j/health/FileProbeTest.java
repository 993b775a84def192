package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.FileCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileProbeTest {
    private static final ServerKey SERVER = ServerKey.of("192.0.2.1", 80);

    @TempDir
    private Path directory;

    private final ExecutorService reader = FileReader.create();

    @AfterEach
    void close() {
        FileReader.close(reader);
    }

    @Test
    void aFileThatIsNotThereIsAPass() throws Exception {
        assertThat(plain(directory.resolve("none"))).isEqualTo(CheckResult.passed("no file"));
        assertThat(weight(directory.resolve("none"))).isEqualTo(CheckResult.passed("no file"));
    }

    @ParameterizedTest
    @CsvSource({"0, the file says 0", "-0, the file says 0", "' 0\n', the file says 0"})
    void zeroIsAPass(String text, String found) throws Exception {
        assertThat(plain(file(text))).isEqualTo(CheckResult.passed(found));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "999999999"})
    void anotherNumberIsAFailure(String text) throws Exception {
        assertThat(plain(file(text))).isEqualTo(CheckResult.failed("file", "the file says " + text + " (expected: 0)"));
    }

    @Test
    void withDynamicWeightTheNumberIsTheWeight() throws Exception {
        assertThat(weight(file("0"))).isEqualTo(CheckResult.passed("the file says 0", new Advice.Weight(0)));
        assertThat(weight(file("65535")))
                .isEqualTo(CheckResult.passed("the file says 65535", new Advice.Weight(65535)));
        assertThat(weight(file("65536")))
                .isEqualTo(CheckResult.failed("file", "the file says 65536 (expected: 0..65535)"));
        assertThat(weight(file("-1"))).isEqualTo(CheckResult.failed("file", "the file says -1 (expected: 0..65535)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "up", "1 2", "1.5", "9999999999", "0x1", "0\u0000"})
    void whatIsNoNumberSaysNothingAboutTheServer(String text) throws Exception {
        assertThat(plain(file(text))).isInstanceOf(CheckResult.Inconclusive.class);
    }

    @Test
    void aLargeFileIsReadUpToALimit() throws Exception {
        assertThat(plain(file("0" + " ".repeat(4095)))).isEqualTo(CheckResult.passed("the file says 0"));
        assertThat(plain(file("0" + " ".repeat(4096)))).isInstanceOf(CheckResult.Inconclusive.class);
        assertThat(plain(Path.of("/dev/zero"))).isInstanceOf(CheckResult.Inconclusive.class);
    }

    @Test
    void aFifoIsNotWaitedFor() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();

        assertThat(plain(fifo)).isEqualTo(CheckResult.inconclusive("file " + fifo + ": not a regular file"));
        assertThat(plain(directory)).isEqualTo(CheckResult.inconclusive("file " + directory + ": not a regular file"));
    }

    @Test
    void aMonitorReadsFiles() throws IOException {
        try (NettyHealthMonitor monitor = NettyHealthMonitor.create()) {
            FileCheck check = FileCheck.of(file("7"))
                    .dynamicWeight()
                    .warmup(Duration.ZERO)
                    .build();
            assertThat(Asking.found(monitor, SERVER, check)).isEqualTo("the file says 7");
        }
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("state"), text);
    }

    private CheckResult plain(Path file) throws Exception {
        return look(FileCheck.of(file).build());
    }

    private CheckResult weight(Path file) throws Exception {
        return look(FileCheck.of(file).dynamicWeight().build());
    }

    private CheckResult look(FileCheck check) throws Exception {
        CompletableFuture<CheckResult> outcome = new CompletableFuture<>();
        new FileProbe(check, reader).begin(SERVER, outcome::complete);
        return outcome.get(10, TimeUnit.SECONDS);
    }
}
