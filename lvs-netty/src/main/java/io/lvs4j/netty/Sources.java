package io.lvs4j.netty;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressRange;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ServerKey;
import io.lvs4j.spi.Pool;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a service connects to its servers from, where this host's routes are not to decide that: the client's own,
 * or those of a range. A client begins at the same place of the range each time, and tries the next one when no port is left to
 * its server: as many connections fit as there are ports, times addresses, times servers. Immutable.
 */
final class Sources {
    /** What a server's sockets are bound to; no range = the client's own address. */
    private record Source(@Nullable AddressRange range) {}

    private final Map<ServerKey, Source> byServer;

    private Sources(Map<ServerKey, Source> byServer) {
        this.byServer = byServer;
    }

    /** Returns a pool's sources, or null if there is nothing to do. */
    static @Nullable Sources of(Pool pool, boolean transparent) {
        Map<ServerKey, Source> byServer = new HashMap<>();
        for (Pool.Member member : pool.members()) {
            ForwardingMethod method = pool.service().forwardingOf(member.server());
            if (method instanceof ForwardingMethod.FullNat fullNat
                    && fullNat.source().isPresent()) {
                byServer.put(member.server().key(), new Source(fullNat.source().get()));
            } else if (transparent && method.kind() == ForwardingMethod.Kind.MASQUERADE) {
                byServer.put(member.server().key(), new Source(null));
            }
        }
        return byServer.isEmpty() ? null : new Sources(Map.copyOf(byServer));
    }

    // ---------------------------------------------------------------- on an event loop

    /** Returns how many ways there are to bind a socket to a server; 0 = it need not be bound. */
    int choices(ServerKey server) {
        Source source = byServer.get(server);
        if (source == null) {
            return 0;
        }
        return source.range == null ? 2 : source.range.size();
    }

    /** Whether {@link #local} is an address that this host does not have. */
    boolean isTransparent(ServerKey server) {
        Source source = byServer.get(server);
        return source != null && source.range == null;
    }

    /**
     * Returns what to bind to; port 0 = any.
     *
     * @param choice from 0 on, below {@link #choices}
     * @throws BindException if the client's address is none that a connection to the server can have
     */
    InetSocketAddress local(ServerKey server, InetSocketAddress client, int choice) throws BindException {
        Source source = byServer.get(server);
        if (source == null) {
            throw new IllegalStateException("no source for " + server);
        }
        AddressRange range = source.range;
        if (range != null) {
            int begin = Math.floorMod(client.getAddress().hashCode(), range.size());
            return new InetSocketAddress(range.address((begin + choice) % range.size()), 0);
        }
        if (AddressFamily.of(client.getAddress()) != AddressFamily.of(server.address())) {
            throw new BindException("a client of another family than its server");
        }
        return choice == 0 ? client : new InetSocketAddress(client.getAddress(), 0);
    }
}
