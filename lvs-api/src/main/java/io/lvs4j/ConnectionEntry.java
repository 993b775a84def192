package io.lvs4j;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A connection at one moment, as {@code ipvsadm -Lc} lists one, or a persistence template by client address, which has the port 0 of
 * a client.
 *
 * @param protocol as ipvsadm writes it, such as {@code TCP}; {@code IP} for the template of a firewall mark
 * @param client who connects; of a template the client's address, with the bits that do not count cleared, and port 0
 * @param virtual where to; of a firewall mark's template the mark, written as an address
 * @param destination the real server
 * @param state in IPVS's words: {@code SYN_RECV} while the real server is connected to, {@code ESTABLISHED}, {@code CLOSE_WAIT}
 *     when the client has ended its stream, {@code FIN_WAIT} when the server has, {@code TIME_WAIT} when both have, {@code CLOSE}
 *     when one has reset it; {@code UDP}; {@code NONE} for templates, and what other words the kernel has
 * @param expiresIn how long it is kept if nothing happens
 */
public record ConnectionEntry(
        String protocol,
        InetSocketAddress client,
        InetSocketAddress virtual,
        InetSocketAddress destination,
        String state,
        Duration expiresIn) {
    private static final int IPV6_BYTES = 16;

    /** Refuses null, and addresses that are names. */
    public ConnectionEntry {
        Objects.requireNonNull(protocol, "protocol");
        requireAddress("client", client);
        requireAddress("virtual", virtual);
        requireAddress("destination", destination);
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(expiresIn, "expiresIn");
    }

    private static void requireAddress(String name, InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(name + ": " + address + " (expected: an address, not a name)");
        }
    }

    /**
     * {@return the entry of a persistence template; empty if it is by a key, of which a list of connections has no column} Of a
     * service with several addresses, or a range of ports, it shows the first.
     *
     * @param service whose it is
     * @param template the template
     */
    public static Optional<ConnectionEntry> of(ServiceKey service, PersistenceTemplate template) {
        return template.key() instanceof InetAddress client
                ? Optional.of(new ConnectionEntry(
                        service instanceof ServiceKey.Listening listening
                                ? listening.protocol().name()
                                : "IP",
                        new InetSocketAddress(client, 0),
                        addressOf(service),
                        template.server().socketAddress(),
                        "NONE",
                        template.expiresIn()))
                : Optional.empty();
    }

    private static InetSocketAddress addressOf(ServiceKey service) {
        if (service instanceof ServiceKey.Listening listening) {
            ListenAddress first = listening.addresses().get(0);
            return new InetSocketAddress(first.address(), first.firstPort());
        }
        ServiceKey.FirewallMark mark = (ServiceKey.FirewallMark) service;
        return new InetSocketAddress(addressOf(mark), 0);
    }

    /** The kernel's templates (ip_vs_sched_persist) have the mark in the first four bytes, in both families. */
    private static InetAddress addressOf(ServiceKey.FirewallMark mark) {
        byte[] bytes = {
            (byte) (mark.mark() >>> 24), (byte) (mark.mark() >>> 16), (byte) (mark.mark() >>> 8), (byte) mark.mark()
        };
        try {
            return InetAddress.getByAddress(
                    mark.family() == AddressFamily.INET6 ? Arrays.copyOf(bytes, IPV6_BYTES) : bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of another length than 4 or 16", e);
        }
    }

    /** {@return whether this is a persistence template} */
    public boolean isTemplate() {
        return client.getPort() == 0;
    }

    @Override
    public String toString() {
        return protocol + " " + text(client) + " -> " + text(virtual) + " -> " + text(destination) + " " + state
                + " expires in " + expiresIn.toSeconds() + " s";
    }

    private static String text(InetSocketAddress address) {
        return IpText.format(address.getAddress(), address.getPort());
    }
}
