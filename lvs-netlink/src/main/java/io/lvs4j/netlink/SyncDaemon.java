package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;

/**
 * A kernel thread that tells other directors of connections, or hears of them, so that connections go on when another director
 * takes over.
 *
 * @param role whether it tells or hears; each may run once
 * @param networkInterface the interface to send from or to hear on, 1..15 characters
 * @param syncId the group of directors, 0..255; a backup hears its own only, or all if it is 0
 * @param maxLength the longest message, 1..65535 bytes; 0 = what the interface carries
 * @param group the multicast address
 * @param port the UDP port, 1..65535
 * @param ttl how many routers a message may pass, 1..255
 */
public record SyncDaemon(
        Role role, String networkInterface, int syncId, int maxLength, InetAddress group, int port, int ttl) {

    /** The port unless said otherwise. */
    public static final int DEFAULT_PORT = 8848;

    private static final InetAddress DEFAULT_GROUP =
            Addresses.decode(AddressFamily.INET, new byte[] {(byte) 224, 0, 0, 81});

    /** What a daemon does. */
    public enum Role {
        /** Tells. */
        MASTER(1),
        /** Hears. */
        BACKUP(2);

        final int number;

        Role(int number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks the ranges. */
    public SyncDaemon {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(group, "group");
        if (networkInterface.isEmpty() || networkInterface.length() > IpvsService.MAX_NAME) {
            throw new IllegalArgumentException("sync daemon interface: '" + networkInterface + "' (expected: 1.."
                    + IpvsService.MAX_NAME + " characters)");
        }
        require("syncId", syncId, 0, 255);
        require("maxLength", maxLength, 0, 65535);
        require("port", port, 1, 65535);
        require("ttl", ttl, 1, 255);
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException(
                    "sync daemon group: " + group.getHostAddress() + " (expected: a multicast address)");
        }
    }

    private static void require(String name, int value, int least, int greatest) {
        if (value < least || value > greatest) {
            throw new IllegalArgumentException(
                    "sync daemon " + name + ": " + value + " (expected: " + least + ".." + greatest + ")");
        }
    }

    /**
     * {@return a daemon with the kernel's defaults: group 224.0.0.81, port 8848, ttl 1}
     *
     * @param role whether it tells or hears
     * @param networkInterface the interface
     * @param syncId the group of directors, 0..255
     */
    public static SyncDaemon of(Role role, String networkInterface, int syncId) {
        return new SyncDaemon(role, networkInterface, syncId, 0, DEFAULT_GROUP, DEFAULT_PORT, 1);
    }

    SyncDaemon withMaxLength(int bytes) {
        return new SyncDaemon(role, networkInterface, syncId, bytes, group, port, ttl);
    }

    @Override
    public String toString() {
        return "sync daemon " + role + " on " + networkInterface + " id " + syncId
                + (maxLength == 0 ? "" : " length " + maxLength)
                + " to " + Addresses.text(group, port) + " ttl " + ttl;
    }
}
