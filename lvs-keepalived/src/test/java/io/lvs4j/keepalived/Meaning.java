package io.lvs4j.keepalived;

import io.lvs4j.ForwardingMethod.Kind;
import io.lvs4j.ForwardingMethod.Tunnel;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import io.lvs4j.check.CheckTarget;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.DnsCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.check.PingCheck;
import io.lvs4j.check.SmtpCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.check.UdpCheck;
import java.util.ArrayList;
import java.util.List;

/** Writes services as lines that {@link KeepalivedDump} makes, too: services, their servers, their checks. */
final class Meaning {
    private Meaning() {}

    static List<String> of(List<VirtualService> services) {
        List<String> lines = new ArrayList<>();
        List<String> checks = new ArrayList<>();
        for (VirtualService service : services) {
            lines.add(service(service));
            for (RealServer server : service.realServers()) {
                lines.add(server(service, server));
                for (HealthCheck check : server.healthChecks()) {
                    checks.add(check(service, server.key(), check));
                }
            }
        }
        lines.addAll(checks);
        return lines;
    }

    private static String service(VirtualService service) {
        String where = service.key() instanceof ServiceKey.Listening on
                ? pair(new ServerKey(
                                on.addresses().get(0).address(),
                                on.addresses().get(0).firstPort())) + " "
                        + on.protocol().name()
                : "fwmark " + ((ServiceKey.FirewallMark) service.key()).mark() + " none";
        return "service " + where + " " + service.scheduling().name() + " persistent "
                + service.persistence().map(each -> each.timeout().toSeconds()).orElse(0L) + " quorum "
                + service.poolRules().quorum() + ", " + service.poolRules().hysteresis() + " omega "
                + (service.poolRules().omega() ? "ON" : "OFF") + " ops " + service.onePacketScheduling() + " sorry "
                + service.poolRules()
                        .sorryServer()
                        .map(sorry -> pair(sorry.key()))
                        .orElse("none");
    }

    private static String server(VirtualService service, RealServer server) {
        Kind kind = service.forwardingOf(server).kind();
        String method = kind == Kind.MASQUERADE
                ? "NAT"
                : kind == Kind.DIRECT_ROUTING ? "DR" : "TUN " + ((Tunnel) service.forwardingOf(server)).encapsulation();
        boolean inhibit = server.inhibitOnFailure() || service.poolRules().inhibitOnFailure();
        return "server " + pair(server.key()) + " weight " + server.weight() + " " + method + " limits "
                + server.lowerThreshold() + " -> " + server.upperThreshold() + " inhibit " + (inhibit ? "ON" : "OFF");
    }

    private static String check(VirtualService service, ServerKey server, HealthCheck check) {
        CheckTiming timing = check.timing();
        boolean alpha = timing.alpha() || service.poolRules().alpha();
        return "check " + kind(check, server) + " timeout " + timing.timeout().toMillis() + " loop "
                + timing.delayLoop().toMillis() + " warmup " + timing.warmup().toMillis() + " retries "
                + timing.retries()
                + (timing.retries() == 0
                        ? ""
                        : " after " + timing.delayBeforeRetry().toMillis()) + " alpha "
                + (alpha ? "yes" : "no");
    }

    private static String kind(HealthCheck check, ServerKey server) {
        if (check instanceof HttpCheck http) {
            return (http.tls() == io.lvs4j.check.Tls.NONE ? "HTTP_GET" : "SSL_GET")
                    + to(http.target(), server)
                    + http.urls().stream()
                            .map(url -> " " + url.path()
                                    + url.digest().map(hex -> " " + hex).orElse("")
                                    + url.statuses().stream()
                                            .map(each -> " " + each)
                                            .sorted()
                                            .reduce("", String::concat))
                            .reduce("", String::concat);
        }
        if (check instanceof TcpCheck tcp) {
            return "TCP_CHECK" + to(tcp.target(), server);
        }
        if (check instanceof SmtpCheck smtp) {
            return "SMTP_CHECK" + to(smtp.target(), server) + " " + smtp.heloName();
        }
        if (check instanceof DnsCheck dns) {
            return "DNS_CHECK" + to(dns.target(), server) + " " + dns.type() + " " + dns.name();
        }
        if (check instanceof UdpCheck udp) {
            return "UDP_CHECK" + to(udp.target(), server) + " reply "
                    + (udp.reply().isPresent() ? "yes" : "no");
        }
        if (check instanceof PingCheck ping) {
            return "PING_CHECK" + to(ping.target(), server);
        }
        MiscCheck misc = (MiscCheck) check;
        return "MISC_CHECK dynamic " + (misc.dynamicWeight() ? "YES" : "NO");
    }

    private static String to(CheckTarget target, ServerKey server) {
        return " to " + pair(target.of(server)) + " mark "
                + target.firewallMark().orElse(0);
    }

    /** {@return an address and port as keepalived writes them} */
    static String pair(ServerKey key) {
        String text = key.toString();
        int colon = text.lastIndexOf(':');
        String address = text.substring(0, colon);
        return address.startsWith("[") ? text : "[" + address + "]" + text.substring(colon);
    }
}
