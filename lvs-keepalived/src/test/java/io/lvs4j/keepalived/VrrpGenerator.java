package io.lvs4j.keepalived;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes configurations of virtual routers that keepalived takes on a host with the interfaces eth0 and eth1. */
final class VrrpGenerator extends RandomConfig {
    /** Whether the routers are a group, which may not weigh what it tracks. */
    private boolean grouped;

    VrrpGenerator(long seed) {
        super(seed);
    }

    /** {@return the lines of a configuration without a fault} */
    List<String> valid() {
        open("global_defs");
        maybe("router_id director" + number(1, 9));
        maybe("vrrp_garp_master_delay " + number(1, 9));
        maybe("vrrp_skip_check_adv_addr");
        maybe("vrrp_version " + number(2, 3));
        line("script_user root");
        line("enable_script_security");
        close();
        int routers = number(1, 3);
        grouped = routers > 1 && random.nextBoolean();
        boolean scripts = random.nextInt(3) == 0;
        if (scripts) {
            script();
        }
        boolean files = random.nextInt(5) == 0;
        if (files) {
            open("track_file F");
            line("file /tmp/lvs-file");
            weight("");
            close();
        }
        boolean process = random.nextInt(5) == 0;
        if (process) {
            process();
        }
        boolean trackGroup = random.nextInt(3) == 0;
        if (trackGroup) {
            trackGroup();
        }
        fixed(trackGroup);
        if (grouped) {
            group(routers);
        }
        for (int i = 0; i < routers; i++) {
            router(i, scripts, files, process);
        }
        return List.copyOf(lines);
    }

    /** {@return the lines of a configuration of addresses, routes and rules that are always there, without a fault} */
    List<String> fixed() {
        boolean trackGroup = random.nextBoolean();
        if (trackGroup) {
            trackGroup();
        }
        for (int i = number(2, 6); i > 0; i--) {
            fixed(trackGroup);
        }
        return List.copyOf(lines);
    }

    private void trackGroup() {
        open("track_group T");
        open("group");
        line("V0");
        close();
        close();
    }

    /** {@return the configuration with one fault, or what looks like one} */
    List<String> mutant(List<String> from) {
        if (random.nextBoolean()) {
            return new ConfigGenerator(random.nextLong()).mutant(from);
        }
        List<String> mutant = new ArrayList<>(from);
        int at = random.nextInt(mutant.size());
        String indent = mutant.get(at).replaceFirst("\\S.*", "");
        List<String> words = new ArrayList<>(List.of(mutant.get(at).strip().split(" ")));
        int which = random.nextInt(words.size());
        String word = words.get(which);
        switch (random.nextInt(7)) {
            case 0 -> words.remove(which);
            case 1 -> words.add(which, word);
            case 2 -> words.set(which, word.toUpperCase(Locale.ROOT));
            case 3 -> words.set(which, pick("-1", "x", "0", "256", "1.2.3", "10.0.0.1", "fd00::1", "99999999999"));
            case 4 -> words.set(which, word.substring(1));
            case 5 -> words.add(which, pick("inet6", "inet", "no_track", "dev", "track_group", "to", "peer", "via"));
            default -> {
                String other = mutant.get(random.nextInt(mutant.size())).strip();
                words.addAll(which, List.of(other.split(" ")));
            }
        }
        mutant.set(at, indent + String.join(" ", words));
        return mutant;
    }

    private void script() {
        open("vrrp_script S");
        line("script " + pick("/bin/true", "\"/bin/true up\"", "\"/bin/false\""));
        maybe("interval " + number(1, 60));
        maybe("timeout " + number(1, 60));
        weight(pick("", " reverse"));
        maybe("rise " + number(1, 9));
        maybe("fall " + number(1, 9));
        maybe("user root");
        maybe("init_fail");
        close();
    }

    private void weight(String more) {
        if (!grouped) {
            maybe("weight " + number(-253, 253) + more);
        }
    }

    private void process() {
        open("vrrp_track_process P");
        line("process bash");
        weight("");
        maybe("quorum " + number(1, 3));
        maybe("delay " + number(1, 9));
        close();
    }

    private void group(int routers) {
        open("vrrp_sync_group G");
        open("group");
        for (int i = 0; i < routers; i++) {
            line("V" + i);
        }
        close();
        maybe("notify_master /bin/true");
        maybe("notify \"/bin/true group\"");
        maybe("smtp_alert");
        close();
    }

    private void fixed(boolean trackGroup) {
        String tracked = trackGroup ? pick("", " track_group T") : "";
        if (random.nextInt(4) == 0) {
            open("static_ipaddress");
            for (int i = number(1, 2); i > 0; i--) {
                line(address(random.nextInt(4) == 0, 90 + i).replaceFirst(" dev eth[01]", "") + " dev eth0" + tracked);
            }
            close();
        }
        if (random.nextInt(4) == 0) {
            open("static_routes");
            for (int i = number(1, 2); i > 0; i--) {
                line(route(random.nextInt(4) == 0, tracked));
            }
            close();
        }
        if (random.nextInt(4) == 0) {
            open("static_rules");
            for (int i = number(1, 2); i > 0; i--) {
                line(rule() + (tracked.isEmpty() ? "" : " dev eth0" + tracked));
            }
            close();
        }
    }

    private void router(int number, boolean scripts, boolean files, boolean process) {
        boolean ipv6 = random.nextInt(5) == 0;
        boolean master = random.nextBoolean();
        boolean old = !ipv6 && random.nextInt(3) == 0;
        boolean unicast = random.nextInt(4) == 0;
        open("vrrp_instance V" + number);
        line("state " + (master ? "MASTER" : "BACKUP"));
        int device = number(0, 1);
        line("interface eth" + device);
        line("virtual_router_id " + (50 + number));
        line("priority " + number(1, 254));
        if (old) {
            line("version 2");
            line("advert_int " + number(1, 60));
        } else {
            maybe("version 3");
            maybe("advert_int " + pick("1", "5", "10"));
        }
        if (old && random.nextBoolean()) {
            open("authentication");
            line("auth_type " + (master ? "PASS" : pick("PASS", "AH")));
            line("auth_pass " + pick("secret", "\"a b\"", "12345678"));
            close();
        }
        if (!master) {
            maybe("nopreempt");
        }
        options();
        if (random.nextInt(6) == 0) {
            line("use_vmac vrrp." + number);
            line("vmac_xmit_base");
        }
        if (unicast) {
            maybe("unicast_src_ip " + (ipv6 ? "fe80::" : "10.7.0.") + "1");
            open("unicast_peer");
            for (int i = number(1, 2); i > 0; i--) {
                line((ipv6 ? "fe80::" : "10.7.0.") + (150 + i));
            }
            close();
        } else {
            maybe("mcast_src_ip " + (ipv6 ? "fe80::1" : "10.7.0.1"));
        }
        if (random.nextInt(4) == 0) {
            open("track_interface");
            line("eth" + (1 - device) + (grouped ? "" : pick("", " weight " + number(-253, 253), " weight 5 reverse")));
            close();
        }
        track(scripts, "track_script", "S");
        track(files, "track_file", "F");
        track(process, "track_process", "P");
        open("virtual_ipaddress");
        if (ipv6) {
            line("fe80::" + (100 + number));
        }
        for (int i = number(1, 3); i > 0; i--) {
            line(address(ipv6, 10 * number + i));
        }
        close();
        more(ipv6, number);
        close();
    }

    private void options() {
        maybe("garp_master_delay " + number(1, 9));
        maybe("garp_master_repeat " + number(1, 9));
        maybe("garp_master_refresh " + number(0, 60));
        maybe("garp_lower_prio_repeat " + number(0, 9));
        maybe("lower_prio_no_advert" + pick("", " true", " false"));
        maybe("higher_prio_send_advert" + pick("", " true", " off"));
        maybe("dont_track_primary");
        maybe("debug " + number(0, 4));
        maybe("notify_master \"/bin/true master\"");
        maybe("notify_backup /bin/true");
        maybe("notify_fault /bin/false");
        maybe("notify /bin/true");
        maybe("smtp_alert" + pick("", " yes", " no"));
        maybe("notify_priority_changes" + pick("", " true"));
        maybe("accept");
    }

    private void track(boolean there, String block, String name) {
        if (there && random.nextBoolean()) {
            open(block);
            String none = block.equals("track_file") ? " weight 0" : "";
            line(name + (grouped ? none : pick("", " weight " + number(1, 9))));
            close();
        }
    }

    private void more(boolean ipv6, int number) {
        if (random.nextInt(3) == 0) {
            open("virtual_ipaddress_excluded");
            line(address(random.nextBoolean(), 200 + number));
            close();
        }
        if (random.nextInt(3) == 0) {
            open("virtual_routes");
            for (int i = number(1, 3); i > 0; i--) {
                line(route(ipv6, ""));
            }
            close();
        }
        if (random.nextInt(3) == 0) {
            open("virtual_rules");
            for (int i = number(1, 2); i > 0; i--) {
                line(rule());
            }
            close();
        }
    }

    private String address(boolean ipv6, int last) {
        StringBuilder text = new StringBuilder(ipv6 ? "fd00::" + last : "10.7.0." + last);
        boolean peer = random.nextInt(8) == 0;
        if (!peer) {
            text.append(pick("", ipv6 ? "/64" : "/24", ipv6 ? "/128" : "/32"));
        }
        boolean full = text.indexOf("/") < 0 || text.toString().endsWith("/32");
        some(text, " dev eth" + number(0, 1));
        if (peer) {
            text.append(ipv6 ? " peer fd00::999" : " peer 10.7.0.254");
        } else if (!ipv6) {
            some(text, full ? " brd 10.7.0.255" : pick(" brd +", " broadcast -", " brd 10.7.0.255"));
        }
        if (!ipv6) {
            some(text, " scope " + pick("link", "global", "host", "site", "0xfd", "7"));
            some(text, " label eth0:" + number(1, 9));
        }
        for (String flag :
                new String[] {" home", " -nodad", " mngtmpaddr", " noprefixroute", " autojoin", " no_track"}) {
            if (random.nextInt(12) == 0) {
                text.append(flag);
            }
        }
        some(text, " preferred_lft " + pick("forever", "0", "3600"));
        return text.toString();
    }

    private String route(boolean ipv6, String tracked) {
        String network = ipv6 ? "fd01:" + number(1, 99) + "::/" + number(32, 64) : "10." + number(1, 99) + ".0.0/16";
        String gateway = ipv6 ? "fe80::1" : "10.7.0.1";
        StringBuilder text = new StringBuilder(pick("", "", "to ", ipv6 ? "inet6 to " : "inet to ", "unicast "));
        text.append(random.nextInt(6) == 0 && !text.toString().startsWith("inet") ? "default" : network);
        if (random.nextInt(6) == 0) {
            return "blackhole " + network + " no_track";
        }
        if (random.nextInt(6) == 0) {
            return text + " no_track nexthop via " + gateway + pick("", " weight " + number(1, 256), " onlink")
                    + " nexthop via " + (ipv6 ? "fe80::2" : "10.7.0.2") + pick("", " dev eth1");
        }
        text.append(pick(" via ", ipv6 ? " via inet6 " : " via inet ")).append(gateway);
        text.append(pick(" dev eth0", " oif eth1", " dev eth1 no_track"));
        some(text, " src " + (ipv6 ? "fd00::1" : "10.7.0.9"));
        some(text, " metric " + number(0, 999));
        some(text, " table " + pick("main", "100", "0x7", "local"));
        some(text, " scope " + pick("link", "global", "5"));
        some(text, " tos " + pick("0x10", "4"));
        some(text, " protocol 18");
        some(text, pick(" mtu 1400", " mtu lock 1300", " advmss 1200", " hoplimit 9", " window 5000"));
        some(text, pick(" rtt 250ms", " rtt lock 1.5s", " rttvar 300", " rto_min 0.2s", " cwnd 4", " ssthresh lock 9"));
        some(text, pick(" features ecn", " quickack 1", " congctl cubic", " congctl lock reno", " initcwnd 10"));
        some(text, pick(" ttl-propagate enabled", " fastopen_no_cookie 1", " add", " append", " prepend", " onlink"));
        some(
                text,
                pick(
                        " encap ip id 5 dst 10.8.0.1 ttl 7",
                        " encap mpls 100/200",
                        " encap ip6 id 5 hoplimit 9",
                        " encap ila 2001:db8:0:1"));
        some(text, ipv6 ? pick(" pref low", " expires 30") : " realms " + pick("1", "1/2"));
        return text + tracked;
    }

    private String rule() {
        boolean ipv6 = random.nextInt(5) == 0;
        StringBuilder text = new StringBuilder(pick(
                "",
                "not ",
                "from " + (ipv6 ? "fd00::/8" : "10.7.0.0/24") + " ",
                "to " + (ipv6 ? "fd00::/8 " : "10.7.0.0/24 "),
                "from all "));
        text.append(pick("preference ", "order ", "priority ")).append(number(1, 999));
        boolean table = random.nextInt(4) != 0;
        text.append(
                table
                        ? pick(" table ", " lookup ") + pick("main", "100", "0x7")
                        : pick(" blackhole", " type unreachable", " prohibit", " nop", " goto 1000", " l3mdev"));
        if (table && !ipv6) {
            some(text, " realms " + pick("3", "1/2"));
        }
        if (table) {
            some(text, pick(" suppress_prefixlength 0", " sup_pl 8", " suppress_ifgroup 0"));
        }
        some(text, " fwmark " + pick("5", "0x10/0xff"));
        some(text, " tos 0x10");
        some(text, pick(" iif eth0", " dev eth1"));
        some(text, " oif eth1");
        some(text, pick(" uidrange 0-99", " tunnel-id 77", " protocol 18"));
        some(text, pick(" ipproto udp", " ipproto 6"));
        some(text, pick(" sport 1-1024", " dport 80-88"));
        some(text, " no_track");
        return text.toString();
    }

    private void some(StringBuilder text, String more) {
        if (random.nextInt(5) == 0) {
            text.append(more);
        }
    }
}
