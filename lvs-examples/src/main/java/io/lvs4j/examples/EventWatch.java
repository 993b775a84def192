package io.lvs4j.examples;

import io.lvs4j.DirectorEvent;
import io.lvs4j.DirectorListener;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Keeps events until somebody waits for one of them. */
final class EventWatch implements DirectorListener {
    private final BlockingQueue<DirectorEvent> events = new LinkedBlockingQueue<>();

    @Override
    public void onEvent(DirectorEvent event) {
        events.add(event);
    }

    /** Waits for an event, passing over those before it. */
    DirectorEvent await(Predicate<DirectorEvent> wanted, String description, Duration timeout)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            DirectorEvent event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new IllegalStateException("no event within " + Durations.format(timeout) + ": " + description);
            }
            if (wanted.test(event)) {
                return event;
            }
        }
    }
}
