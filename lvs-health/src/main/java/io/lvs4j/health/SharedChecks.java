package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks under way. Services that ask the same server the same thing share one check: the server is asked once, and all hear
 * of it. Who comes later is told at once what is known. A check ends with the last watch on it.
 *
 * <p>Threads: watches come and go on any thread, guarded by this; verdicts are told in tasks of {@link Timers}, which run one at a
 * time.
 */
final class SharedChecks {
    private static final Logger log = LoggerFactory.getLogger(SharedChecks.class);

    private final Timers timers;
    private final BiFunction<Question, HealthMonitor.Listener, CheckLoop> loops;
    private final Spread spread;
    private final Map<Question, Shared> shared = new HashMap<>(); // guarded by this
    private boolean closed; // guarded by this

    /** Who is asked, what and when, and with which PROXY header before it. */
    record Question(ServerKey server, HealthCheck check, Optional<ProxyProtocol.Version> greeting) {}

    /** What is known of a server. */
    private record Verdict(boolean up, CheckResult cause) {}

    /**
     * Makes the checks of a monitor.
     *
     * @param loops makes a check that has not begun
     * @param spread when checks begin
     */
    SharedChecks(Timers timers, BiFunction<Question, HealthMonitor.Listener, CheckLoop> loops, Spread spread) {
        this.timers = timers;
        this.loops = loops;
        this.spread = spread;
    }

    /** @throws IllegalStateException after {@link #close} */
    synchronized HealthMonitor.Watch watch(Question question, HealthMonitor.Listener listener) {
        if (closed) {
            throw new IllegalStateException("health monitor: closed (expected: open)");
        }
        Shared known = shared.get(question);
        if (known != null) {
            return known.join(listener);
        }
        Shared begun = new Shared(question);
        HealthMonitor.Watch watch = begun.join(listener);
        shared.put(question, begun);
        begun.loop.start(spread.next());
        return watch;
    }

    void close() {
        List<Shared> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(shared.values());
            shared.clear();
        }
        open.forEach(each -> each.loop.close());
    }

    /** One check and those who hear of it. */
    private final class Shared implements HealthMonitor.Listener {
        final Question question;
        final CheckLoop loop;
        final List<SharedWatch> watches = new CopyOnWriteArrayList<>();
        private @Nullable Verdict latest; // confined to the timers

        Shared(Question question) {
            this.question = question;
            this.loop = loops.apply(question, this);
        }

        HealthMonitor.Watch join(HealthMonitor.Listener listener) {
            SharedWatch watch = new SharedWatch(this, listener);
            watches.add(watch);
            if (watches.size() > 1) {
                timers.schedule(Duration.ZERO, () -> catchUp(watch));
            }
            return watch;
        }

        private void catchUp(SharedWatch watch) {
            if (latest != null && !watch.told) {
                watch.tell(latest);
            }
        }

        @Override
        public void verdict(boolean up, CheckResult cause) {
            latest = new Verdict(up, cause);
            for (SharedWatch watch : watches) {
                watch.tell(latest);
            }
        }

        @Override
        public void attempt(CheckResult result) {
            for (SharedWatch watch : watches) {
                watch.tell(listener -> listener.attempt(result));
            }
        }
    }

    private final class SharedWatch implements HealthMonitor.Watch {
        private final Shared of;
        private final HealthMonitor.Listener listener;
        private boolean told; // confined to the timers

        SharedWatch(Shared of, HealthMonitor.Listener listener) {
            this.of = of;
            this.listener = listener;
        }

        void tell(Verdict verdict) {
            told = true;
            tell(to -> to.verdict(verdict.up, verdict.cause));
        }

        void tell(Consumer<HealthMonitor.Listener> news) {
            try {
                news.accept(listener);
            } catch (RuntimeException | Error e) {
                log.error("A listener failed at what was found of {}", of.question.server(), e);
            }
        }

        @Override
        public Optional<CheckResult> latest() {
            return of.loop.latest();
        }

        @Override
        public void close() {
            synchronized (SharedChecks.this) {
                of.watches.remove(this);
                if (!of.watches.isEmpty() || !shared.remove(of.question, of)) {
                    return;
                }
            }
            of.loop.close();
        }
    }
}
