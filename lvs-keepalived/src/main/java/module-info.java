/**
 * keepalived.conf and the text of ipvsadm. Start at {@link io.lvs4j.keepalived.KeepalivedConfig} and at {@link
 * io.lvs4j.ipvsadm.Rules}.
 */
module io.lvs4j.keepalived {
    requires transitive io.lvs4j;
    requires transitive io.lvs4j.vrrp;
    requires transitive static org.jspecify;
    requires org.slf4j;

    exports io.lvs4j.ipvsadm;
    exports io.lvs4j.keepalived;
    exports io.lvs4j.keepalived.syntax;
}
