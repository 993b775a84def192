package io.lvs4j.netlink.socket;

import io.lvs4j.AddressFamily;
import io.lvs4j.LvsException;
import io.lvs4j.netlink.route.InterfaceAddress;
import io.lvs4j.netlink.route.RouteNetlink;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;

/** Tries what wants capabilities, in a process that has none, and prints why it failed. */
final class WithoutCapabilities {
    private WithoutCapabilities() {}

    public static void main(String[] arguments) throws Exception {
        List<Callable<Object>> attempts = List.of(
                () -> RawSocket.open(AddressFamily.INET, 112, "lo"),
                () -> RawSocket.open(AddressFamily.INET6, 112, "lo"),
                PacketSocket::open,
                () -> {
                    try (RouteNetlink kernel = RouteNetlink.open()) {
                        kernel.add(InterfaceAddress.of(1, InetAddress.getByAddress(new byte[] {127, 9, 9, 9}), 32));
                    }
                    return "added";
                });
        for (Callable<Object> attempt : attempts) {
            try {
                System.out.println(attempt.call());
            } catch (LvsException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
