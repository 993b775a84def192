package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTiming;

/**
 * What the results of one watch amount to: keepalived's counting, with {@code rise} added.
 *
 * <pre>
 *                    passed                        failed
 *   UNKNOWN          UP                            DOWN: the first attempt has no retries
 *   UP               failures = 0                  failures + 1, DOWN when they exceed retries
 *   DOWN             passes + 1, UP at rise        passes = 0
 * </pre>
 *
 * An inconclusive result changes nothing. Pure and not thread-safe.
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

    Verdicts(CheckTiming timing) {
        this.retries = timing.retries();
        this.rise = timing.rise();
    }

    /** Counts the result of one attempt; returns whether it is the first verdict or a changed one. */
    boolean count(CheckResult result) {
        State before = state;
        if (result instanceof CheckResult.Passed) {
            passed();
        } else if (result instanceof CheckResult.Failed) {
            failed();
        }
        return state != before;
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
}
