package io.lvs4j.spi;

/** Makes the name resolver of a director that is given none; found by {@link java.util.ServiceLoader}. */
public interface NameResolverProvider {

    /** {@return a resolver that asks the name servers of this host} */
    NameResolver create();
}
