package io.lvs4j.vrrp;

import io.lvs4j.check.CheckResult;
import java.util.Optional;

/**
 * What the runs of a script amount to: keepalived's counting ({@code vrrp_script_child_thread}).
 *
 * <pre>
 *              succeeded                     failed
 *   unknown    up: one is enough             down: one is enough
 *   up         -                             down after fall in a row
 *   down       up after rise in a row        -
 * </pre>
 *
 * A script that begins down is not unknown but down. A run that could not be begun counts neither way. Not thread-safe.
 */
final class ScriptCount {
    private final int rise;
    private final int fall;
    private TrackerResult known;
    private int inARow;

    ScriptCount(TrackScript script) {
        rise = script.rise();
        fall = script.fall();
        known = script.beginsDown() ? TrackerResult.DOWN : TrackerResult.UNKNOWN;
    }

    /** {@return what is known of the script} */
    TrackerResult known() {
        return known;
    }

    /**
     * {@return what is known from now on, if that has changed}
     *
     * @param result of the latest run
     */
    Optional<TrackerResult> count(CheckResult result) {
        if (result instanceof CheckResult.Inconclusive) {
            return Optional.empty();
        }
        TrackerResult found = result instanceof CheckResult.Passed ? TrackerResult.UP : TrackerResult.DOWN;
        if (found.equals(known)) {
            inARow = 0;
            return Optional.empty();
        }
        inARow++;
        if (inARow < needed(found)) {
            return Optional.empty();
        }
        inARow = 0;
        known = found;
        return Optional.of(found);
    }

    private int needed(TrackerResult found) {
        if (!known.known()) {
            return 1;
        }
        return found.fails() ? fall : rise;
    }
}
