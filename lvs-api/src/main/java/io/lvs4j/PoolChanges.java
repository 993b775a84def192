package io.lvs4j;

import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the backend carry out what a policy makes of a change, takes the policy over, tells what is different, and comes back when
 * time alone changes something.
 *
 * <p>A wish that the backend fails at is refused, and everything is as before. A verdict is a fact: it is taken over and told,
 * and the backend is asked again every second until it has succeeded; so it is with what time brings, which is told then.
 * Everything here runs under the director's lock.
 */
final class PoolChanges {
    private static final Logger log = LoggerFactory.getLogger(PoolChanges.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Backend backend;
    private final EventDispatcher events;
    private final BiFunction<Duration, Runnable, Timers.Cancellable> timers;
    private final OutlierWatch outliers;

    /**
     * Makes the changes of a table.
     *
     * @param timers runs a task later, under the director's lock, unless the director is closed by then
     */
    PoolChanges(Backend backend, EventDispatcher events, BiFunction<Duration, Runnable, Timers.Cancellable> timers) {
        this.backend = backend;
        this.events = events;
        this.timers = timers;
        this.outliers = new OutlierWatch(backend, timers, this::observed);
    }

    /** Begins to follow a service that the backend has. */
    void begin(ServiceRuntime runtime) {
        PoolEvents.beginning(runtime.policy()).forEach(events::publish);
        comeBack(runtime);
    }

    /**
     * Carries out a wish.
     *
     * @param done comes when the backend has succeeded, and before differences are told
     */
    void change(ServiceRuntime runtime, PoolPolicy next, Runnable done) {
        PoolPolicy before = runtime.policy();
        carryOut(runtime, next.pool());
        runtime.policy(next);
        done.run();
        tell(runtime, before);
    }

    /**
     * Takes over verdicts: the policies note one after the other, and what there is to tell of each is found, but the backend
     * gets only what comes of all of them.
     */
    void verdicts(List<WaitingVerdicts.Verdict> verdicts) {
        Facts facts = new Facts();
        for (WaitingVerdicts.Verdict verdict : verdicts) {
            try {
                note(facts, verdict);
            } catch (RuntimeException e) { // an embedder's check throws: that costs no other server its verdict
                log.error(
                        "{}: a verdict on {} is lost",
                        verdict.runtime().key(),
                        verdict.key().server(),
                        e);
            }
        }
        facts.takeOver();
    }

    private static void note(Facts facts, WaitingVerdicts.Verdict verdict) {
        ServiceRuntime runtime = verdict.runtime();
        ServerKey server = verdict.key().server();
        HealthCheck check = verdict.key().check();
        if (runtime.watching(verdict.key()) // else server or check have gone meanwhile
                && !facts.policy(runtime).isOldNews(server, check, verdict.up(), verdict.cause())) {
            facts.note(runtime, policy -> policy.verdict(server, check, verdict.up(), verdict.cause()));
        }
    }

    private void observed(ServiceRuntime runtime, Map<ServerKey, ConnectionOutcomes> outcomes) {
        Facts facts = new Facts();
        facts.note(runtime, policy -> policy.observed(outcomes));
        facts.takeOver();
    }

    /** Facts that are taken over together: the policies that have noted them, and what there is to tell, in order. */
    private final class Facts {
        private final Map<ServiceRuntime, PoolPolicy> policies = new LinkedHashMap<>();
        private final List<DirectorEvent> told = new ArrayList<>();

        PoolPolicy policy(ServiceRuntime runtime) {
            return policies.getOrDefault(runtime, runtime.policy());
        }

        void note(ServiceRuntime runtime, Consumer<PoolPolicy> fact) {
            PoolPolicy before = policy(runtime);
            PoolPolicy next = before.copy();
            fact.accept(next);
            policies.put(runtime, next);
            told.addAll(PoolEvents.between(before, next));
        }

        void takeOver() {
            policies.forEach((runtime, policy) -> {
                try {
                    carryOut(runtime, policy.pool());
                } catch (RuntimeException e) {
                    log.error("{}: a verdict on a server could not be carried out; trying again", runtime.key(), e);
                }
                runtime.policy(policy);
            });
            told.forEach(events::publish);
            policies.keySet().forEach(PoolChanges.this::comeBack);
        }
    }

    /** Does what is due, and what the backend has failed at. */
    private void step(ServiceRuntime runtime) {
        PoolPolicy before = runtime.policy();
        PoolPolicy next = before.copy();
        try {
            carryOut(runtime, next.pool());
        } catch (RuntimeException e) {
            if (runtime.carried().equals(before.pool())) { // else this has been said
                log.warn("{}: what is due could not be carried out; trying again", runtime.key(), e);
            }
            runtime.nextStep(timers.apply(RETRY, () -> step(runtime)));
            return;
        }
        runtime.policy(next);
        tell(runtime, before);
    }

    private void carryOut(ServiceRuntime runtime, Pool pool) {
        if (!pool.equals(runtime.carried())) {
            backend.update(pool);
            runtime.carried(pool);
        }
    }

    private void tell(ServiceRuntime runtime, PoolPolicy before) {
        PoolEvents.between(before, runtime.policy()).forEach(events::publish);
        comeBack(runtime);
    }

    private void comeBack(ServiceRuntime runtime) {
        outliers.follow(runtime);
        OptionalLong next = runtime.carried().equals(runtime.policy().pool())
                ? runtime.policy().nanosToNextStep()
                : OptionalLong.of(RETRY.toNanos());
        if (next.isPresent()) {
            runtime.nextStep(timers.apply(Duration.ofNanos(next.getAsLong()), () -> step(runtime)));
        } else {
            runtime.nextStep(() -> {});
        }
    }

    /** Ends to follow a service that has gone. */
    void end(ServiceRuntime runtime) {
        runtime.nextStep(() -> {});
        runtime.endSampling();
        PoolEvents.end(runtime.policy()).forEach(events::publish);
    }
}
