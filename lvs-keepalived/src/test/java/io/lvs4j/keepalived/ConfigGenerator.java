package io.lvs4j.keepalived;

import java.util.ArrayList;
import java.util.List;

/** Makes configurations that keepalived takes, and faults in them. */
final class ConfigGenerator extends RandomConfig {
    private static final List<String> SCHEDULERS =
            List.of("rr", "wrr", "lc", "wlc", "lblc", "sh", "mh", "dh", "fo", "ovf", "lblcr", "sed", "nq", "twos");

    ConfigGenerator(long seed) {
        super(seed);
    }

    /** {@return the lines of a configuration without a fault} */
    List<String> valid() {
        open("global_defs");
        maybe("router_id director" + number(1, 9));
        maybe("lvs_timeouts tcp " + number(1, 2_678_400) + " udp " + number(1, 999));
        maybe("smtp_connect_timeout " + number(1, 60));
        maybe("checker_priority " + number(-20, 19));
        line("script_user root");
        line("enable_script_security");
        close();
        boolean group = random.nextInt(3) == 0;
        if (group) {
            group();
        }
        int services = number(1, 3);
        for (int i = 0; i < services; i++) {
            virtualServer(i, group && i == 0);
        }
        return List.copyOf(lines);
    }

    private void group() {
        open("virtual_server_group G");
        line("10.1.0." + number(1, 9) + "-" + number(10, 255) + " 80");
        maybe("10.2.0.0/" + number(24, 32) + " 80");
        maybe("10.3.0.1 80");
        maybe("10.4.0.1-10.4.1.7 80");
        maybe("fwmark " + number(1, 999));
        close();
    }

    private void virtualServer(int number, boolean group) {
        boolean mark = !group && random.nextInt(6) == 0;
        boolean ipv6 = !group && random.nextInt(4) == 0;
        String kind = mark || group ? "NAT" : pick("NAT", "NAT", "DR", "TUN", "TUN type gre", "TUN type gue port 5555");
        String protocol = pick("TCP", "tcp", "UDP", "SCTP", "Udp");
        String address = ipv6 ? "fd00::" + (number + 1) : "10.0.0." + (number + 1);
        open("virtual_server "
                + (group ? "group G" : mark ? "fwmark " + (number + 1) : address + " " + (8000 + number)));
        String scheduler = pick(SCHEDULERS.toArray(String[]::new));
        line(pick("lb_algo ", "lvs_sched ") + scheduler);
        if (scheduler.equals("sh") || scheduler.equals("mh")) {
            maybe(scheduler + "-port");
            maybe(scheduler + "-fallback");
        }
        line(pick("lb_kind ", "lvs_method ") + kind);
        if (!mark) {
            line("protocol " + protocol);
        }
        timing(1);
        maybe("connect_timeout " + seconds());
        if (random.nextInt(3) == 0) {
            line("persistence_timeout" + (random.nextBoolean() ? "" : " " + number(1, 2_678_400)));
            maybe(
                    ipv6
                            ? "persistence_granularity " + number(1, 128)
                            : "persistence_granularity 255.255." + pick("255", "0") + ".0");
        }
        maybe("alpha");
        maybe("omega");
        maybe("inhibit_on_failure");
        maybe("virtualhost www.example.org");
        maybe("quorum_up \"/bin/true up\"");
        maybe("quorum_down /bin/true");
        if (!mark && protocol.equalsIgnoreCase("udp")) {
            maybe("ops");
        }
        int servers = number(1, 3);
        String hosts = ipv6 ? "fd00::10:" : "192.168.0.";
        if (random.nextInt(3) == 0) {
            line("quorum " + servers);
            maybe("hysteresis " + number(0, servers - 1));
        }
        if (random.nextInt(4) == 0 && !mark) {
            line("sorry_server " + hosts + "99 " + (8000 + number));
            maybe("sorry_server_inhibit");
        }
        for (int i = 1; i <= servers; i++) {
            boolean samePort = !kind.equals("NAT");
            realServer(hosts + i + " " + (samePort ? 8000 + number : number(1, 65535)));
        }
        close();
    }

    private void realServer(String server) {
        open("real_server " + server);
        maybe("weight " + number(1, 100));
        maybe("inhibit_on_failure" + pick("", " true", " off"));
        maybe("alpha" + pick("", " yes", " no"));
        if (random.nextInt(4) == 0) {
            line("uthreshold " + number(100, 1000));
            maybe("lthreshold " + number(0, 100));
        }
        maybe("notify_up \"/bin/true up\"");
        maybe("notify_down \"/bin/false down\" root");
        maybe("virtualhost server.example.org");
        timing(1);
        maybe("connect_timeout " + seconds());
        int checks = number(0, 2);
        for (int i = 0; i < checks; i++) {
            check();
        }
        close();
    }

    private void timing(int leastRetry) {
        maybe("delay_loop " + seconds());
        maybe("retry " + number(leastRetry, 10));
        maybe("delay_before_retry " + seconds());
        maybe("warmup " + number(0, 20));
    }

    private void common(boolean socket) {
        timing(0);
        maybe("alpha" + pick("", " on", " false"));
        maybe("log_all_failures");
        if (socket) {
            maybe("connect_timeout " + seconds());
            maybe("connect_ip 10.9.0.1");
            maybe("fwmark " + number(1, 99));
        }
    }

    private void check() {
        String kind = pick(
                "TCP_CHECK", "HTTP_GET", "SSL_GET", "SMTP_CHECK", "DNS_CHECK", "UDP_CHECK", "PING_CHECK", "MISC_CHECK");
        open(kind);
        common(!kind.equals("MISC_CHECK"));
        if (!kind.equals("MISC_CHECK") && !kind.equals("PING_CHECK")) {
            maybe("connect_port " + number(1, 65535));
        }
        switch (kind) {
            case "HTTP_GET", "SSL_GET" -> http();
            case "SMTP_CHECK" -> maybe("helo_name mail.example.org");
            case "DNS_CHECK" -> {
                maybe("type " + pick("A", "aaaa", "MX", "TXT", "SOA"));
                maybe("name " + pick("example.org", "."));
            }
            case "UDP_CHECK" -> {
                maybe("payload 00 11 ab");
                maybe("require_reply" + pick("", " 61 62"));
            }
            case "MISC_CHECK" -> {
                line("misc_path \"/bin/true " + number(1, 9) + "\"");
                maybe("misc_timeout " + number(1, 30));
                maybe("misc_dynamic");
            }
            default -> {}
        }
        close();
    }

    private void http() {
        maybe("virtualhost check.example.org");
        maybe("http_protocol " + pick("1.0", "1.1", "1.0C"));
        maybe("fast_recovery");
        int urls = number(1, 2);
        for (int i = 0; i < urls; i++) {
            open("url");
            line("path /page" + i + "?a=b");
            maybe("status_code " + pick("200", "200-299 304", "301"));
            maybe("digest 9b3a0c85a887a256d6939da88aabd8cd");
            maybe("virtualhost url.example.org");
            maybe("regex \"a+b\"");
            close();
        }
    }

    /** {@return the configuration with one fault, or what looks like one} */
    List<String> mutant(List<String> from) {
        List<String> mutant = new ArrayList<>(from);
        int at = random.nextInt(mutant.size());
        String line = mutant.get(at);
        String[] words = line.strip().split(" ");
        int last = words.length - 1;
        switch (random.nextInt(10)) {
            case 0 -> mutant.remove(at);
            case 1 -> mutant.set(at, line.replace(words[0], words[0].toUpperCase(java.util.Locale.ROOT)));
            case 2 -> mutant.set(at, line.replace(words[0], words[0].toLowerCase(java.util.Locale.ROOT)));
            case 3 -> mutant.set(at, words[0] + (line.endsWith("{") ? " {" : ""));
            case 4 -> mutant.set(at, replaced(line, words, last, "99999999999"));
            case 5 -> mutant.set(at, replaced(line, words, last, pick("-1", "x", "0", "1.2.3", "300.1.1.1")));
            case 6 -> mutant.add(at, pick("}", "{", "bogus 1", line));
            case 7 -> mutant.set(at, misspelt(line, words[0]));
            case 8 ->
                mutant.set(at, line.endsWith("{") ? line.substring(0, line.length() - 1) + "\n{" : line + " extra");
            default -> mutant.add(random.nextInt(mutant.size()), line);
        }
        return mutant;
    }

    private static String replaced(String line, String[] words, int last, String value) {
        boolean block = words[last].equals("{");
        int which = block ? last - 1 : last;
        return which < 1 ? line : line.substring(0, line.lastIndexOf(words[which])) + value + (block ? " {" : "");
    }

    private String misspelt(String line, String word) {
        int at = random.nextInt(word.length());
        return line.replace(word, word.substring(0, at) + word.substring(Math.min(word.length(), at + 1)));
    }

    private String seconds() {
        return number(1, 60) + pick("", "", ".5", ".25");
    }
}
