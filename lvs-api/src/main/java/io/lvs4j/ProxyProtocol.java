package io.lvs4j;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The PROXY protocol of a service: a header before the first byte of a connection that names the client's address. Sending it
 * to real servers and accepting it from balancers in front are independent of each other; with both, servers are told the
 * address that the front told us.
 *
 * @param send the version of the header that real servers get, before anything else; empty = none
 * @param accept from whom a header is expected; empty = every byte of a client is data
 * @see <a href="https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt">The PROXY protocol, versions 1 and 2</a>
 */
public record ProxyProtocol(Optional<Version> send, Optional<Fronts> accept) {
    private static final ProxyProtocol NONE = new ProxyProtocol(Optional.empty(), Optional.empty());

    /** The form of a header. */
    public enum Version {
        /** One line of text. */
        V1,
        /** Binary. What a front says beyond addresses (its TLVs, but for the checksum) is passed on in it. */
        V2
    }

    /**
     * The balancers in front of a service. The service is theirs alone: a connection from any other address is reset at once,
     * whatever it sends, because whether there is a header must never be guessed from the bytes.
     *
     * <p>A connection of a front must begin with a header of either version. Its client and destination address are then those
     * of the header: for scheduling, persistence and the header that servers get. Where the header names none ({@code LOCAL},
     * {@code UNKNOWN}, other families than TCP over IPv4 and IPv6) they are the connection's own. Without a whole and valid
     * header the connection is reset before a server hears of it, and {@linkplain ServiceSnapshot#refusals counted}.
     *
     * @param trusted the networks of the fronts, at least one
     * @param headerTimeout how long to wait for the whole header, 3 s (the least that the protocol recommends)..10 min
     */
    public record Fronts(List<AddressPrefix> trusted, Duration headerTimeout) {
        /** The header timeout unless said otherwise: 3 s. */
        public static final Duration DEFAULT_HEADER_TIMEOUT = Duration.ofSeconds(3);

        private static final Duration MAX_HEADER_TIMEOUT = Duration.ofMinutes(10);

        /** Refuses an empty list and timeouts out of range. */
        public Fronts {
            trusted = List.copyOf(trusted);
            Objects.requireNonNull(headerTimeout, "headerTimeout");
            if (trusted.isEmpty()) {
                throw new IllegalArgumentException(
                        "trusted fronts: none (expected: at least one network, such as 10.0.0.0/8)");
            }
            if (headerTimeout.compareTo(DEFAULT_HEADER_TIMEOUT) < 0
                    || headerTimeout.compareTo(MAX_HEADER_TIMEOUT) > 0) {
                throw new IllegalArgumentException("header timeout: " + headerTimeout + " (expected: PT3S..PT10M)");
            }
        }

        /**
         * {@return whether an address is a trusted front's}
         *
         * @param address an IPv4 or IPv6 address
         */
        public boolean trusts(InetAddress address) {
            for (AddressPrefix prefix : trusted) {
                if (prefix.contains(address)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String toString() {
            return trusted.stream().map(AddressPrefix::toString).collect(Collectors.joining(","));
        }
    }

    /** Checks that nothing is null. */
    public ProxyProtocol {
        Objects.requireNonNull(send, "send");
        Objects.requireNonNull(accept, "accept");
    }

    /** {@return neither sent nor accepted} */
    public static ProxyProtocol none() {
        return NONE;
    }

    /**
     * {@return a copy that sends headers to real servers}
     *
     * @param version the form of the header
     */
    public ProxyProtocol withSend(Version version) {
        return new ProxyProtocol(Optional.of(version), accept);
    }

    /**
     * {@return a copy that expects headers from these fronts}
     *
     * @param fronts the fronts
     */
    public ProxyProtocol withAccept(Fronts fronts) {
        return new ProxyProtocol(send, Optional.of(fronts));
    }

    @Override
    public String toString() {
        return send.map(version -> "send-proxy " + version).orElse("")
                + (send.isPresent() && accept.isPresent() ? " " : "")
                + accept.map(fronts -> "accept-proxy " + fronts).orElse("");
    }
}
