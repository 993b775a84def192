package io.lvs4j;

import java.net.InetAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;

/**
 * Keeps a client (or a client network) on its real server: the settings of the persistence templates.
 *
 * <p>A template starts with a client's first connection and is kept while any of its connections lives and for
 * {@code timeout} after the last new connection or the last end of one. When its server can no longer be used the client is
 * scheduled again.
 *
 * <p>Which table to use:
 * <ul>
 *   <li>{@link #of By client address}, the default: what IPVS means by persistence, on every backend. Following a template
 *       costs no garbage and no lock, and memory is bounded: at most some 60 bytes per entry. Clients that have an
 *       established connection are never pushed out, so a flood of spoofed sources does no more than push out clients that
 *       are idle. Clients behind one address translator are one client.
 *   <li>{@link #byKey By key}: where the gateway knows who the client is, such as the authenticated user or the
 *       tenant, and keeps them on their server when their address changes or is shared by many. Costs some hundred bytes of
 *       garbage per connection. Clients with connections are not pushed out, and are counted apart from those without, so
 *       that there may be twice as many entries.
 *   <li>{@link #byServerName By server name}: by key, the netty backend reads the key from the client's TLS ClientHello.
 * </ul>
 *
 * @param timeout how long a client without connections is remembered, 1 s..31 d in whole seconds (the kernel's resolution)
 * @param ipv4PrefixLength how many bits of an IPv4 client address count, 1..32; 24 keeps a /24 network together
 * @param ipv6PrefixLength how many bits of an IPv6 client address count, 1..128
 * @param quiescent what becomes of templates of a server whose weight is 0
 * @param by what makes two connections the same client's
 * @param maxEntries how many templates are kept at most, 16..16777216; beyond that the least useful gives way
 */
public record Persistence(
        Duration timeout, int ipv4PrefixLength, int ipv6PrefixLength, Quiescent quiescent, By by, int maxEntries) {

    /** The longest timeout, keepalived's and the kernel's limit of 31 days. */
    public static final Duration MAX_TIMEOUT = Duration.ofDays(31);

    /** How many templates are kept unless said otherwise. */
    public static final int DEFAULT_MAX_ENTRIES = 1 << 18;

    private static final int LEAST_MAX_ENTRIES = 16;
    private static final int GREATEST_MAX_ENTRIES = 1 << 24;

    /** What makes two connections the same client's. */
    public enum By {
        /** The client's address, or its network: IPVS's persistence, on every backend. The default. */
        CLIENT_ADDRESS,
        /**
         * A key that the embedder gives with each flow, such as the authenticated user, the SNI or the tenant. A flow without
         * a key is scheduled as if there were no persistence. For backends whose data plane knows such keys.
         */
        KEY,
        /**
         * The server name that a TLS client asks for (SNI): all clients of one name are on one server, whatever their address.
         * TLS is not terminated. A client without a name is scheduled as if there were no persistence; what does not begin with
         * a whole and valid ClientHello within {@link ServerNames#helloTimeout} is reset. On the netty backend, over TCP.
         */
        SERVER_NAME
    }

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
        Objects.requireNonNull(by, "by");
        requireWholeSeconds("persistence timeout", timeout);
        if (ipv4PrefixLength < 1 || ipv4PrefixLength > 32) {
            throw new IllegalArgumentException(
                    "persistence IPv4 prefix length: " + ipv4PrefixLength + " (expected: 1..32)");
        }
        if (ipv6PrefixLength < 1 || ipv6PrefixLength > 128) {
            throw new IllegalArgumentException(
                    "persistence IPv6 prefix length: " + ipv6PrefixLength + " (expected: 1..128)");
        }
        if (maxEntries < LEAST_MAX_ENTRIES || maxEntries > GREATEST_MAX_ENTRIES) {
            throw new IllegalArgumentException("persistence entries: " + maxEntries + " (expected: " + LEAST_MAX_ENTRIES
                    + ".." + GREATEST_MAX_ENTRIES + ")");
        }
    }

    static void requireWholeSeconds(String name, Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0
                || time.compareTo(MAX_TIMEOUT) > 0
                || !time.equals(time.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException(name + ": " + time + " (expected: whole seconds, PT1S..PT744H)");
        }
    }

    /**
     * {@return persistence per client address}
     *
     * @param timeout 1 s..31 d in whole seconds
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public static Persistence of(Duration timeout) {
        return new Persistence(timeout, 32, 128, Quiescent.EXPIRE, By.CLIENT_ADDRESS, DEFAULT_MAX_ENTRIES);
    }

    /**
     * {@return persistence per key that the embedder gives with each flow}
     *
     * @param timeout 1 s..31 d in whole seconds
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public static Persistence byKey(Duration timeout) {
        return new Persistence(timeout, 32, 128, Quiescent.EXPIRE, By.KEY, DEFAULT_MAX_ENTRIES);
    }

    /**
     * {@return persistence per server name of TLS clients, see {@link By#SERVER_NAME}}
     *
     * @param timeout 1 s..31 d in whole seconds
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public static Persistence byServerName(Duration timeout) {
        return new Persistence(timeout, 32, 128, Quiescent.EXPIRE, By.SERVER_NAME, DEFAULT_MAX_ENTRIES);
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
        return withIpv4PrefixLength(prefix);
    }

    /**
     * {@return a copy that keeps the IPv4 clients of one network together}
     *
     * @param length how many leading bits count, 1..32
     */
    public Persistence withIpv4PrefixLength(int length) {
        return new Persistence(timeout, length, ipv6PrefixLength, quiescent, by, maxEntries);
    }

    /**
     * {@return a copy that keeps the IPv6 clients of one network together}
     *
     * @param length how many leading bits count, 1..128
     */
    public Persistence withIpv6PrefixLength(int length) {
        return new Persistence(timeout, ipv4PrefixLength, length, quiescent, by, maxEntries);
    }

    /**
     * {@return a copy with another rule for the templates of a quiesced server}
     *
     * @param rule the rule
     */
    public Persistence withQuiescent(Quiescent rule) {
        return new Persistence(timeout, ipv4PrefixLength, ipv6PrefixLength, rule, by, maxEntries);
    }

    /**
     * {@return a copy with room for another number of templates}
     *
     * @param entries 16..16777216
     */
    public Persistence withMaxEntries(int entries) {
        return new Persistence(timeout, ipv4PrefixLength, ipv6PrefixLength, quiescent, by, entries);
    }

    @Override
    public String toString() {
        return "persistent " + timeout.toSeconds()
                + (by == By.CLIENT_ADDRESS
                        ? ""
                        : " by " + by.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                + (ipv4PrefixLength == 32 ? "" : " mask /" + ipv4PrefixLength)
                + (ipv6PrefixLength == 128 ? "" : " mask6 /" + ipv6PrefixLength)
                + (quiescent == Quiescent.EXPIRE ? "" : " keep-quiescent")
                + (maxEntries == DEFAULT_MAX_ENTRIES ? "" : " entries " + maxEntries);
    }
}
