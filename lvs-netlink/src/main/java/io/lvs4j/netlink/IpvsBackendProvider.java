package io.lvs4j.netlink;

import io.lvs4j.BackendException;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.BackendProvider;
import java.util.Optional;

/** Makes {@link IpvsBackend} available as {@code ipvs}. */
public final class IpvsBackendProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public IpvsBackendProvider() {}

    @Override
    public String id() {
        return IpvsBackend.NAME;
    }

    @Override
    public Optional<String> unavailable() {
        try (Ipvs ipvs = Ipvs.open()) {
            ipvs.info();
            return Optional.empty();
        } catch (BackendException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Backend create() {
        return IpvsBackend.create();
    }
}
