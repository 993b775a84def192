package io.lvs4j.netlink;

import io.lvs4j.ForwardingMethod.Encapsulation;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A real server of a virtual service as the kernel knows it.
 *
 * @param address its address
 * @param port 0..65535; with a firewall mark or port 0 of the service, 0 = the packet's own port
 * @param method how packets get there
 * @param weight 0..2147483647; 0 = no new connections
 * @param upperThreshold it gets no new connections from this many on, 0 = no limit
 * @param lowerThreshold it gets new ones again below this many, 0..upper threshold
 * @param tunnel how packets are wrapped; present if and only if the method is a tunnel
 */
public record IpvsDestination(
        InetAddress address,
        int port,
        Method method,
        int weight,
        int upperThreshold,
        int lowerThreshold,
        Optional<Tunnel> tunnel) {

    /** How packets get to a destination. */
    public enum Method {
        /** NAT. */
        MASQUERADE(0),
        /** The director itself serves. */
        LOCAL(1),
        /** Wrapped into other packets. */
        TUNNEL(2),
        /** To its link-layer address. */
        DIRECT_ROUTING(3),
        /** Past the service, to where the packet was going: for transparent caches. */
        BYPASS(4);

        final int number;

        Method(int number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What a GUE or GRE tunnel does about checksums. */
    public enum Checksum {
        /** Nothing. */
        NONE(0),
        /** Computes them. */
        COMPUTE(1),
        /** Leaves them to the other end (remote checksum offload; GUE only). */
        REMOTE(2);

        final int number;

        Checksum(int number) {
            this.number = number;
        }
    }

    /**
     * How packets are wrapped.
     *
     * @param encapsulation in what
     * @param port GUE: the port to send to, 1..65535; else 0
     * @param checksum what about checksums; IPIP: nothing
     */
    public record Tunnel(Encapsulation encapsulation, int port, Checksum checksum) {
        /** IP in IP. */
        public static final Tunnel IPIP = new Tunnel(Encapsulation.IPIP, 0, Checksum.NONE);

        /** Checks what belongs together. */
        public Tunnel {
            Objects.requireNonNull(encapsulation, "encapsulation");
            Objects.requireNonNull(checksum, "checksum");
            boolean gue = encapsulation == Encapsulation.GUE;
            if (gue ? port < 1 || port > 65535 : port != 0) {
                throw new IllegalArgumentException("tunnel port: " + port + " (expected: "
                        + (gue ? "1..65535 for gue" : "0, only gue has a port") + ")");
            }
            if ((encapsulation == Encapsulation.IPIP && checksum != Checksum.NONE)
                    || (encapsulation == Encapsulation.GRE && checksum == Checksum.REMOTE)) {
                throw new IllegalArgumentException(
                        "tunnel checksum: " + checksum + " (expected: one that " + encapsulation + " has)");
            }
        }
    }

    /** Checks what the kernel checks, and what it does not. */
    public IpvsDestination {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(tunnel, "tunnel");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
        if (weight < 0) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 0..2147483647)");
        }
        if (upperThreshold < 0) {
            throw new IllegalArgumentException("upperThreshold: " + upperThreshold + " (expected: 0..2147483647)");
        }
        if (lowerThreshold < 0 || lowerThreshold > upperThreshold) {
            throw new IllegalArgumentException("lowerThreshold: " + lowerThreshold
                    + " (expected: 0..upperThreshold, which is " + upperThreshold + ")");
        }
        if (tunnel.isPresent() != (method == Method.TUNNEL)) {
            throw new IllegalArgumentException(
                    "tunnel: " + tunnel + " (expected: one if and only if the method, " + method + ", is a tunnel)");
        }
    }

    /**
     * {@return a destination behind NAT, without thresholds}
     *
     * @param address its address
     * @param port its port
     * @param weight its share
     */
    public static IpvsDestination masquerade(InetAddress address, int port, int weight) {
        return new IpvsDestination(address, port, Method.MASQUERADE, weight, 0, 0, Optional.empty());
    }

    /** {@return a copy with another weight} */
    public IpvsDestination withWeight(int newWeight) {
        return new IpvsDestination(address, port, method, newWeight, upperThreshold, lowerThreshold, tunnel);
    }

    @Override
    public String toString() {
        return Addresses.text(address, port) + " " + method
                + tunnel.map(t -> " " + t.encapsulation().name().toLowerCase(Locale.ROOT)
                                + (t.port() == 0 ? "" : " " + t.port()))
                        .orElse("")
                + " weight " + weight
                + (upperThreshold == 0 ? "" : " threshold " + lowerThreshold + ".." + upperThreshold);
    }
}
