package io.lvs4j;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;

/**
 * One client's persistence template.
 *
 * @param key what makes the client: its address as an {@link InetAddress}, with the bits that do not count cleared,
 *     or the key that the embedder gave
 * @param server the real server that the client belongs to
 * @param connections how many connections of the client are open now; 0 in what is given to
 *     {@link PersistenceTemplates#restore}
 * @param expiresIn how long the template lives on unless there is another connection; the whole timeout while any is open
 */
public record PersistenceTemplate(Object key, ServerKey server, int connections, Duration expiresIn) {
    /** Refuses null. */
    public PersistenceTemplate {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(expiresIn, "expiresIn");
    }

    @Override
    public String toString() {
        String client = key instanceof InetAddress address ? address.getHostAddress() : key.toString();
        return client + " -> " + server + " connections " + connections + " expires in " + expiresIn.toSeconds() + " s";
    }
}
