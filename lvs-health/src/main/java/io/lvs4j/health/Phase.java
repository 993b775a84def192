package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import java.time.Duration;
import java.util.Locale;

/** How far an attempt has come; the word before the colon in what an operator reads. */
enum Phase implements Probe.Waiting {
    CONNECT("no answer"),
    TLS("handshake not finished"),
    REQUEST("not sent"),
    RESPONSE("no complete header"),
    BODY("not complete"),
    GREETING("no complete reply"),
    HELO("no complete reply"),
    CALL("no answer"),
    LINE("not complete"),
    CUSTOM("no result"),
    DNS("no answer"),
    UDP("no reply"),
    PING("no echo reply"),
    PROGRAM("not ended"),
    FILE("not read"),

    /** In which no news is good news. */
    SILENCE("no ICMP error") {
        @Override
        CheckResult failed(String detail) {
            return UDP.failed(detail);
        }

        @Override
        public CheckResult overdue(Duration timeout) {
            return CheckResult.passed("no ICMP error within " + Wording.of(timeout));
        }
    };

    private final String overdue;

    Phase(String overdue) {
        this.overdue = overdue;
    }

    CheckResult failed(String detail) {
        return CheckResult.failed(name().toLowerCase(Locale.ROOT), detail);
    }

    @Override
    public CheckResult overdue(Duration timeout) {
        return failed(overdue + " within " + Wording.of(timeout));
    }
}
