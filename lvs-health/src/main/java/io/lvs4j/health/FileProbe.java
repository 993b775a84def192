package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.FileCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a number from a file; {@link FileCheck} says what it means. A disk may be slow, so not on an event loop. */
final class FileProbe implements Probe {
    private static final int MAX_BYTES = 4096;
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,9}");

    private final FileCheck check;
    private final ExecutorService reader;

    FileProbe(FileCheck check, ExecutorService reader) {
        this.check = check;
        this.reader = reader;
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        try {
            return new Reading(reader.submit(() -> outcome.accept(look())));
        } catch (RejectedExecutionException e) {
            outcome.accept(CheckResult.inconclusive("file not read: too many are waiting to be read"));
            return new Reading(null);
        }
    }

    private CheckResult look() {
        Path path = check.path();
        try {
            if (!Files.isRegularFile(path)) { // a FIFO would be waited for
                return Files.exists(path)
                        ? CheckResult.inconclusive("file " + path + ": not a regular file")
                        : CheckResult.passed("no file");
            }
            return judge(path, read(path));
        } catch (NoSuchFileException e) {
            return CheckResult.passed("no file");
        } catch (IOException e) {
            return CheckResult.inconclusive("file not read: " + e);
        }
    }

    /** Returns the text, or nothing if it is too long. */
    private static Optional<String> read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES
                    ? Optional.empty()
                    : Optional.of(new String(bytes, StandardCharsets.ISO_8859_1).strip());
        }
    }

    private CheckResult judge(Path path, Optional<String> text) {
        if (text.isEmpty() || !NUMBER.matcher(text.get()).matches()) {
            return CheckResult.inconclusive(
                    "file " + path + ": no number (expected: one whole number of at most 9 digits)");
        }
        int number = Integer.parseInt(text.get());
        String detail = "the file says " + number;
        if (check.dynamicWeight()) {
            return number < 0 || number > 65535
                    ? Phase.FILE.failed(detail + " (expected: 0..65535)")
                    : CheckResult.passed(detail, new Advice.Weight(number));
        }
        return number == 0 ? CheckResult.passed(detail) : Phase.FILE.failed(detail + " (expected: 0)");
    }

    private record Reading(@Nullable Future<?> future) implements Attempt {
        @Override
        public Phase phase() {
            return Phase.FILE;
        }

        @Override
        public void abort() {
            if (future != null) {
                future.cancel(false);
            }
        }
    }
}
