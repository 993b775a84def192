package io.lvs4j.ipvsadm;

import io.lvs4j.AddressFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What ipvsadm knows of a virtual service: the options of {@code -A}.
 *
 * @param address what makes it itself
 * @param scheduler the scheduler's name ({@code -s}), 1..15 characters
 * @param flags the scheduler's flags ({@code -b}), a sum of 1, 2 and 4; with {@code sh} and {@code mh} 1 = fallback, 2 = port
 * @param persistent whether clients stay on their server ({@code -p})
 * @param engine the persistence engine ({@code --pe}), such as {@code sip}; empty = the client's address decides
 * @param onePacket whether each datagram is scheduled by itself ({@code -o})
 */
public record ServiceRule(
        ServiceAddress address,
        String scheduler,
        int flags,
        Optional<Persistent> persistent,
        String engine,
        boolean onePacket) {

    /** The longest name that the kernel takes. */
    static final int MAX_NAME = 15;

    /** A mask for which every bit of an IPv4 address counts. */
    static final int EVERY_IPV4_BIT = -1;

    /** The same of an IPv6 address. */
    static final int EVERY_IPV6_BIT = 128;

    /**
     * Persistence.
     *
     * @param seconds how long a client is remembered, 1..4294967295
     * @param netmask which bits of the client's address count ({@code -M}): of IPv4 the mask's 32 bits, the first number
     *     uppermost; of IPv6 how many there are, 1..128
     */
    public record Persistent(long seconds, int netmask) {
        /** Checks the time. */
        public Persistent {
            if (seconds < 1 || seconds > 0xffffffffL) {
                throw new IllegalArgumentException("persistent: " + seconds + " (expected: 1..4294967295 seconds)");
            }
        }
    }

    /** Checks names and ranges. */
    public ServiceRule {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(persistent, "persistent");
        requireName("scheduler", scheduler);
        if (!engine.isEmpty()) {
            requireName("persistence engine", engine);
        }
        if (flags < 0 || flags > 7) {
            throw new IllegalArgumentException("scheduler flags: " + flags + " (expected: 0..7)");
        }
        if (persistent.isPresent() && address.family() == AddressFamily.INET6) {
            int bits = persistent.get().netmask();
            if (bits < 1 || bits > EVERY_IPV6_BIT) {
                throw new IllegalArgumentException("netmask: " + bits + " (expected: 1..128, " + address + " is IPv6)");
            }
        }
    }

    private static void requireName(String what, String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    what + ": " + name + " (expected: 1.." + MAX_NAME + " characters, no spaces, no # first)");
        }
    }

    static boolean isName(String text) {
        // A # would begin a comment when it is read again.
        return !text.isEmpty()
                && !text.startsWith("#")
                && text.length() <= MAX_NAME
                && text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** {@return the mask as {@code -M} takes it, or empty if every bit counts} */
    Optional<String> netmask() {
        if (persistent.isEmpty()) {
            return Optional.empty();
        }
        int mask = persistent.get().netmask();
        if (address.family() == AddressFamily.INET6) {
            return mask == EVERY_IPV6_BIT ? Optional.empty() : Optional.of(Integer.toString(mask));
        }
        return mask == EVERY_IPV4_BIT
                ? Optional.empty()
                : Optional.of((mask >>> 24) + "." + ((mask >>> 16) & 0xff) + "." + ((mask >>> 8) & 0xff) + "."
                        + (mask & 0xff));
    }

    /**
     * {@return the flags as {@code -b} takes them, such as {@code sh-fallback,sh-port}}
     *
     * @param all whether also the one that has no name for {@code sh} and {@code mh}, which ipvsadm takes and does not print
     */
    private String flagNames(boolean all) {
        boolean named = scheduler.equals("sh") || scheduler.equals("mh");
        List<String> names = new ArrayList<>();
        if ((flags & 1) != 0) {
            names.add(named ? scheduler + "-fallback" : "flag-1");
        }
        if ((flags & 2) != 0) {
            names.add(named ? scheduler + "-port" : "flag-2");
        }
        if ((flags & 4) != 0 && (all || !named)) {
            names.add("flag-3");
        }
        return String.join(",", names);
    }

    /** {@return the heading of the service in a listing, such as {@code TCP  10.0.0.1:80 wrr persistent 300}} */
    String heading() {
        return address.heading() + " " + scheduler
                + (flags == 0 ? "" : " (" + flagNames(false) + ")")
                + persistent.map(p -> " persistent " + p.seconds()).orElse("")
                + netmask().map(mask -> " mask " + mask).orElse("")
                + (engine.isEmpty() ? "" : " pe " + engine)
                + (onePacket ? " ops" : "");
    }

    /** {@return the options in ipvsadm's order, such as {@code -t 10.0.0.1:80 -s wrr -p 300}} */
    @Override
    public String toString() {
        return address + " -s " + scheduler
                + persistent.map(p -> " -p " + p.seconds()).orElse("")
                + netmask().map(mask -> " -M " + mask).orElse("")
                + (engine.isEmpty() ? "" : " --pe " + engine)
                + (onePacket ? " -o" : "")
                + (flags == 0 ? "" : " -b " + flagNames(true));
    }
}
