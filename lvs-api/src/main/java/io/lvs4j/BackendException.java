package io.lvs4j;

import org.jspecify.annotations.Nullable;

/** A backend could not do what was asked of it; nothing was left half done. */
public class BackendException extends LvsException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final String subject;

    /**
     * Creates an exception.
     *
     * @param operation what was tried, such as {@code listen}
     * @param subject what it was tried on, such as {@code tcp 10.0.0.1:80}
     * @param reason why it failed and what to do
     * @param cause what it was caused by, or null
     */
    public BackendException(String operation, String subject, String reason, @Nullable Throwable cause) {
        super(operation + " " + subject + ": " + reason, cause);
        this.operation = operation;
        this.subject = subject;
    }

    /** {@return what was tried} */
    public String operation() {
        return operation;
    }

    /** {@return what it was tried on} */
    public String subject() {
        return subject;
    }
}
