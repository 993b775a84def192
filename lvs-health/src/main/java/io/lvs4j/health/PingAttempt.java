package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One echo request. Ends once. */
final class PingAttempt implements Probe.Attempt {
    private final long token;
    private final Consumer<PingAttempt> forget;
    private @Nullable Consumer<CheckResult> outcome; // guarded by this; null = ended

    PingAttempt(long token, Consumer<CheckResult> outcome, Consumer<PingAttempt> forget) {
        this.token = token;
        this.outcome = outcome;
        this.forget = forget;
    }

    long token() {
        return token;
    }

    void end(CheckResult result) {
        Consumer<CheckResult> told = take();
        if (told != null) {
            told.accept(result);
        }
    }

    private synchronized @Nullable Consumer<CheckResult> take() {
        Consumer<CheckResult> told = outcome;
        outcome = null;
        return told;
    }

    synchronized boolean ended() {
        return outcome == null;
    }

    @Override
    public Phase phase() {
        return Phase.PING;
    }

    @Override
    public void abort() {
        if (take() != null) {
            forget.accept(this);
        }
    }
}
