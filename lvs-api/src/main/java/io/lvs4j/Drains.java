package io.lvs4j;

import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets servers leave: weight 0 first, removal when the last connection (and, where they are kept, the last persistence
 * template) has gone or the deadline has passed. Everything here runs under the director's lock.
 */
final class Drains {
    private static final Logger log = LoggerFactory.getLogger(Drains.class);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ServiceTable table;
    private final Ticker ticker;
    private final BiFunction<Duration, Runnable, Timers.Cancellable> timers;

    /**
     * Makes the drains of a table.
     *
     * @param timers runs a task later, under the director's lock, unless the director is closed by then
     */
    Drains(ServiceTable table, Ticker ticker, BiFunction<Duration, Runnable, Timers.Cancellable> timers) {
        this.table = table;
        this.ticker = ticker;
        this.timers = timers;
    }

    /** Begins a drain, or gives one that is under way a new deadline. */
    CompletableFuture<DrainReport> drain(ServiceRuntime runtime, ServerKey server, Duration deadline) {
        Drain running = runtime.drain(server);
        if (running != null) {
            running.deadline(ticker.nanos(), deadline);
            look(runtime, running, Duration.ZERO);
            return running.future();
        }
        table.changePolicy(
                runtime,
                policy -> policy.draining(server, true),
                new DirectorEvent.DrainStarted(Instant.now(), runtime.key(), server, deadline));
        Drain drain = new Drain(server, ticker.nanos(), deadline);
        runtime.addDrain(drain);
        look(runtime, drain, Duration.ZERO);
        return drain.future();
    }

    /** Ends a drain, if there is one, and sets a weight instead. */
    void cancel(ServiceRuntime runtime, ServerKey server, int weight) {
        Drain drain = runtime.drain(server);
        RealServer before = runtime.service().realServer(server).orElseThrow();
        if (drain != null) {
            table.changePolicy(runtime, policy -> policy.draining(server, false));
            drain.outcome(DrainReport.Outcome.CANCELLED);
            table.endDrain(runtime, drain, table.counters(runtime, server).open());
        }
        table.change(runtime, runtime.service().withRealServer(before.withWeight(weight)));
    }

    private void look(ServiceRuntime runtime, Drain drain, Duration delay) {
        drain.nextLook(timers.apply(delay, () -> {
            if (runtime.drain(drain.server()) == drain) {
                check(runtime, drain);
            }
        }));
    }

    /** If the backend fails, the drain goes on and this is tried again. */
    private void check(ServiceRuntime runtime, Drain drain) {
        try {
            endIfDue(runtime, drain);
        } catch (BackendException e) {
            log.warn("A drained server could not be looked at or removed; trying again", e);
            drain.outcome(DrainReport.Outcome.REMOVED);
            look(runtime, drain, RETRY);
        }
    }

    private void endIfDue(ServiceRuntime runtime, Drain drain) {
        ServerCounters counters = table.counters(runtime, drain.server());
        long left = drain.leftNanos(ticker.nanos());
        if (counters.open() == 0 && counters.persistent() == 0) {
            finish(runtime, drain, DrainReport.Outcome.DRAINED);
        } else if (left <= 0) {
            finish(runtime, drain, DrainReport.Outcome.DEADLINE);
        } else {
            look(runtime, drain, Duration.ofNanos(Math.min(left, LOOK.toNanos())));
        }
    }

    /** Removes the server; that ends the drain. */
    private void finish(ServiceRuntime runtime, Drain drain, DrainReport.Outcome outcome) {
        drain.outcome(outcome);
        table.change(runtime, runtime.service().withoutRealServer(drain.server()));
    }
}
