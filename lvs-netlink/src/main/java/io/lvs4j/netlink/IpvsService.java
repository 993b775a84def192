package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A virtual service as the kernel knows it. Two are equal if the kernel would do the same with both.
 *
 * @param key the address or mark
 * @param scheduler the scheduler's name, 1..15 characters
 * @param schedulerFlags 0..7; for {@code sh} and {@code mh}: 1 = fallback, 2 = port
 * @param onePacket whether each datagram is scheduled by itself (UDP)
 * @param persistence whether clients stay on their server
 * @param persistenceEngine the name of a persistence engine, such as {@code sip}; empty = the client's address decides
 */
public record IpvsService(
        IpvsServiceKey key,
        String scheduler,
        int schedulerFlags,
        boolean onePacket,
        Optional<Persistence> persistence,
        String persistenceEngine) {

    static final int MAX_NAME = 15;

    /**
     * Keeps clients on their server.
     *
     * @param timeout 1 s..4,294,967 s in whole seconds
     * @param prefixLength how many bits of the client's address count, 1..32 or 1..128
     */
    public record Persistence(Duration timeout, int prefixLength) {
        private static final long MAX_SECONDS =
                4_294_967; // more does not fit where the kernel ticks 1000 times a second

        /** Checks the timeout. */
        public Persistence {
            if (timeout.toSeconds() < 1
                    || timeout.toSeconds() > MAX_SECONDS
                    || !timeout.equals(Duration.ofSeconds(timeout.toSeconds()))) {
                throw new IllegalArgumentException(
                        "persistence timeout: " + timeout + " (expected: whole seconds, 1.." + MAX_SECONDS + ")");
            }
            if (prefixLength < 1 || prefixLength > 128) {
                throw new IllegalArgumentException(
                        "persistence prefix length: " + prefixLength + " (expected: 1..32 for IPv4, 1..128 for IPv6)");
            }
        }
    }

    /** Checks what the kernel does not check. */
    public IpvsService {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(persistence, "persistence");
        requireName("scheduler", scheduler);
        if (!persistenceEngine.isEmpty()) {
            requireName("persistence engine", persistenceEngine);
        }
        if (schedulerFlags < 0 || schedulerFlags > 7) {
            throw new IllegalArgumentException("scheduler flags: " + schedulerFlags + " (expected: 0..7)");
        }
        int bits = key.family() == AddressFamily.INET ? 32 : 128;
        if (persistence.isPresent() && persistence.get().prefixLength() > bits) {
            throw new IllegalArgumentException(key + " persistence prefix length: "
                    + persistence.get().prefixLength() + " (expected: 1.." + bits + ")");
        }
        if (key instanceof IpvsServiceKey.Address address && address.port() == 0 && persistence.isEmpty()) {
            throw new IllegalArgumentException(key + " persistence: none (expected: some, as the port is 0)");
        }
    }

    private static void requireName(String what, String name) {
        if (name.isEmpty() || name.length() > MAX_NAME || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                    what + ": '" + name + "' (expected: 1.." + MAX_NAME + " characters, no spaces)");
        }
    }

    /**
     * {@return a service without persistence and flags}
     *
     * @param key the address or mark
     * @param scheduler the scheduler's name, such as {@code wlc}
     */
    public static IpvsService of(IpvsServiceKey key, String scheduler) {
        return new IpvsService(key, scheduler, 0, false, Optional.empty(), "");
    }

    /** {@return a copy with persistence} */
    public IpvsService withPersistence(Persistence settings) {
        return new IpvsService(key, scheduler, schedulerFlags, onePacket, Optional.of(settings), persistenceEngine);
    }

    /** {@return a copy with scheduler flags, 0..7} */
    public IpvsService withSchedulerFlags(int flags) {
        return new IpvsService(key, scheduler, flags, onePacket, persistence, persistenceEngine);
    }

    /** {@return a copy of which each datagram is scheduled by itself} */
    public IpvsService withOnePacket() {
        return new IpvsService(key, scheduler, schedulerFlags, true, persistence, persistenceEngine);
    }

    @Override
    public String toString() {
        return key + " " + scheduler
                + (schedulerFlags == 0 ? "" : " flags " + schedulerFlags)
                + (onePacket ? " one-packet" : "")
                + persistence
                        .map(p -> " persistent " + p.timeout().toSeconds() + " s /" + p.prefixLength())
                        .orElse("")
                + (persistenceEngine.isEmpty() ? "" : " engine " + persistenceEngine);
    }
}
