package io.lvs4j.check;

import io.lvs4j.ServerKey;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Whom a check asks, and from where; keepalived has the same settings.
 *
 * @param connectIp the address to ask; empty = the server's
 * @param connectPort the port to ask, 1..65535; empty = the server's
 * @param bindTo the address of this host to ask from; empty = as the routes say
 * @param bindPort the port of this host to ask from, 1..65535; empty = any
 * @param firewallMark the mark that the packets bear, 1..4294967295; empty = none
 */
public record CheckTarget(
        Optional<InetAddress> connectIp,
        OptionalInt connectPort,
        Optional<InetAddress> bindTo,
        OptionalInt bindPort,
        OptionalLong firewallMark) {

    private static final CheckTarget SERVER = new CheckTarget(
            Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), OptionalLong.empty());

    /** Checks the ranges, and that both addresses are of one family. */
    public CheckTarget {
        Objects.requireNonNull(connectIp, "connectIp");
        Objects.requireNonNull(bindTo, "bindTo");
        connectPort.ifPresent(port -> checkPort("connectPort", port));
        bindPort.ifPresent(port -> checkPort("bindPort", port));
        firewallMark.ifPresent(CheckTarget::checkMark);
        if (connectIp.isPresent() && bindTo.isPresent()) {
            checkFamily(bindTo.get(), connectIp.get());
        }
    }

    private static void checkPort(String name, int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(name + ": " + port + " (expected: 1..65535)");
        }
    }

    private static void checkMark(long mark) {
        if (mark < 1 || mark > 0xffff_ffffL) {
            throw new IllegalArgumentException("firewallMark: " + mark + " (expected: 1..4294967295)");
        }
    }

    private static void checkFamily(InetAddress from, InetAddress to) {
        if (from instanceof Inet4Address != to instanceof Inet4Address) {
            throw new IllegalArgumentException("bindTo: " + from.getHostAddress()
                    + " (expected: an address of the family of " + to.getHostAddress() + ", which is asked)");
        }
    }

    static InetAddress literal(String name, String text) {
        try {
            return ServerKey.of(text, 1).address();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + ": " + text + " (expected: an IPv4 or IPv6 literal of one host)", e);
        }
    }

    /** {@return the real server itself, asked as the routes say} */
    public static CheckTarget server() {
        return SERVER;
    }

    /**
     * {@return the address and port to ask}
     *
     * @param server the real server
     */
    public ServerKey of(ServerKey server) {
        return new ServerKey(connectIp.orElse(server.address()), connectPort.orElse(server.port()));
    }

    /**
     * Refuses a server that cannot be asked from {@link #bindTo}.
     *
     * @param server the real server
     * @throws IllegalArgumentException if they are of different families
     */
    public void require(ServerKey server) {
        bindTo.ifPresent(from -> checkFamily(from, of(server).address()));
    }
}
