package io.lvs4j.keepalived;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what keepalived's option {@code -d} prints of its services, servers and checks, into lines as {@link Meaning} makes them. */
final class KeepalivedDump {
    private static final Pattern SETTING = Pattern.compile(" *([A-Za-z_ -]+?) (?:=|is) (.+)");
    private static final Pattern SERVER = Pattern.compile(" *RIP = (\\S+), RPORT = (\\d+), WEIGHT = (\\d+).*");

    private final List<String> lines = new ArrayList<>();
    private final List<String> sections = new ArrayList<>();
    private final Map<String, String> values = new HashMap<>();
    private final List<String> urls = new ArrayList<>();
    private final TreeSet<String> statuses = new TreeSet<>();
    private String section = "";
    private String head = "";

    private KeepalivedDump() {}

    static List<String> read(List<String> output) {
        KeepalivedDump dump = new KeepalivedDump();
        output.forEach(dump::line);
        dump.end();
        dump.lines.addAll(dump.sections);
        return dump.lines;
    }

    private void line(String line) {
        if (line.contains("------< Virtual server >------")) {
            begin("service");
        } else if (line.contains("------< Real server >------")) {
            begin("server");
        } else if (line.contains("------< Health checkers >------")) {
            begin("check");
        } else if (line.contains("------<")) {
            begin("");
        } else if (section.equals("check") && (line.startsWith(" [") || line.startsWith(" FWM"))) {
            begin("check");
            head = line;
        } else if (line.startsWith(" VS ") || line.strip().startsWith("RIP")) {
            head = line;
        } else if (!section.isEmpty()) {
            setting(line);
        }
    }

    private void setting(String line) {
        if (line.startsWith("       ")) {
            statuses.add(line.strip());
            return;
        }
        Matcher matcher = SETTING.matcher(line);
        if (!matcher.matches()) {
            return;
        }
        String name = matcher.group(1);
        if (name.equals("Checked url")) {
            url();
            urls.add(" " + matcher.group(2));
        } else if (name.equals("digest")) {
            urls.set(urls.size() - 1, urls.get(urls.size() - 1) + " " + matcher.group(2));
        } else {
            values.putIfAbsent(name, matcher.group(2));
        }
    }

    private void url() {
        if (!urls.isEmpty()) {
            StringBuilder all = new StringBuilder(urls.remove(urls.size() - 1));
            statuses.forEach(each -> all.append(' ').append(each));
            urls.add(all.toString());
        }
        statuses.clear();
    }

    private void begin(String next) {
        end();
        section = next;
        head = "";
        values.clear();
        urls.clear();
        statuses.clear();
    }

    private void end() {
        if (head.isEmpty()) {
            return;
        }
        switch (section) {
            case "service" -> lines.add(service());
            case "server" -> lines.add(server());
            case "check" -> sections.add(check());
            default -> {}
        }
        head = "";
    }

    private String value(String name, String standard) {
        return values.getOrDefault(name, standard);
    }

    private String service() {
        Matcher at = Pattern.compile(" VS VIP = (\\S+), VPORT = (\\d+)").matcher(head);
        String where = at.matches()
                ? "[" + at.group(1) + "]:" + at.group(2) + " " + value("protocol", "")
                : "fwmark " + head.substring(head.indexOf('=') + 2) + " none";
        String sorry = value("sorry server", value("sorry server (duplicates rs)", "none"));
        return "service " + where + " " + value("lvs_sched", "") + " persistent " + value("persistence timeout", "0")
                + " quorum " + value("quorum", "").replace("hysteresis = ", "") + " omega " + value("omega", "")
                + " ops "
                + value("One packet scheduling", "").startsWith("enabled") + " sorry "
                + sorry.replaceFirst("]:[a-z]+:", "]:");
    }

    private String server() {
        Matcher key = SERVER.matcher(head);
        if (!key.matches()) {
            throw new IllegalStateException(head);
        }
        String method = value("forwarding method", "").replaceFirst(", type = ([A-Z]+).*", " $1");
        return "server [" + key.group(1) + "]:" + key.group(2) + " weight " + key.group(3) + " " + method + " limits "
                + value("connection limit range", "") + " inhibit " + value("Inhibit on failure", "");
    }

    private String check() {
        url();
        String method = value("Keepalive method", "").replaceFirst(",.*", "");
        String to = " to " + value("Dest", "") + " mark " + value("Mark", "0");
        String what = switch (method) {
            case "HTTP_GET", "SSL_GET" -> to + String.join("", urls);
            case "SMTP_CHECK" -> to + " " + value("helo", "");
            case "DNS_CHECK" -> to + " " + value("Type", "") + " " + value("Name", ".");
            case "UDP_CHECK" -> to + " reply " + value("Require reply", "");
            case "MISC_CHECK" -> " dynamic " + value("dynamic", "");
            default -> to;
        };
        String timeout = millis(method.equals("MISC_CHECK") ? value("timeout", "0") : value("Timeout", "0"), 3);
        if (method.equals("MISC_CHECK") && timeout.equals("0")) {
            timeout = millis(value("Delay loop", "0 us"), -3);
        }
        String retries = value("Retries", "");
        return "check " + method + what + " timeout " + timeout + " loop " + millis(value("Delay loop", "0"), -3)
                + " warmup "
                + millis(value("Warmup", "0"), -3) + " retries " + retries
                + (retries.equals("0") ? "" : " after " + millis(value("Delay before retry", "0"), -3)) + " alpha "
                + value("Alpha", "");
    }

    private static String millis(String time, int shift) {
        return new BigDecimal(time.replace(" us", ""))
                .movePointRight(shift)
                .toBigInteger()
                .toString();
    }
}
