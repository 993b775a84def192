package io.lvs4j.keepalived;

import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.PingCheck;
import io.lvs4j.check.TcpCheck;
import java.net.InetAddress;
import java.util.Optional;

/** The checks of a {@code real_server}, and the keywords that they share. */
final class CheckKeywords {
    private static final int INTERFACE_NAME = 15;

    private CheckKeywords() {}

    /** Adds the blocks of all checks. */
    static Keywords.Builder<ServerDraft> addTo(Keywords.Builder<ServerDraft> table) {
        return table.block("TCP_CHECK", 0, 0, TCP, (server, it) -> Optional.of(new Tcp(it)), CheckKeywords::add)
                .block("PING_CHECK", 0, 0, PING, (server, it) -> Optional.of(new Ping(it)), CheckKeywords::add)
                .block("HTTP_GET", 0, 0, HttpKeywords.HTTP, CheckKeywords::http, HttpKeywords::end)
                .block("SSL_GET", 0, 0, HttpKeywords.SSL, CheckKeywords::http, HttpKeywords::end)
                .block("SMTP_CHECK", 0, 0, SmtpKeywords.TABLE, CheckKeywords::smtp, SmtpKeywords::end)
                .block("DNS_CHECK", 0, 0, DatagramKeywords.DNS, CheckKeywords::dns, CheckKeywords::add)
                .block("UDP_CHECK", 0, 0, DatagramKeywords.UDP, CheckKeywords::udp, DatagramKeywords::end)
                .block("MISC_CHECK", 0, 0, ProgramKeywords.MISC, CheckKeywords::misc, ProgramKeywords::end)
                .block("FILE_CHECK", 0, 0, ProgramKeywords.FILE, CheckKeywords::tracked, ProgramKeywords::end)
                .block("BFD_CHECK", 0, 0, ProgramKeywords.BFD, CheckKeywords::tracked, ProgramKeywords::end);
    }

    private static Optional<HttpKeywords.Http> http(ServerDraft server, Arguments arguments) {
        return Optional.of(new HttpKeywords.Http(arguments));
    }

    private static Optional<SmtpKeywords.Smtp> smtp(ServerDraft server, Arguments arguments) {
        return Optional.of(new SmtpKeywords.Smtp(arguments));
    }

    private static Optional<DatagramKeywords.Dns> dns(ServerDraft server, Arguments arguments) {
        return Optional.of(new DatagramKeywords.Dns(arguments));
    }

    private static Optional<DatagramKeywords.Udp> udp(ServerDraft server, Arguments arguments) {
        return Optional.of(new DatagramKeywords.Udp(arguments));
    }

    private static Optional<ProgramKeywords.Misc> misc(ServerDraft server, Arguments arguments) {
        return Optional.of(new ProgramKeywords.Misc(arguments));
    }

    private static Optional<ProgramKeywords.Tracked> tracked(ServerDraft server, Arguments arguments) {
        return Optional.of(new ProgramKeywords.Tracked(arguments));
    }

    static void add(ServerDraft server, CheckDraft check, Arguments arguments) {
        server.checks.add(check);
    }

    /** Adds what checks over a socket have. */
    static <C extends CheckDraft> Keywords.Builder<C> socket(Keywords.Builder<C> table) {
        table.words(
                        "connect_ip",
                        1,
                        1,
                        (check, arguments) -> arguments
                                .value(0, Value.address())
                                .filter(ip -> matches(ip, check.bindTo, "bindto", arguments))
                                .ifPresent(ip -> check.connectIp = ip))
                .value("connect_port", Value.port(), (check, port) -> check.connectPort = port)
                .words(
                        "bindto",
                        1,
                        1,
                        (check, arguments) -> arguments
                                .value(0, Value.address())
                                .filter(ip -> matches(ip, check.connectIp, "connect_ip", arguments))
                                .ifPresent(ip -> check.bindTo = ip))
                .value("bind_port", Value.port(), (check, port) -> check.bindPort = port)
                .value("bind_if", Value.text(INTERFACE_NAME), (check, name) -> check.bindInterface = true)
                .notCarriedOut("checks are not bound to interfaces")
                .value("fwmark", Value.number(0, Value.MAX), (check, mark) -> check.firewallMark = mark);
        TimingDraft.connectTimeout(table, check -> check.timing);
        return common(table);
    }

    /** Adds what all checks have. */
    static <C extends CheckDraft> Keywords.Builder<C> common(Keywords.Builder<C> table) {
        TimingDraft.keywords(table, check -> check.timing, 0);
        return table.bool("alpha", (check, yes) -> check.timing.alpha = yes)
                .bool("log_all_failures", (check, yes) -> {})
                .notCarriedOut("each change of a check's result is an event");
    }

    private static boolean matches(
            InetAddress address,
            @org.jspecify.annotations.Nullable InetAddress other,
            String name,
            Arguments arguments) {
        if (other == null || Addresses.sameFamily(address, other)) {
            return true;
        }
        arguments.error(
                "family-mismatch",
                0,
                address.getHostAddress() + " (expected: an address of the family of " + name + ", "
                        + other.getHostAddress() + ")");
        return false;
    }

    private static final Keywords<Tcp> TCP =
            socket(Keywords.<Tcp>in("TCP_CHECK")).build();

    private static final Keywords<Ping> PING =
            socket(Keywords.<Ping>in("PING_CHECK")).build();

    /** {@code TCP_CHECK}. */
    private static final class Tcp extends CheckDraft {
        Tcp(Arguments arguments) {
            super(arguments);
        }

        @Override
        HealthCheck build(CheckTiming timing, Optional<String> virtualHost, Reading reading) {
            return new TcpCheck(target(), timing);
        }
    }

    /** {@code PING_CHECK}. */
    private static final class Ping extends CheckDraft {
        Ping(Arguments arguments) {
            super(arguments);
        }

        @Override
        HealthCheck build(CheckTiming timing, Optional<String> virtualHost, Reading reading) {
            connectPort = null;
            bindPort = null;
            return new PingCheck(target(), timing);
        }
    }
}
