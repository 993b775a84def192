package io.lvs4j.keepalived;

import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.SmtpCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in {@code SMTP_CHECK}. Its old form has {@code host} blocks, each of which is a check of its own; then the block itself is
 * one only if it says whom to ask.
 */
final class SmtpKeywords {
    private static final String HELO = "smtpchecker.keepalived.org";

    private static final Keywords<Smtp> HOST =
            CheckKeywords.socket(Keywords.<Smtp>in("host")).build();

    static final Keywords<Smtp> TABLE = CheckKeywords.socket(Keywords.<Smtp>in("SMTP_CHECK"))
            .value("helo_name", Value.text(), (check, name) -> check.helo = name)
            .block(
                    "host",
                    0,
                    0,
                    HOST,
                    (check, arguments) -> Optional.of(new Smtp(arguments)),
                    (check, host, arguments) -> check.hosts.add(host))
            .deprecated("an SMTP_CHECK for each host")
            .build();

    private SmtpKeywords() {}

    /** Takes the checks. */
    static void end(ServerDraft server, Smtp check, Arguments arguments) {
        if (check.hosts.isEmpty() || check.saysWhom()) {
            CheckKeywords.add(server, check, arguments);
        }
        for (Smtp host : check.hosts) {
            host.helo = check.helo;
            host.timing.delayLoop = check.timing.delayLoop;
            host.timing.retry = check.timing.retry;
            host.timing.delayBeforeRetry = check.timing.delayBeforeRetry;
            host.timing.warmup = check.timing.warmup;
            host.timing.alpha = check.timing.alpha;
            CheckKeywords.add(server, host, arguments);
        }
    }

    /** {@code SMTP_CHECK} or {@code host}. */
    static final class Smtp extends CheckDraft {
        private final List<Smtp> hosts = new ArrayList<>();
        private @Nullable String helo;

        Smtp(Arguments arguments) {
            super(arguments);
        }

        private boolean saysWhom() {
            return connectIp != null
                    || connectPort != null
                    || bindTo != null
                    || bindPort != null
                    || bindInterface
                    || firewallMark != 0
                    || timing.connectTimeout != null;
        }

        @Override
        HealthCheck build(CheckTiming timing, Optional<String> virtualHost, Reading reading) {
            return new SmtpCheck(helo == null ? HELO : helo, target(), timing);
        }
    }
}
