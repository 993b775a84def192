package io.lvs4j;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How packets get from the director to a real server. Instances are values; {@code kind()} serves for a complete switch.
 *
 * <table>
 *   <caption>The methods</caption>
 *   <tr><th>method</th><th>what happens</th><th>backends</th></tr>
 *   <tr><td>{@link #masquerade()}</td><td>NAT: the destination is rewritten; on the kernel the director must be the servers'
 *       way back; in process the servers see the director as their client, unless the backend is told to be transparent</td><td>ipvs, netty</td></tr>
 *   <tr><td>{@link #fullNat()}</td><td>source and destination are rewritten; servers need no route back</td>
 *       <td>ipvs, netty</td></tr>
 *   <tr><td>{@link #directRouting()}</td><td>only the link-layer destination changes; servers hold the virtual address and
 *       answer clients themselves</td><td>ipvs</td></tr>
 *   <tr><td>{@link #tunnel(Encapsulation)}</td><td>packets are encapsulated to the server</td><td>ipvs</td></tr>
 * </table>
 */
public sealed interface ForwardingMethod {

    /** The methods without their options. */
    enum Kind {
        /** Network address translation of the destination. */
        MASQUERADE,
        /** Network address translation of source and destination. */
        FULL_NAT,
        /** Direct routing (gatewaying). */
        DIRECT_ROUTING,
        /** Encapsulation. */
        TUNNEL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How a tunnelled packet is wrapped. */
    enum Encapsulation {
        /** IP in IP. */
        IPIP,
        /** Generic UDP encapsulation. */
        GUE,
        /** Generic routing encapsulation. */
        GRE
    }

    /** {@return which method this is} */
    Kind kind();

    /** {@return NAT, the default} */
    static ForwardingMethod masquerade() {
        return new Masquerade();
    }

    /** {@return full NAT; the source becomes the director's address on the way to the real server} */
    static ForwardingMethod fullNat() {
        return new FullNat(Optional.empty());
    }

    /**
     * {@return full NAT}
     *
     * @param source what the source becomes: an address of the director that real servers have a route to
     */
    static ForwardingMethod fullNat(InetAddress source) {
        return fullNat(AddressRange.of(source));
    }

    /**
     * {@return full NAT with several sources, each of which has ports for some ten thousand connections to each server}
     *
     * @param sources what the source becomes: addresses of the director that real servers have a route to
     */
    static ForwardingMethod fullNat(AddressRange sources) {
        return new FullNat(Optional.of(sources));
    }

    /** {@return direct routing} */
    static ForwardingMethod directRouting() {
        return new DirectRouting();
    }

    /**
     * {@return a tunnel}
     *
     * @param encapsulation how packets are wrapped
     */
    static ForwardingMethod tunnel(Encapsulation encapsulation) {
        return new Tunnel(encapsulation);
    }

    /** NAT, see {@link ForwardingMethod#masquerade()}. */
    record Masquerade() implements ForwardingMethod {
        @Override
        public Kind kind() {
            return Kind.MASQUERADE;
        }

        @Override
        public String toString() {
            return kind().toString();
        }
    }

    /**
     * Full NAT, see {@link ForwardingMethod#fullNat()}.
     *
     * @param source what the source becomes; empty = the director's address on the way to the real server
     */
    record FullNat(Optional<AddressRange> source) implements ForwardingMethod {
        /** Refuses a source that no packet can have. */
        public FullNat {
            source.ifPresent(FullNat::requireUnicast);
        }

        private static void requireUnicast(AddressRange range) {
            for (InetAddress address : new InetAddress[] {range.first(), range.last()}) {
                if (address.isAnyLocalAddress()
                        || address.isMulticastAddress()
                        || address.isLoopbackAddress()
                        || address.isLinkLocalAddress()) {
                    throw new IllegalArgumentException("full-nat source: " + IpText.format(address)
                            + " (expected: a unicast address that real servers can answer to)");
                }
            }
        }

        @Override
        public Kind kind() {
            return Kind.FULL_NAT;
        }

        @Override
        public String toString() {
            return kind() + source.map(range -> " from " + range).orElse("");
        }
    }

    /** Direct routing, see {@link ForwardingMethod#directRouting()}. */
    record DirectRouting() implements ForwardingMethod {
        @Override
        public Kind kind() {
            return Kind.DIRECT_ROUTING;
        }

        @Override
        public String toString() {
            return kind().toString();
        }
    }

    /**
     * A tunnel, see {@link ForwardingMethod#tunnel(Encapsulation)}.
     *
     * @param encapsulation how packets are wrapped
     */
    record Tunnel(Encapsulation encapsulation) implements ForwardingMethod {
        /** Refuses null. */
        public Tunnel {
            Objects.requireNonNull(encapsulation, "encapsulation");
        }

        @Override
        public Kind kind() {
            return Kind.TUNNEL;
        }

        @Override
        public String toString() {
            return kind() + " " + encapsulation.name().toLowerCase(Locale.ROOT);
        }
    }
}
