/** The kernel's IPVS through generic netlink. Start at {@link io.lvs4j.netlink.IpvsBackend}. */
module io.lvs4j.netlink {
    requires transitive io.lvs4j;
    requires transitive static org.jspecify;
    requires org.slf4j;
    requires com.sun.jna;

    exports io.lvs4j.netlink;

    provides io.lvs4j.spi.IcmpSockets with
            io.lvs4j.netlink.socket.IcmpSocketOpener;
    provides io.lvs4j.spi.BackendProvider with
            io.lvs4j.netlink.IpvsBackendProvider;
}
