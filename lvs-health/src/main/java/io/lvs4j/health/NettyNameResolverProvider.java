package io.lvs4j.health;

import io.lvs4j.spi.NameResolver;
import io.lvs4j.spi.NameResolverProvider;

/** Lets a director find {@link NettyNameResolver} by itself. */
public final class NettyNameResolverProvider implements NameResolverProvider {

    /** For the service loader. */
    public NettyNameResolverProvider() {}

    @Override
    public NameResolver create() {
        return NettyNameResolver.create();
    }
}
