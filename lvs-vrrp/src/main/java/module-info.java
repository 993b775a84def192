/** Virtual routers: addresses that move from one host to another (VRRP). Start at {@link io.lvs4j.vrrp}. */
module io.lvs4j.vrrp {
    requires transitive io.lvs4j;
    requires transitive io.lvs4j.netlink;
    requires transitive static org.jspecify;
    requires org.slf4j;

    uses io.lvs4j.spi.HealthMonitorProvider;

    exports io.lvs4j.vrrp;
}
