package io.lvs4j;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A service that a {@link Director} serves. Thread-safe. Once the service has been removed, its methods throw
 * {@link IllegalArgumentException}.
 */
public final class ServiceHandle {
    private final Director director;
    private final ServiceKey key;

    ServiceHandle(Director director, ServiceKey key) {
        this.director = director;
        this.key = key;
    }

    /** {@return its key} */
    public ServiceKey key() {
        return key;
    }

    /** {@return its description as it is now, with every change made through handles} */
    public VirtualService description() {
        return director.description(key);
    }

    /** {@return its servers, states and counters now} */
    public ServiceSnapshot snapshot() {
        return director.snapshot(key);
    }

    /**
     * Changes it, see {@link Director#update}.
     *
     * @param service the new description, with the same key
     * @return what was done
     * @throws IllegalArgumentException if the key differs
     */
    public Plan update(VirtualService service) {
        if (!service.key().equals(key)) {
            throw new IllegalArgumentException("key: " + service.key() + " (expected: " + key
                    + "; another key is another service, add it and remove this one)");
        }
        return director.update(service);
    }

    /**
     * Swaps the scheduler; connections and persistence templates stay.
     *
     * @param name one of {@link Scheduling#names()}
     * @return what was done
     */
    public Plan scheduler(String name) {
        return scheduling(Scheduling.of(name));
    }

    /**
     * Swaps the scheduler or its settings; connections and persistence templates stay.
     *
     * @param scheduling the scheduler
     * @return what was done
     */
    public Plan scheduling(Scheduling scheduling) {
        Objects.requireNonNull(scheduling, "scheduling");
        return director.edit(
                key, service -> service.toBuilder().scheduling(scheduling).build());
    }

    /**
     * Adds a real server.
     *
     * @param server the server
     * @return the handle to it
     * @throws IllegalArgumentException if the service has a server with this key
     */
    public ServerHandle add(RealServer server) {
        Objects.requireNonNull(server, "server");
        director.edit(key, service -> service.toBuilder().realServer(server).build());
        return new ServerHandle(director, key, server.key());
    }

    /**
     * {@return the handle of a real server}
     *
     * @param server address and port, such as {@code 192.168.1.101:18089}
     * @throws IllegalArgumentException if the service has no such server
     */
    public ServerHandle server(String server) {
        return server(ServerKey.parse(server));
    }

    /**
     * {@return the handle of a real server}
     *
     * @param server its key
     * @throws IllegalArgumentException if the service has no such server
     */
    public ServerHandle server(ServerKey server) {
        director.requireServer(key, server);
        return new ServerHandle(director, key, server);
    }

    /** {@return its persistence templates; empty if it is not persistent, or if the backend cannot show them} */
    public Optional<PersistenceTemplates> persistence() {
        return director.persistence(key);
    }

    /**
     * {@return its connections and persistence templates now, as {@code ipvsadm -Lc} lists them} Connections are those that have
     * been given to a real server; on {@code headless} they are the embedder's, and only templates are listed. Templates by key are in
     * {@link #persistence} alone. The call delays no connection and no change; it takes longer the more there are, of whatever
     * service, and must not be made on an event loop.
     *
     * @param most how many to list, 1..{@value ConnectionEntries#MAX}
     * @throws IllegalArgumentException if {@code most} is out of range
     * @throws BackendException if the backend cannot look
     */
    public ConnectionEntries connections(int most) {
        return director.connections(key, most);
    }

    /** {@return the handles of all real servers} */
    public List<ServerHandle> servers() {
        return description().realServers().stream()
                .map(server -> new ServerHandle(director, key, server.key()))
                .toList();
    }

    /** Ends the service and resets its connections, see {@link Director#remove}. */
    public void remove() {
        director.remove(key);
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
