package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.ParseOptions;
import java.util.Objects;

/**
 * How a configuration is read.
 *
 * @param mode what becomes of what is wrong
 * @param parse what its text is read with
 */
public record ReadOptions(Mode mode, ParseOptions parse) {
    /** Strict, and the default limits. */
    public static final ReadOptions STRICT = new ReadOptions(Mode.STRICT, ParseOptions.DEFAULT);

    /** Lenient, and the default limits. */
    public static final ReadOptions LENIENT = new ReadOptions(Mode.LENIENT, ParseOptions.DEFAULT);

    /** What becomes of what is wrong. */
    public enum Mode {
        /** One error refuses all: there are no services. What {@code keepalived -t} calls an error is one. */
        STRICT,
        /**
         * Words that are often written for others are read as those, and what keepalived corrects is corrected as it does, both with a
         * warning. A service with an error is left out, and the others are there.
         */
        LENIENT
    }

    /** Requires both parts. */
    public ReadOptions {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(parse, "parse");
    }
}
