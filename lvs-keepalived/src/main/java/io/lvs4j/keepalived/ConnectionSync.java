package io.lvs4j.keepalived;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code lvs_sync_daemon} says: the kernel's IPVS tells the other director of connections, or hears of them.
 *
 * @param networkInterface by which interface, 1..15 bytes
 * @param router the virtual router whose master tells and whose backup hears; empty = both at once, always
 * @param id the group of directors, 0..255; empty = the virtual router id, or 0
 * @param maxLength the longest message, 1..65507 bytes; empty = the kernel's
 * @param port the UDP port; empty = 8848
 * @param ttl how many routers a message may pass, 1..255; empty = 1
 * @param group the multicast address; empty = 224.0.0.81
 */
public record ConnectionSync(
        String networkInterface,
        Optional<String> router,
        OptionalInt id,
        OptionalInt maxLength,
        OptionalInt port,
        OptionalInt ttl,
        Optional<InetAddress> group) {
    /** Requires all parts. */
    public ConnectionSync {
        Objects.requireNonNull(networkInterface, "networkInterface");
        Objects.requireNonNull(router, "router");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(maxLength, "maxLength");
        Objects.requireNonNull(port, "port");
        Objects.requireNonNull(ttl, "ttl");
        Objects.requireNonNull(group, "group");
    }
}
