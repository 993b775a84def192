package io.lvs4j;

import org.jspecify.annotations.Nullable;

/** The root of what this library throws beside {@link IllegalArgumentException} and {@link IllegalStateException}. */
public class LvsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed, on what, why and what to do
     */
    public LvsException(String message) {
        super(message);
    }

    /**
     * Creates an exception.
     *
     * @param message what failed, on what, why and what to do
     * @param cause what it was caused by
     */
    public LvsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
