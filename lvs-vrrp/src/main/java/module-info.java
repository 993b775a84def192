/** Virtual routers: addresses that move from one host to another (VRRP). Start at {@link io.lvs4j.vrrp}. */
module io.lvs4j.vrrp {
    requires transitive io.lvs4j;
    requires transitive static org.jspecify;

    exports io.lvs4j.vrrp;
}
