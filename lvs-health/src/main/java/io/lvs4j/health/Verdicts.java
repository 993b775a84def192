package io.lvs4j.health;

import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTiming;
import java.util.Optional;

/**
 * What the results of one check of one server amount to: keepalived's counting, with {@code rise} added.
 *
 * <pre>
 *                    passed                        failed
 *   UNKNOWN          UP                            DOWN: the first attempt has no retries
 *   UP               failures = 0                  failures + 1, DOWN when they exceed retries
 *   DOWN             passes + 1, UP at rise        passes = 0
 * </pre>
 *
 * An inconclusive result changes nothing. What a server that is up advises is news as well. Pure and not thread-safe.
 */
final class Verdicts {
    private enum State {
        UNKNOWN,
        UP,
        DOWN
    }

    private final int retries;
    private final int rise;
    private State state = State.UNKNOWN;
    private int failures;
    private int passes;
    private Optional<Advice> advice = Optional.empty();

    Verdicts(CheckTiming timing) {
        this.retries = timing.retries();
        this.rise = timing.rise();
    }

    /** Counts the result of one attempt; returns whether it is the first verdict, a changed one, or comes with new advice. */
    boolean count(CheckResult result) {
        State before = state;
        if (result instanceof CheckResult.Passed passed) {
            passed();
            return take(passed.advice()) || state != before;
        }
        if (result instanceof CheckResult.Failed) {
            failed();
        }
        return state != before;
    }

    /** Returns whether the advice is new; that of a server that is down is not heard. */
    private boolean take(Optional<Advice> current) {
        boolean changed = state == State.UP && !current.equals(advice);
        if (changed) {
            advice = current;
        }
        return changed;
    }

    private void passed() {
        failures = 0;
        if (state != State.DOWN || ++passes >= rise) {
            become(State.UP);
        }
    }

    private void failed() {
        passes = 0;
        if (state == State.UNKNOWN || (state == State.UP && ++failures > retries)) {
            become(State.DOWN);
        }
    }

    private void become(State next) {
        state = next;
        advice = next == State.DOWN ? Optional.empty() : advice;
        failures = 0;
        passes = 0;
    }

    /** Returns whether the server is held to be up, as it is until the first verdict. */
    boolean up() {
        return state != State.DOWN;
    }

    /** Returns whether a server that is up has failed and is not given up yet. */
    boolean doubtful() {
        return failures > 0;
    }

    /** Returns whether a server that is down has passed, but not often enough yet. */
    boolean recovering() {
        return passes > 0;
    }
}
