package io.lvs4j.netty;

import io.lvs4j.spi.Backend;
import io.lvs4j.spi.BackendProvider;
import java.util.Optional;

/** Makes {@link NettyBackend} available as {@code netty}. */
public final class NettyBackendProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public NettyBackendProvider() {}

    @Override
    public String id() {
        return NettyBackend.NAME;
    }

    /** Returns empty: {@link Transport#NIO} runs everywhere. */
    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Backend create() {
        return NettyBackend.create();
    }
}
