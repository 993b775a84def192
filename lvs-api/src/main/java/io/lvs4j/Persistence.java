package io.lvs4j;

import java.net.InetAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Keeps a client (or a client network) on its real server: the settings of the persistence templates.
 *
 * <p>A template starts with a client's first connection and is kept while any of its connections lives and for
 * {@code timeout} after the last new connection or the last end of one. When its server can no longer be used the client is
 * scheduled again.
 *
 * @param timeout how long a client without connections is remembered, 1 s..31 d in whole seconds (the kernel's resolution)
 * @param ipv4PrefixLength how many bits of an IPv4 client address count, 1..32; 24 keeps a /24 network together
 * @param ipv6PrefixLength how many bits of an IPv6 client address count, 1..128
 * @param quiescent what becomes of templates of a server whose weight is 0
 */
public record Persistence(Duration timeout, int ipv4PrefixLength, int ipv6PrefixLength, Quiescent quiescent) {

    /** The longest timeout, keepalived's and the kernel's limit of 31 days. */
    public static final Duration MAX_TIMEOUT = Duration.ofDays(31);

    /** What becomes of the templates of a quiesced server (weight 0); the sysctl {@code expire_quiescent_template}. */
    public enum Quiescent {
        /** Its clients are scheduled again at their next connection: weight 0 means no new connection. The default. */
        EXPIRE,
        /** Its clients keep coming until their templates expire, as the kernel does unless told otherwise. */
        KEEP
    }

    /** Checks the ranges. */
    public Persistence {
        Objects.requireNonNull(timeout, "persistence timeout");
        Objects.requireNonNull(quiescent, "quiescent");
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0
                || timeout.compareTo(MAX_TIMEOUT) > 0
                || !timeout.equals(timeout.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException(
                    "persistence timeout: " + timeout + " (expected: whole seconds, PT1S..PT744H)");
        }
        if (ipv4PrefixLength < 1 || ipv4PrefixLength > 32) {
            throw new IllegalArgumentException(
                    "persistence IPv4 prefix length: " + ipv4PrefixLength + " (expected: 1..32)");
        }
        if (ipv6PrefixLength < 1 || ipv6PrefixLength > 128) {
            throw new IllegalArgumentException(
                    "persistence IPv6 prefix length: " + ipv6PrefixLength + " (expected: 1..128)");
        }
    }

    /**
     * {@return persistence per client address}
     *
     * @param timeout 1 s..31 d in whole seconds
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public static Persistence of(Duration timeout) {
        return new Persistence(timeout, 32, 128, Quiescent.EXPIRE);
    }

    /**
     * {@return a copy that keeps the IPv4 clients of one network together}
     *
     * @param netmask a dotted netmask such as {@code 255.255.255.0}, ones before zeros
     * @throws IllegalArgumentException if the text is no such mask
     */
    public Persistence withNetmask(String netmask) {
        InetAddress mask = IpText.parse("persistence netmask", netmask);
        byte[] bytes = mask.getAddress();
        int bits = 0;
        for (byte b : bytes) {
            bits = (bits << 8) | (b & 0xff);
        }
        int prefix = Integer.bitCount(bits);
        if (bytes.length != 4 || prefix == 0 || Integer.numberOfTrailingZeros(bits) != 32 - prefix) {
            throw new IllegalArgumentException("persistence netmask: " + netmask
                    + " (expected: a dotted IPv4 netmask such as 255.255.255.0, not 0.0.0.0)");
        }
        return new Persistence(timeout, prefix, ipv6PrefixLength, quiescent);
    }

    /**
     * {@return a copy that keeps the IPv6 clients of one network together}
     *
     * @param length how many leading bits count, 1..128
     */
    public Persistence withIpv6PrefixLength(int length) {
        return new Persistence(timeout, ipv4PrefixLength, length, quiescent);
    }

    /**
     * {@return a copy with another rule for the templates of a quiesced server}
     *
     * @param rule the rule
     */
    public Persistence withQuiescent(Quiescent rule) {
        return new Persistence(timeout, ipv4PrefixLength, ipv6PrefixLength, rule);
    }

    @Override
    public String toString() {
        return "persistent " + timeout.toSeconds()
                + (ipv4PrefixLength == 32 ? "" : " mask /" + ipv4PrefixLength)
                + (ipv6PrefixLength == 128 ? "" : " mask6 /" + ipv6PrefixLength)
                + (quiescent == Quiescent.EXPIRE ? "" : " keep-quiescent");
    }
}
