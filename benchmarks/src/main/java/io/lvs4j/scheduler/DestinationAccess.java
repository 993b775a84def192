package io.lvs4j.scheduler;

import io.lvs4j.RealServer;
import java.util.List;

/**
 * Opens what benchmarks need of {@link Destination} and users do not: counting connections on one without an engine. It is in
 * the schedulers' package because those methods are package-private; that works on the class path only, which is how
 * benchmarks run.
 */
public final class DestinationAccess {
    private DestinationAccess() {}

    /** Returns the destinations of one service, in this order, without connections. */
    public static List<Destination> pool(List<RealServer> servers) {
        return Destination.of(servers);
    }

    /** Counts one active connection more: one change of the counts, of which a connection makes four in its life. */
    public static void open(Destination destination) {
        destination.add(Counts.ACTIVE);
    }

    /** Ends one that was {@link #open opened}. */
    public static void end(Destination destination) {
        destination.add(-Counts.ACTIVE);
    }

    /** Counts a connection that is not established yet. */
    public static void bind(Destination destination) {
        destination.bind();
    }

    /** Ends one that was {@link #bind bound}. */
    public static void unbind(Destination destination) {
        destination.unbindInactive();
    }

    /** Takes over a server's weight and thresholds, as the engine does before it tells the scheduler. */
    public static void configure(Destination destination, RealServer server) {
        destination.configure(server, server.weight(), true);
    }
}
