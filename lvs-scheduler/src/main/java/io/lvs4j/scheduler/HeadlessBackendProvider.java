package io.lvs4j.scheduler;

import io.lvs4j.spi.Backend;
import io.lvs4j.spi.BackendProvider;
import java.util.Optional;

/** Makes the {@link HeadlessBackend} available as {@code headless}. */
public final class HeadlessBackendProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public HeadlessBackendProvider() {}

    @Override
    public String id() {
        return "headless";
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Backend create() {
        return HeadlessBackend.create();
    }
}
