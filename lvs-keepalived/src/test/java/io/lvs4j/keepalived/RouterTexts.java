package io.lvs4j.keepalived;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;

/** Small configurations with virtual routers, each with the codes of its errors. {@code ;} ends a line. */
final class RouterTexts {
    private static final String CASES = """
        # in vrrp_instance one, which is complete otherwise | errors
        state BACKUP | -
        priority 255 | -
        priority 0 | out-of-range
        priority 300 | out-of-range
        virtual_router_id 0 | out-of-range
        virtual_router_id 256 | out-of-range
        virtual_router_id x | not-a-number
        state MASTER;state BACKUP | duplicate
        state master | wrong-case
        version 4 | out-of-range
        version 3;advert_int 0.05 | -
        version 3;advert_int 41 | out-of-range
        version 3;version 2 | contradiction
        advert_int 0.5 | out-of-range
        advert_int 300 | out-of-range
        advert_int 0.001 | out-of-range
        nopreempt | -
        nopreempt;priority 255 | contradiction
        nopreempt;state MASTER | contradiction
        preempt_delay 5;state MASTER | contradiction
        preempt_delay 5;nopreempt | contradiction
        preempt_delay 1001 | out-of-range
        preempt_delay 5 | -
        authentication {;auth_type PASS;auth_pass 12345678;} | -
        authentication {;auth_type PASS;auth_pass 123456789;} | too-long
        authentication {;auth_type PASS;} | contradiction
        authentication {;auth_type MD5;auth_pass x;} | unknown-value
        authentication {;auth_type AH;auth_pass x;} | -
        authentication {;auth_type AH;auth_pass x;};state MASTER;priority 100 | contradiction
        authentication {;auth_type PASS;auth_pass x;};version 3 | contradiction
        strict_mode;authentication {;auth_type PASS;auth_pass x;} | contradiction
        strict_mode;state MASTER;priority 100 | contradiction
        strict_mode;preempt_delay 4 | contradiction
        strict_mode;accept | contradiction
        strict_mode;down_timer_adverts 4 | contradiction
        strict_mode;garp_lower_prio_repeat 4 | contradiction
        strict_mode;garp_lower_prio_delay 4 | contradiction
        strict_mode;lower_prio_no_advert off | contradiction
        strict_mode;higher_prio_send_advert on | contradiction
        strict_mode;use_vmac 02:00:00:00:00:05 | contradiction
        strict_mode;use_vmac;vmac_xmit_base | contradiction
        strict_mode | -
        unicast_src_ip 10.0.0.1;unicast_peer {;10.0.0.2;10.0.0.3 min_ttl 3 max_ttl 255;} | -
        unicast_src_ip 10.0.0.1 | missing-keyword
        check_unicast_src | missing-keyword
        old_unicast_checksum | missing-keyword
        unicast_fault_no_peer | -
        unicast_peer {;10.0.0.2;};old_unicast_checksum never | -
        unicast_peer {;10.0.0.2;};old_unicast_checksum x | unknown-value
        unicast_peer {;10.0.0.2 max_ttl;} | missing-value
        unicast_peer {;10.0.0.2 max_ttl 300;} | out-of-range
        unicast_peer {;10.0.0.2 min_ttl 9 max_ttl 3;} | out-of-range
        unicast_peer {;10.0.0.2 ttl 3;} | unknown-value
        unicast_peer {;fd00::2;} | family-mismatch
        unicast_peer {;host;} | not-an-address
        unicast_peer {;10.0.0.2;};unicast_ttl 5 | -
        unicast_ttl 5 | contradiction
        unicast_peer {;10.0.0.2;};mcast_dst_ip 224.0.0.19 | contradiction
        unicast_peer {;10.0.0.2;};use_vmac | missing-keyword
        unicast_peer {;10.0.0.2;};use_vmac;vmac_xmit_base | -
        mcast_dst_ip 224.0.0.19 | -
        mcast_dst_ip 10.0.0.9 | out-of-range
        mcast_dst_ip ff02::19 | family-mismatch
        mcast_src_ip 10.0.0.1;track_src_ip | -
        mcast_src_ip fd00::1 | family-mismatch
        mcast_src_ip x | not-an-address
        native_ipv6 | family-mismatch
        vrf red | contradiction
        use_vmac | -
        use_vmac vrrp.51 | -
        use_vmac 02:00:00:00:00:05 vrrp.51 | -
        use_vmac 02:00:00:00:00 | -
        use_vmac 01:00:00:00:00:05 | not-a-mac
        use_vmac 02:00:00 | not-a-mac
        use_vmac 02:00:00:00:00:0g | not-a-mac
        use_vmac;promote_secondaries | contradiction
        vmac_xmit_base | contradiction
        use_vmac sixteen-bytes-is | not-an-interface
        use_ipvlan | missing-value
        use_ipvlan 10.0.0.1/24 private ipv.51 | -
        use_ipvlan bridge private 10.0.0.1/24 | duplicate
        use_ipvlan fd00::1/64 | family-mismatch
        promote_secondaries | -
        kernel_rx_buf_size 1 2 | too-many-values
        kernel_rx_buf_size 100000 | -
        debug 5 | out-of-range
        debug 1 | -
        linkbeat_use_polling | deprecated-keyword
        lvs_sync_daemon_interface eth0 | deprecated-keyword
        garp_master_repeat 0 | out-of-range
        garp_master_refresh_repeat 0 | out-of-range
        garp_master_delay x | not-a-number
        garp_master_refresh 60;garp_lower_prio_delay 1;garp_lower_prio_repeat 0 | -
        garp_extra_if all | missing-value
        garp_extra_if all 60 | -
        vmac_garp_intvl 60 | deprecated-keyword
        down_timer_adverts 0 | out-of-range
        skip_check_adv_addr | -
        skip_check_adv_addr maybe | unknown-value
        smtp_alert;notify_priority_changes | -
        smtp_alert x | unknown-value
        dont_track_primary | -
        track_interface {;eth1;eth2 weight 10;eth3 weight -10 reverse;} | -
        track_interface {;eth0;} | contradiction
        track_interface {;eth1;eth1;} | duplicate
        track_interface {;eth1 weight 254;} | out-of-range
        track_interface {;eth1 weight 255;} | out-of-range
        track_interface {;eth1 weight;} | missing-value
        track_interface {;eth1 wait 5;} | unknown-value
        track_interface {;eth1 weight 5 noreverse;} | unknown-value
        track_interface eth1 {;eth1;} | too-many-values
        track_interface {;eth1 weight 10;};priority 255 | contradiction
        track_script {;nope;} | unknown-name
        track_process {;nope;} | unknown-name
        track_bfd {;nope;} | unknown-name
        track_process {;proc weight 254;} | -
        track_process {;proc weight 5 reverse;} | -
        track_file {;file weight 5 noreverse;} | -
        track_file {;file weight 5 x;} | unknown-value
        track_file {;file;};priority 255 | contradiction
        virtual_ipaddress {;fd00::5;} | family-mismatch
        virtual_ipaddress {;10.0.0.9/33;} | out-of-range
        virtual_ipaddress {;10.0.0;} | not-an-address
        virtual_ipaddress {;10.0.0.9;} | -
        virtual_ipaddress {;10.0.0.5/24;} | -
        virtual_ipaddress_excluded {;fd00::5/64;10.9.0.1;} | -
        virtual_routes {;};virtual_rules {;} | -
        interface sixteen-bytes-is | not-an-interface
        virtual_ip {;10.0.0.9;} | unknown-keyword
        lb_algo rr | wrong-block
        """;

    private static final String FILES = """
        # a whole file | errors
        vrrp_instance a {;interface eth0;virtual_router_id 1;} | missing-keyword
        vrrp_instance a {;interface eth0;virtual_ipaddress {;10.0.0.1;};} | missing-keyword
        vrrp_instance a {;virtual_router_id 1;virtual_ipaddress {;10.0.0.1;};} | missing-keyword
        vrrp_instance a b {;interface eth0;virtual_router_id 1;virtual_ipaddress {;10.0.0.1;};} | too-many-values
        @a;@a | duplicate
        @a;@b | duplicate
        @a;vrrp_sync_group g {;group {;a;};} | missing-value
        @a;vrrp_sync_group g {;group {;nope;};} | missing-value,unknown-name
        @a;vrrp_sync_group g {;} | missing-value
        @a;vrrp_sync_group g {;group {;a;};group {;a;};} | duplicate,missing-value
        @a;@c;vrrp_sync_group g {;group {;a;c;};} | -
        @a;@c;vrrp_sync_group g {;group {;a;c;};global_tracking;} | deprecated-keyword
        @a;@c;vrrp_sync_group g {;group {;a;c;};};vrrp_sync_group g {;group {;a;c;};} | duplicate
        @a;@c;vrrp_sync_group g {;group {;a;c;};track_interface {;eth2 weight 5;};sync_group_tracking_weight;} | -
        @a;@c;vrrp_sync_group g {;group {;a;c;};smtp_alert x;} | unknown-value
        @a;vrrp_track_process p {;process nginx;quorum 3;quorum_max 2;} | out-of-range
        @a;vrrp_track_process p {;process nginx;quorum_max 2;quorum 3;} | out-of-range
        @a;vrrp_track_process p {;process nginx;process apache;} | duplicate
        @a;vrrp_track_process p {;weight 5;} | missing-keyword
        @a;vrrp_track_process p {;process nginx -g x;delay 4000;} | out-of-range
        @a;vrrp_track_process p {;process nginx -g x;delay 0.5;param_match initial;weight 5 reverse;full_command;} | -
        @a;vrrp_track_process p {;process nginx;param_match x;} | unknown-value
        @a;vrrp_track_process p {;process nginx;weight 3;weight 4;} | duplicate
        @a;vrrp_track_process p {;process nginx;quorum 0;} | out-of-range
        @a;vrrp_script s {;interval 1;} | missing-keyword
        @a;track_file f {;file /tmp/x;weight 255;} | out-of-range
        @a;track_file f {;file /tmp/x;weight 5;weight 6;} | duplicate
        @a;track_group t {;group {;a;};} | -
        @a;track_group t {;group {;};} | missing-value
        @a;track_group t {;};track_group t {;} | duplicate
        @a;track_group t u {;} | too-many-values
        @a;garp_group {;garp_interval 1;interface eth0;} | -
        @a;garp_group {;interface eth0;} | missing-keyword
        @a;garp_group {;garp_interval 0.1;gna_interval 0.1;interfaces {;eth0;eth1;};} | -
        @a;garp_group {;garp_interval x;gna_interval 1;} | not-a-time
        @a;interface_up_down_delays {;eth0 1 2;} | -
        @a;linkbeat_interfaces {;eth0 MII;} | -
        @a;linkbeat_interfaces {;eth0 x;} | unknown-value
        @a;linkbeat_interfaces {;eth0 MII x;} | too-many-values
        """;

    private static final String A = router("a", 1, "eth0");
    private static final String B = router("b", 1, "eth0");
    private static final String C = router("c", 2, "eth1");

    private static final String TRACKED = """
        track_file file {
            file /tmp/x
        }
        vrrp_track_process proc {
            process nginx
        }
        """;

    private RouterTexts() {}

    private static String router(String name, int id, String device) {
        return "vrrp_instance " + name + " {;interface " + device + ";virtual_router_id " + id
                + ";virtual_ipaddress {;10.0." + id + ".1;};}";
    }

    /** {@return a complete vrrp_instance with more lines} */
    static String instance(String more) {
        return TRACKED
                + "vrrp_instance one {\n interface eth0\n virtual_router_id 51\n virtual_ipaddress {\n 10.0.0.5/24\n }\n"
                + more.replace(';', '\n') + "\n}\n";
    }

    /** {@return a text and the codes of its errors, each once and sorted, for each line of the tables} */
    static Stream<Arguments> all() {
        return Stream.concat(
                rows(CASES).map(row -> row(row[0], instance(row[0]), row[1])),
                rows(FILES).map(row -> row(row[0], file(row[0]), row[1])));
    }

    private static Arguments row(String name, String text, String codes) {
        return Arguments.of(Named.of(name, text), codes.equals("-") ? List.of() : List.of(codes.split(",", -1)));
    }

    private static String file(String text) {
        return text.replace("@a", A).replace("@b", B).replace("@c", C).replace(';', '\n') + "\n";
    }

    private static Stream<String[]> rows(String table) {
        return table.lines().filter(line -> !line.startsWith("#")).map(line -> {
            int bar = line.lastIndexOf('|');
            return new String[] {
                line.substring(0, bar).strip(), line.substring(bar + 1).strip()
            };
        });
    }
}
