/**
 * The kernel's IPVS through generic netlink. Start at {@link io.lvs4j.netlink.IpvsBackend}.
 *
 * <p>What virtual routers want of the kernel (raw sockets, frames, interfaces and addresses) is exported to them alone.
 */
@SuppressWarnings("module") // lvs-vrrp depends on this module, and is compiled later
module io.lvs4j.netlink {
    requires transitive io.lvs4j;
    requires transitive static org.jspecify;
    requires org.slf4j;
    requires com.sun.jna;

    exports io.lvs4j.netlink;
    exports io.lvs4j.netlink.frame to
            io.lvs4j.vrrp;
    exports io.lvs4j.netlink.route to
            io.lvs4j.vrrp;
    exports io.lvs4j.netlink.socket to
            io.lvs4j.vrrp;

    provides io.lvs4j.spi.IcmpSockets with
            io.lvs4j.netlink.socket.IcmpSocketOpener;
    provides io.lvs4j.spi.BackendProvider with
            io.lvs4j.netlink.IpvsBackendProvider;
}
