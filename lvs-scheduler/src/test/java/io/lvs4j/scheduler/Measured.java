package io.lvs4j.scheduler;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;

/** Data measured on a kernel, one observation a line. */
final class Measured {
    private Measured() {}

    static Stream<String> lines(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Measured.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"));
        }
    }
}
