package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import java.time.Duration;
import java.util.Locale;

/** How far an attempt has come; the word before the colon in what an operator reads. */
enum Phase {
    CONNECT("no answer"),
    TLS("handshake not finished"),
    REQUEST("not sent"),
    RESPONSE("no complete header"),
    CUSTOM("no result");

    private final String overdue;

    Phase(String overdue) {
        this.overdue = overdue;
    }

    CheckResult failed(String detail) {
        return CheckResult.failed(name().toLowerCase(Locale.ROOT), detail);
    }

    /** Returns the failure of an attempt that is still in this phase at its deadline. */
    CheckResult overdue(Duration timeout) {
        return failed(overdue + " within " + Wording.of(timeout));
    }
}
