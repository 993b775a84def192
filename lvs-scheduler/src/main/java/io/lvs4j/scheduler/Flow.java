package io.lvs4j.scheduler;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who connects and where to: what a decision is made on. Addresses are two longs each, an IPv4 address in its IPv4-mapped form
 * ({@code ::ffff:a.b.c.d}), so that deciding allocates nothing. Mutable, meant to be filled again and again by one thread.
 */
public final class Flow {
    private static final long IPV4_MAPPED = 0x0000_ffff_0000_0000L;

    private long clientHigh;
    private long clientLow;
    private int clientFolded;
    private int clientPort;
    private long destinationHigh;
    private long destinationLow;
    private int destinationFolded;
    private int destinationPort;
    private @Nullable Object key;
    private long time;
    private Destination[] tried = new Destination[4];
    private int triedCount;

    /** Creates an empty flow: all addresses {@code ::}, nothing tried. */
    public Flow() {}

    /**
     * Fills the flow anew, without a key, and forgets what was tried.
     *
     * @param client the client's address and port, resolved
     * @param destination the address and port it connected to, resolved
     * @return this
     */
    public Flow set(InetSocketAddress client, InetSocketAddress destination) {
        byte[] from = client.getAddress().getAddress();
        byte[] to = destination.getAddress().getAddress();
        return set(high(from), low(from), client.getPort(), high(to), low(to), destination.getPort());
    }

    /**
     * Fills the flow anew, without a key, and forgets what was tried. Addresses as {@link #high} and {@link #low} give them.
     *
     * @param clientHigh upper half of the client's address
     * @param clientLow lower half of the client's address
     * @param clientPort the client's port
     * @param destinationHigh upper half of the address it connected to
     * @param destinationLow lower half of the address it connected to
     * @param destinationPort the port it connected to
     * @return this
     */
    public Flow set(
            long clientHigh,
            long clientLow,
            int clientPort,
            long destinationHigh,
            long destinationLow,
            int destinationPort) {
        this.clientHigh = clientHigh;
        this.clientLow = clientLow;
        this.clientFolded = folded(clientHigh, clientLow);
        this.clientPort = clientPort;
        this.destinationHigh = destinationHigh;
        this.destinationLow = destinationLow;
        this.destinationFolded = folded(destinationHigh, destinationLow);
        this.destinationPort = destinationPort;
        this.key = null;
        Arrays.fill(tried, 0, triedCount, null);
        triedCount = 0;
        return this;
    }

    /**
     * Says whose flow it is, for {@link io.lvs4j.Persistence.By#KEY}.
     *
     * @param newKey such as the name of the authenticated user; its {@code equals} and {@code hashCode} count, and it must not
     *     change
     * @return this
     */
    public Flow key(Object newKey) {
        key = Objects.requireNonNull(newKey, "key");
        return this;
    }

    /** {@return whose flow it is; null if nobody said} */
    public @Nullable Object key() {
        return key;
    }

    /** {@return when the decision is made, in nanoseconds of the director's clock; set by the engine if somebody needs it} */
    public long time() {
        return time;
    }

    void time(long nanos) {
        time = nanos;
    }

    /**
     * {@return the upper half of an address}
     *
     * @param address an IPv4 or IPv6 address
     */
    public static long high(InetAddress address) {
        return high(address.getAddress());
    }

    /**
     * {@return the lower half of an address}
     *
     * @param address an IPv4 or IPv6 address
     */
    public static long low(InetAddress address) {
        return low(address.getAddress());
    }

    private static long high(byte[] bytes) {
        return bytes.length == 4 ? 0 : bigEndian(bytes, 0, 8);
    }

    private static long low(byte[] bytes) {
        return bytes.length == 4 ? IPV4_MAPPED | bigEndian(bytes, 0, 4) : bigEndian(bytes, 8, 8);
    }

    private static long bigEndian(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = (value << 8) | (bytes[i] & 0xff);
        }
        return value;
    }

    /**
     * {@return whether two halves are an IPv4 address}
     *
     * @param high upper half
     * @param low lower half
     */
    public static boolean isIpv4(long high, long low) {
        return high == 0 && (low & 0xffff_ffff_0000_0000L) == IPV4_MAPPED;
    }

    /** Returns an IPv4 address as a number, or the exclusive or of the four words of an IPv6 address: what IPVS hashes. */
    static int folded(long high, long low) {
        int folded = (int) low;
        if (!isIpv4(high, low)) {
            folded ^= (int) (low >>> 32) ^ (int) (high >>> 32) ^ (int) high;
        }
        return folded;
    }

    /** Returns the client's address {@link #folded}. */
    int clientFolded() {
        return clientFolded;
    }

    /** Returns the address connected to {@link #folded}. */
    int destinationFolded() {
        return destinationFolded;
    }

    /** {@return the upper half of the client's address} */
    public long clientHigh() {
        return clientHigh;
    }

    /** {@return the lower half of the client's address} */
    public long clientLow() {
        return clientLow;
    }

    /** {@return the client's port} */
    public int clientPort() {
        return clientPort;
    }

    /** {@return the upper half of the address connected to} */
    public long destinationHigh() {
        return destinationHigh;
    }

    /** {@return the lower half of the address connected to} */
    public long destinationLow() {
        return destinationLow;
    }

    /** {@return the port connected to} */
    public int destinationPort() {
        return destinationPort;
    }

    /**
     * {@return whether a new connection of this flow may be given to a destination: it is available, and this flow has not
     * tried it in vain}
     *
     * @param destination a candidate
     */
    public boolean canUse(Destination destination) {
        return destination.available() && (triedCount == 0 || !hasTried(destination));
    }

    boolean hasTried(Destination destination) {
        for (int i = 0; i < triedCount; i++) {
            if (tried[i] == destination) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether this is a further attempt, after a server could not be reached} */
    boolean retrying() {
        return triedCount > 0;
    }

    /**
     * Excludes the server of a lease from further decisions on this flow, because it could not be reached.
     *
     * @param lease a lease that was given out for this flow
     */
    public void exclude(Lease lease) {
        exclude(lease.destination());
    }

    private void exclude(Destination destination) {
        if (triedCount == tried.length) {
            tried = Arrays.copyOf(tried, 2 * triedCount);
        }
        tried[triedCount++] = destination;
    }

    /** Excludes some destinations, too. Returns what {@link #forgetAfter} needs to allow them again. */
    int avoid(Destination[] suspects) {
        int before = triedCount;
        for (Destination suspect : suspects) {
            exclude(suspect);
        }
        return before;
    }

    void forgetAfter(int count) {
        Arrays.fill(tried, count, triedCount, null);
        triedCount = count;
    }

    @Override
    public String toString() {
        return text(clientHigh, clientLow) + " port " + clientPort + " -> " + text(destinationHigh, destinationLow)
                + " port " + destinationPort;
    }

    private static @Nullable String text(long high, long low) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (high >>> (56 - 8 * i));
            bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e); // 16 bytes are always an address
        }
    }
}
