package io.lvs4j.ipvsadm;

import io.lvs4j.ForwardingMethod.Encapsulation;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What ipvsadm knows of a real server: the options of {@code -a}.
 *
 * @param address its address
 * @param port 0..65535; 0 = the packet's own
 * @param forwarding how packets get there ({@code -g}, {@code -i} or {@code -m})
 * @param weight its share ({@code -w}), 0..2147483647
 * @param upperThreshold its limit ({@code -x}), 0 = none
 * @param lowerThreshold when it gets new connections again ({@code -y}), 0 = below three quarters of the limit
 * @param tunnel how packets are wrapped, if and only if {@code forwarding} is a tunnel
 */
public record ServerRule(
        InetAddress address,
        int port,
        Forwarding forwarding,
        int weight,
        int upperThreshold,
        int lowerThreshold,
        Optional<Tunnel> tunnel) {

    /** How packets get to a real server. */
    public enum Forwarding {
        /** Direct routing. */
        GATEWAYING("-g", "Route"),
        /** A tunnel. */
        TUNNEL("-i", "Tunnel"),
        /** NAT. */
        MASQUERADING("-m", "Masq"),
        /** The director itself serves; only the kernel chooses this, and ipvsadm saves it as direct routing. */
        LOCAL("-g", "Local");

        private final String option;
        private final String title;

        Forwarding(String option, String title) {
            this.option = option;
            this.title = title;
        }

        /** {@return the name in a listing, such as {@code Route}} */
        String title() {
            return title;
        }
    }

    /** What a GUE or GRE tunnel does about checksums. */
    public enum Checksum {
        /** Nothing. */
        NONE("--tun-nocsum", "-c"),
        /** Computes them. */
        COMPUTE("--tun-csum", "+c"),
        /** Leaves them to the other end. */
        REMOTE("--tun-remcsum", "r+c");

        private final String option;
        private final String title;

        Checksum(String option, String title) {
            this.option = option;
            this.title = title;
        }
    }

    /**
     * How packets are wrapped.
     *
     * @param encapsulation in what ({@code --tun-type})
     * @param port of GUE where to ({@code --tun-port}), 1..65535; else 0
     * @param checksum what about checksums
     */
    public record Tunnel(Encapsulation encapsulation, int port, Checksum checksum) {
        /** IP in IP. */
        public static final Tunnel IPIP = new Tunnel(Encapsulation.IPIP, 0, Checksum.NONE);

        /** Checks the port. */
        public Tunnel {
            Objects.requireNonNull(encapsulation, "encapsulation");
            Objects.requireNonNull(checksum, "checksum");
            boolean gue = encapsulation == Encapsulation.GUE;
            if (gue ? port < 1 || port > 65535 : port != 0) {
                throw new IllegalArgumentException(
                        "tunnel port: " + port + " (expected: " + (gue ? "1..65535" : "0, only gue has one") + ")");
            }
        }

        private String name() {
            return encapsulation.name().toLowerCase(Locale.ROOT);
        }

        String title() {
            return switch (encapsulation) {
                case IPIP -> name();
                case GUE -> name() + ":" + port + ":" + checksum.title;
                case GRE -> name() + ":" + checksum.title;
            };
        }

        @Override
        public String toString() {
            return "--tun-type " + name()
                    + switch (encapsulation) {
                        case IPIP -> "";
                        case GUE -> " --tun-port " + port + " " + checksum.option;
                        case GRE -> " " + checksum.option;
                    };
        }
    }

    /** Checks the ranges. */
    public ServerRule {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(forwarding, "forwarding");
        AddressText.requirePort(port);
        requireNotNegative("weight", weight);
        requireNotNegative("upper threshold", upperThreshold);
        requireNotNegative("lower threshold", lowerThreshold);
        if (tunnel.isPresent() != (forwarding == Forwarding.TUNNEL)) {
            throw new IllegalArgumentException("tunnel: " + tunnel
                    + " (expected: one if and only if the method is a tunnel, it is " + forwarding + ")");
        }
    }

    private static void requireNotNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0..2147483647)");
        }
    }

    /** {@return address and port as ipvsadm prints them} */
    String endpoint() {
        return AddressText.format(address, port);
    }

    /** {@return the options as {@code ipvsadm -S} prints them: it forgets the thresholds} */
    String withoutThresholds() {
        return "-r " + endpoint() + " " + forwarding.option + " -w " + weight
                + tunnel.map(t -> " " + t).orElse("");
    }

    /** {@return the options in ipvsadm's order, and thresholds, if there are any, at the end} */
    @Override
    public String toString() {
        return withoutThresholds()
                + (upperThreshold == 0 ? "" : " -x " + upperThreshold)
                + (lowerThreshold == 0 ? "" : " -y " + lowerThreshold);
    }
}
