package io.lvs4j;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All services of a director at one moment.
 *
 * @param backend the backend's name
 * @param services the services in the order in which they were added
 */
public record DirectorSnapshot(String backend, List<ServiceSnapshot> services) {
    /** Copies the list. */
    public DirectorSnapshot {
        Objects.requireNonNull(backend, "backend");
        services = List.copyOf(services);
    }

    /**
     * {@return the service with this key, or empty}
     *
     * @param key its key
     */
    public Optional<ServiceSnapshot> service(ServiceKey key) {
        return services.stream().filter(s -> s.service().key().equals(key)).findFirst();
    }
}
