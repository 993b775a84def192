package io.lvs4j.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Passes as a file says (keepalived's {@code FILE_CHECK}), which holds one whole number, white space around it allowed.
 *
 * <pre>
 *   the file holds      plain                with dynamicWeight
 *   nothing there       passes               passes, the described weight is in force
 *   0                   passes               passes, weight 0: no new connections
 *   1..65535            fails                passes, and is the weight
 *   other numbers       fail                 fail
 *   anything else       inconclusive         inconclusive
 * </pre>
 *
 * A file that is missing counts as 0, as with keepalived, so that an operator takes a server out by writing and puts it back by
 * removing it. keepalived's {@code weight}, a factor by which the number is multiplied before it is added, is not there:
 * the number itself is the weight. What is no number in a regular file of at most 4 KiB says nothing about the server,
 * because the file may just be being written.
 *
 * @param path the file's absolute path
 * @param dynamicWeight whether the number is a weight
 * @param timing when to look
 */
public record FileCheck(Path path, boolean dynamicWeight, CheckTiming timing) implements HealthCheck {
    /** Checks that the path is absolute. */
    public FileCheck {
        Objects.requireNonNull(timing, "timing");
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("file: " + path + " (expected: an absolute path)");
        }
    }

    /**
     * {@return a builder of a check by a file, by default every 60 s, timeout 5 s, no retries}
     *
     * @param path its absolute path; the file need not be there
     * @throws IllegalArgumentException if the path is not absolute
     */
    public static Builder of(Path path) {
        return new Builder(path);
    }

    @Override
    public String describe() {
        return "file " + path;
    }

    /** Collects the settings of a check by a file. Not thread-safe. */
    public static final class Builder extends CheckBuilder<Builder> {
        private final Path path;
        private boolean dynamicWeight;

        private Builder(Path path) {
            super(0, Duration.ofSeconds(1));
            this.path = path;
            FileCheck unused = build(); // so that the error comes here
            assert unused != null;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Makes the number the weight of the server.
         *
         * @return this
         */
        public Builder dynamicWeight() {
            this.dynamicWeight = true;
            return this;
        }

        /** {@return the check} */
        public FileCheck build() {
            return new FileCheck(path, dynamicWeight, timing());
        }
    }
}
