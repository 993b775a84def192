package io.lvs4j.keepalived;

import io.lvs4j.check.CheckTarget;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.DnsCheck;
import io.lvs4j.check.FileCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.HttpUrl;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.check.PingCheck;
import io.lvs4j.check.SmtpCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.check.Tls;
import io.lvs4j.check.UdpCheck;
import io.lvs4j.check.UdpReply;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Writes checks into the blocks of their servers. Each says all of its timing, so that it inherits nothing. Not thread-safe. */
final class CheckWriter {
    private final Map<Path, String> files = new LinkedHashMap<>();

    /** {@return the files that checks look at, with the names that they are written with} */
    Map<Path, String> files() {
        return files;
    }

    /**
     * Writes a check.
     *
     * @param alphaOfAll whether the service says that servers are down until they pass, so that no check says so
     * @throws IllegalArgumentException if keepalived has no such check
     */
    void write(HealthCheck check, boolean alphaOfAll, BlockWriter server) {
        if (check.timing().rise() != 1) {
            throw new IllegalArgumentException("rise: " + check.timing().rise() + " (expected: 1, as with keepalived)");
        }
        if (check.timing().fastRecovery() && !(check instanceof HttpCheck)) {
            throw new IllegalArgumentException(
                    "fastRecovery: true (expected: only with HTTP, as with keepalived) of " + check);
        }
        Consumer<BlockWriter> timing = block -> timing(check, alphaOfAll, block);
        if (check instanceof TcpCheck tcp) {
            server.block(block -> target(tcp.target(), timing, block), "TCP_CHECK");
        } else if (check instanceof PingCheck ping) {
            server.block(block -> target(ping.target(), timing, block), "PING_CHECK");
        } else if (check instanceof HttpCheck http) {
            http(http, timing, server);
        } else if (check instanceof SmtpCheck smtp) {
            server.block(
                    block -> {
                        block.add("helo_name", smtp.heloName());
                        target(smtp.target(), timing, block);
                    },
                    "SMTP_CHECK");
        } else if (check instanceof DnsCheck dns) {
            server.block(
                    block -> {
                        block.add("type", dns.type());
                        block.add("name", dns.name());
                        target(dns.target(), timing, block);
                    },
                    "DNS_CHECK");
        } else if (check instanceof UdpCheck udp) {
            server.block(
                    block -> {
                        block.add("payload", udp.payload());
                        udp.reply().ifPresent(reply -> reply(reply, block));
                        target(udp.target(), timing, block);
                    },
                    "UDP_CHECK");
        } else if (check instanceof MiscCheck misc) {
            misc(misc, timing, server);
        } else if (check instanceof FileCheck file) {
            file(file, alphaOfAll, server);
        } else {
            throw new IllegalArgumentException("check: " + check
                    + " (expected: one that keepalived has: tcp, http, https, smtp, dns, udp, ping, program or file)");
        }
    }

    private static void target(CheckTarget target, Consumer<BlockWriter> timing, BlockWriter block) {
        target.connectIp().map(InetAddress::getHostAddress).ifPresent(ip -> block.add("connect_ip", ip));
        target.connectPort().ifPresent(port -> block.add("connect_port", port));
        target.bindTo().map(InetAddress::getHostAddress).ifPresent(ip -> block.add("bindto", ip));
        target.bindPort().ifPresent(port -> block.add("bind_port", port));
        target.firewallMark().ifPresent(mark -> block.add("fwmark", mark));
        timing.accept(block);
    }

    private static void timing(HealthCheck check, boolean alphaOfAll, BlockWriter block) {
        CheckTiming timing = check.timing();
        block.seconds("delay_loop", timing.delayLoop());
        if (!(check instanceof MiscCheck)) {
            block.seconds("connect_timeout", timing.timeout());
        }
        block.add("retry", timing.retries());
        block.seconds("delay_before_retry", timing.delayBeforeRetry());
        block.seconds("warmup", timing.warmup());
        if (!alphaOfAll) {
            block.add("alpha", timing.alpha() ? "yes" : "no");
        }
    }

    private static void http(HttpCheck check, Consumer<BlockWriter> timing, BlockWriter server) {
        if (check.tls() == Tls.VERIFIED
                || check.serverName().isPresent()
                || !check.headers().isEmpty()) {
            throw new IllegalArgumentException("check: " + check
                    + " (expected: no verified certificate, no other server name and no headers, keepalived has none)");
        }
        server.block(
                block -> {
                    if (check.version() == HttpCheck.Version.HTTP_1_1) {
                        block.add("http_protocol", "1.1");
                    }
                    check.virtualHost().ifPresent(host -> block.add("virtualhost", host));
                    check.urls().forEach(url -> block.block(inner -> url(url, inner), "url"));
                    target(check.target(), timing, block);
                    if (check.timing().fastRecovery()) {
                        block.add("fast_recovery");
                    }
                },
                check.tls() == Tls.NONE ? "HTTP_GET" : "SSL_GET");
    }

    private static void url(HttpUrl url, BlockWriter block) {
        block.add("path", url.path());
        block.add(
                "status_code",
                url.statuses().stream()
                        .map(range -> range.first() == range.last()
                                ? Integer.toString(range.first())
                                : range.first() + "-" + range.last())
                        .toArray());
        url.digest().ifPresent(digest -> block.add("digest", digest));
        url.regex().ifPresent(regex -> block.pattern("regex", regex));
        url.virtualHost().ifPresent(host -> block.add("virtualhost", host));
    }

    /** A half byte that does not count is an {@code x}; keepalived has no single bits. */
    private static void reply(UdpReply reply, BlockWriter block) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < reply.pattern().length(); i++) {
            char mask = reply.mask().charAt(i);
            if (mask != '0' && mask != 'f') {
                throw new IllegalArgumentException(
                        "mask: " + Reading.shown(reply.mask()) + " (expected: 0 and f, keepalived has no single bits)");
            }
            pattern.append(mask == '0' ? 'x' : reply.pattern().charAt(i));
        }
        if (pattern.isEmpty()) {
            block.add("require_reply");
        } else {
            block.add("require_reply", pattern);
        }
    }

    private static void misc(MiscCheck check, Consumer<BlockWriter> timing, BlockWriter server) {
        Duration timeout = check.timing().timeout();
        server.block(
                block -> {
                    block.program("misc_path", check.command());
                    if (timeout.equals(Duration.ofSeconds(timeout.toSeconds()))) {
                        block.add("misc_timeout", timeout.toSeconds());
                    } else if (!timeout.equals(check.timing().delayLoop())) {
                        throw new IllegalArgumentException(
                                "timeout of " + check.command().get(0) + ": " + timeout
                                        + " (expected: whole seconds, or the delay loop)");
                    }
                    if (check.dynamicWeight()) {
                        block.add("misc_dynamic");
                    }
                    timing.accept(block);
                },
                "MISC_CHECK");
    }

    /** It says no timing itself, but inherits the server's, which no other check does. */
    private void file(FileCheck check, boolean alphaOfAll, BlockWriter server) {
        CheckTiming timing = check.timing();
        server.seconds("delay_loop", timing.delayLoop());
        server.seconds("connect_timeout", timing.timeout());
        if (timing.retries() > 0) {
            server.add("retry", timing.retries());
        }
        server.seconds("delay_before_retry", timing.delayBeforeRetry());
        server.seconds("warmup", timing.warmup());
        if (!alphaOfAll && timing.alpha()) {
            server.add("alpha", "yes");
        }
        String name = files.computeIfAbsent(check.path(), path -> "file_" + (files.size() + 1));
        server.block(block -> block.add("track_file", name), "FILE_CHECK");
    }
}
