package io.lvs4j.spi;

import java.util.Optional;

/** Makes a backend available by name through {@link java.util.ServiceLoader}. */
public interface BackendProvider {

    /** {@return the backend's name, such as {@code netty}} */
    String id();

    /** {@return why the backend cannot run here and what to do about it, or empty if it can} */
    Optional<String> unavailable();

    /** {@return a new backend with default settings} */
    Backend create();
}
