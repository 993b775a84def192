package io.lvs4j;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How many connections a service takes, so that nobody can take all that there is. A connection beyond a limit is turned away at
 * once and {@linkplain Refusal counted}: over TCP it is reset, over UDP, where a flow is a connection, its datagram is dropped.
 * What is not said is left to the backend, whose default is no limit; {@link #UNLIMITED} says that there shall be none.
 *
 * <p>A source is a client's address, or its network: of an IPv6 client the first 64 bits, because a single user commonly has as
 * many addresses as that. Where balancers in front tell clients' addresses by the PROXY protocol, those are the sources.
 * Connections that a front opens on its own account count for the service alone.
 *
 * <p>The limits of a server are its thresholds: {@link RealServer.Builder#upperThreshold}. A full server does not turn clients
 * away: others get them, if there are any that are not full.
 *
 * <pre>{@code
 * ConnectionLimits.defaults().withPerService(10_000).withPerSource(100).withNewPerSource(20)
 * }</pre>
 *
 * @param perService connections at a time, 1..2147483646 or {@link #UNLIMITED}; empty = not said
 * @param perSource connections of one source at a time, 1..{@code perService} or {@link #UNLIMITED}; empty = not said
 * @param newPerSource how fast one source may open connections; empty = not said
 * @param ipv4PrefixLength how many leading bits of an IPv4 address make a source, 1..32
 * @param ipv6PrefixLength how many leading bits of an IPv6 address make a source, 1..128
 */
public record ConnectionLimits(
        OptionalInt perService,
        OptionalInt perSource,
        Optional<Rate> newPerSource,
        int ipv4PrefixLength,
        int ipv6PrefixLength) {

    /** No limit, and none that a backend may set by itself. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;
    private static final int IPV6_SITE_BITS = 64;
    private static final ConnectionLimits DEFAULTS =
            new ConnectionLimits(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), IPV4_BITS, IPV6_SITE_BITS);

    /**
     * A rate, kept by a token bucket: each connection takes a token, and there are never more than {@code burst}.
     *
     * @param perSecond connections per second in the long run, 1..1000000, or {@link #UNLIMITED}
     * @param burst connections at once after a pause, 1..1000000, or {@link #UNLIMITED} with an unlimited rate
     */
    public record Rate(int perSecond, int burst) {
        /** The greatest rate and the greatest burst. */
        public static final int MAX = 1_000_000;

        /** Checks the ranges, and refuses a burst that an unlimited rate has no use for. */
        public Rate {
            requireLimit("new connections per second per source", perSecond, MAX);
            if (perSecond == UNLIMITED) {
                if (burst != UNLIMITED) {
                    throw new IllegalArgumentException("burst per source: " + burst
                            + " (expected: unlimited, as new connections per second per source are)");
                }
            } else if (burst < 1 || burst > MAX) {
                throw new IllegalArgumentException("burst per source: " + burst + " (expected: 1.." + MAX + ")");
            }
        }

        /**
         * {@return a rate whose burst is what comes in one second}
         *
         * @param perSecond 1..1000000, or {@link #UNLIMITED}
         */
        public static Rate of(int perSecond) {
            return new Rate(perSecond, perSecond);
        }

        @Override
        public String toString() {
            return perSecond == UNLIMITED
                    ? "unlimited"
                    : perSecond + "/s" + (burst == perSecond ? "" : " burst " + burst);
        }
    }

    /** Checks the ranges, and refuses a source's limit above the service's: it could never be reached. */
    public ConnectionLimits {
        Objects.requireNonNull(newPerSource, "newPerSource");
        perService.ifPresent(limit -> requireLimit("connections per service", limit, UNLIMITED - 1));
        perSource.ifPresent(limit -> requireLimit("connections per source", limit, UNLIMITED - 1));
        int most = perService.orElse(UNLIMITED);
        int each = perSource.orElse(UNLIMITED);
        if (each != UNLIMITED && each > most) {
            throw new IllegalArgumentException("connections per source: " + each
                    + " (expected: at most the connections per service, which are " + most + ")");
        }
        requirePrefix("IPv4 prefix length of a source", ipv4PrefixLength, IPV4_BITS);
        requirePrefix("IPv6 prefix length of a source", ipv6PrefixLength, IPV6_BITS);
    }

    private static void requireLimit(String name, int limit, int max) {
        if (limit != UNLIMITED && (limit < 1 || limit > max)) {
            throw new IllegalArgumentException(name + ": " + limit + " (expected: 1.." + max + " or unlimited)");
        }
    }

    private static void requirePrefix(String name, int length, int bits) {
        if (length < 1 || length > bits) {
            throw new IllegalArgumentException(name + ": " + length + " (expected: 1.." + bits + ")");
        }
    }

    /** {@return nothing is said; a source is an IPv4 address or an IPv6 network of 64 bits} */
    public static ConnectionLimits defaults() {
        return DEFAULTS;
    }

    /**
     * {@return a copy with another limit of the service}
     *
     * @param connections at a time, 1..2147483646 or {@link #UNLIMITED}
     */
    public ConnectionLimits withPerService(int connections) {
        return new ConnectionLimits(
                OptionalInt.of(connections), perSource, newPerSource, ipv4PrefixLength, ipv6PrefixLength);
    }

    /**
     * {@return a copy with another limit of each source}
     *
     * @param connections at a time, 1..{@code perService} or {@link #UNLIMITED}
     */
    public ConnectionLimits withPerSource(int connections) {
        return new ConnectionLimits(
                perService, OptionalInt.of(connections), newPerSource, ipv4PrefixLength, ipv6PrefixLength);
    }

    /**
     * {@return a copy with another rate of each source, whose burst is what comes in one second}
     *
     * @param perSecond new connections, 1..1000000, or {@link #UNLIMITED}
     */
    public ConnectionLimits withNewPerSource(int perSecond) {
        return withNewPerSource(Rate.of(perSecond));
    }

    /**
     * {@return a copy with another rate of each source}
     *
     * @param rate how fast it may open connections
     */
    public ConnectionLimits withNewPerSource(Rate rate) {
        return new ConnectionLimits(perService, perSource, Optional.of(rate), ipv4PrefixLength, ipv6PrefixLength);
    }

    /**
     * {@return a copy in which other parts of addresses make a source}
     *
     * @param ipv4 leading bits of an IPv4 address, 1..32
     * @param ipv6 leading bits of an IPv6 address, 1..128
     */
    public ConnectionLimits withSourcePrefixes(int ipv4, int ipv6) {
        return new ConnectionLimits(perService, perSource, newPerSource, ipv4, ipv6);
    }

    /**
     * {@return these limits, and where nothing is said those of a backend} A source's stays within the service's.
     *
     * @param backend what holds for services that say nothing
     */
    public ConnectionLimits orElse(ConnectionLimits backend) {
        OptionalInt service = perService.isPresent() ? perService : backend.perService;
        OptionalInt source = perSource;
        if (source.isEmpty() && backend.perSource.isPresent()) {
            source = OptionalInt.of(Math.min(backend.perSource.getAsInt(), service.orElse(UNLIMITED)));
        }
        return new ConnectionLimits(
                service, source, newPerSource.or(() -> backend.newPerSource), ipv4PrefixLength, ipv6PrefixLength);
    }

    /** {@return whether there is a limit on connections at a time, of the service or of each source} */
    public boolean limitsConnections() {
        return perService.orElse(UNLIMITED) != UNLIMITED || perSource.orElse(UNLIMITED) != UNLIMITED;
    }

    /** {@return whether there is anything to keep: some limit is said, and not as unlimited} */
    public boolean limited() {
        return perService.orElse(UNLIMITED) != UNLIMITED || limitsSources();
    }

    /** {@return whether there is anything to keep for each source} */
    public boolean limitsSources() {
        return perSource.orElse(UNLIMITED) != UNLIMITED
                || newPerSource.filter(rate -> rate.perSecond() != UNLIMITED).isPresent();
    }

    /** Such as {@code limits 10000 per-source 100 new-per-source 20/s}; {@code limits none} if nothing is said. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("limits");
        perService.ifPresent(limit -> text.append(' ').append(text(limit)));
        perSource.ifPresent(limit -> text.append(" per-source ").append(text(limit)));
        newPerSource.ifPresent(rate -> text.append(" new-per-source ").append(rate));
        if (ipv4PrefixLength != IPV4_BITS || ipv6PrefixLength != IPV6_SITE_BITS) {
            text.append(" by /").append(ipv4PrefixLength).append(",/").append(ipv6PrefixLength);
        }
        return text.length() == "limits".length() ? "limits none" : text.toString();
    }

    private static String text(int limit) {
        return limit == UNLIMITED ? "unlimited" : Integer.toString(limit);
    }
}
