package io.lvs4j;

import io.lvs4j.check.CheckResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Verdicts between the monitor, which tells them on any thread and must not wait, and the director's lock, under which they are
 * taken over. All that have come until their turn are taken together: when a thousand servers fail at once, the backend is
 * given one pool and not a thousand. Thread-safe.
 */
final class WaitingVerdicts {
    private final Consumer<Runnable> later;
    private final Consumer<List<Verdict>> taker;
    private List<Verdict> waiting = new ArrayList<>();

    /** What a check found, at last. */
    record Verdict(ServiceRuntime runtime, ServiceRuntime.WatchKey key, boolean up, CheckResult cause) {}

    /**
     * Makes a queue in which nothing waits.
     *
     * @param later runs a task soon, under the director's lock, unless the director is closed by then
     * @param taker gets verdicts in the order in which they came, under the director's lock
     */
    WaitingVerdicts(Consumer<Runnable> later, Consumer<List<Verdict>> taker) {
        this.later = later;
        this.taker = taker;
    }

    void add(Verdict verdict) {
        synchronized (this) {
            waiting.add(verdict);
        }
        later.accept(this::take); // for each, so that a task that is lost holds up nobody for long
    }

    private void take() {
        List<Verdict> all = all();
        if (!all.isEmpty()) {
            taker.accept(all);
        }
    }

    private synchronized List<Verdict> all() {
        List<Verdict> all = waiting;
        waiting = new ArrayList<>();
        return all;
    }
}
