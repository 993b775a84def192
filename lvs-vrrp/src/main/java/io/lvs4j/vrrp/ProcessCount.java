package io.lvs4j.vrrp;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Whether enough processes run, and not too many. What is found first counts at once. Later, when they have become more the change has to last for
 * {@code forkDelay}, when they have become less for {@code terminateDelay}, as with keepalived, which has no delay for a program that somebody else
 * has started. Not thread-safe.
 */
final class ProcessCount {
    private final TrackProcess process;
    private TrackerResult known = TrackerResult.UNKNOWN;
    private int latest;
    private @Nullable Change change;

    /** Not believed yet. */
    private record Change(long sinceNanos, long delayNanos) {}

    ProcessCount(TrackProcess process) {
        this.process = process;
    }

    /**
     * {@return what is known from now on, if that has changed}
     *
     * @param running how many run
     * @param now nanoseconds of some clock
     */
    Optional<TrackerResult> count(int running, long now) {
        OptionalInt most = process.quorumMax();
        boolean enough = running >= process.quorum() && (most.isEmpty() || running <= most.getAsInt());
        TrackerResult found = enough ? TrackerResult.UP : TrackerResult.DOWN;
        boolean more = running > latest;
        latest = running;
        if (found.equals(known)) {
            change = null;
            return Optional.empty();
        }
        if (known.known()) {
            Change begun = change;
            if (begun == null) {
                begun = new Change(now, (more ? process.forkDelay() : process.terminateDelay()).toNanos());
                change = begun;
            }
            if (now - begun.sinceNanos < begun.delayNanos) {
                return Optional.empty();
            }
        }
        change = null;
        known = found;
        return Optional.of(found);
    }
}
