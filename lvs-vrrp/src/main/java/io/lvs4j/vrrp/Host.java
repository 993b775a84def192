package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.LvsException;
import io.lvs4j.netlink.route.InterfaceAddress;
import io.lvs4j.netlink.route.InterfaceMonitor;
import io.lvs4j.netlink.route.RouteException;
import io.lvs4j.netlink.route.RouteNetlink;
import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.netlink.socket.PacketSocket;
import io.lvs4j.netlink.socket.Poller;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The host, or a network namespace of it, as virtual routers use it.
 *
 * @param namespace the namespace's file; empty = the process's
 * @param poller waits for all that is to be received
 * @param monitor notices what happens to interfaces and addresses
 * @param interfaces what the monitor knows
 * @param kernel is asked for changes
 * @param frames announcements leave by it
 * @param quiet interfaces that have virtual ones on them
 */
record Host(
        Optional<String> namespace,
        Poller poller,
        InterfaceMonitor monitor,
        Interfaces interfaces,
        RouteNetlink kernel,
        PacketSocket frames,
        QuietInterfaces quiet)
        implements AutoCloseable {
    private static final int LOOPBACK = 1;

    /** 0.0.0.0/32: the kernel lets nobody have it. */
    private static final InterfaceAddress NOBODYS =
            InterfaceAddress.of(LOOPBACK, Participant.nowhere(AddressFamily.INET), 32);

    /**
     * Opens what is needed.
     *
     * @throws LvsException if something must not be opened; the message says what to do
     */
    static Host open(Optional<String> namespace) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            Poller poller = Poller.open();
            opened.push(poller);
            InterfaceMonitor monitor = NetworkNamespace.in(namespace, () -> InterfaceMonitor.open());
            opened.push(monitor);
            RouteNetlink kernel = NetworkNamespace.in(namespace, () -> RouteNetlink.open());
            opened.push(kernel);
            requireRight(kernel);
            PacketSocket frames = NetworkNamespace.in(namespace, () -> PacketSocket.open());
            poller.add(monitor.pollable());
            return new Host(
                    namespace, poller, monitor, new Interfaces(monitor), kernel, frames, new QuietInterfaces(kernel));
        } catch (LvsException e) {
            opened.forEach(each -> close(each, e));
            throw e;
        }
    }

    /** Removes an address that no host has: who may not change addresses is told so, everybody else that it is not there. */
    private static void requireRight(RouteNetlink kernel) {
        try {
            kernel.remove(NOBODYS);
        } catch (RouteException e) {
            if (e.errno() == Errno.EPERM) {
                throw new VrrpException(
                        "addresses cannot be changed: EPERM (grant CAP_NET_ADMIN, and CAP_NET_RAW for adverts)", e);
            }
        }
    }

    private static void close(AutoCloseable each, LvsException cause) {
        try {
            each.close();
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        poller.remove(monitor.pollable());
        frames.close();
        kernel.close();
        monitor.close();
        poller.close();
    }
}
