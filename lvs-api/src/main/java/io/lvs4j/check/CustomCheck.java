package io.lvs4j.check;

import io.lvs4j.ServerKey;
import java.util.concurrent.CompletionStage;

/**
 * A check of your own. Implement {@code equals} (a record does) if its state shall survive updates.
 */
public non-sealed interface CustomCheck extends HealthCheck {

    /**
     * Asks the server once. Called on a thread of the health monitor, so it must not block; an exception, a stage that
     * fails and one that is not complete when {@link CheckTiming#timeout()} has passed all count as failures.
     *
     * @param server whom to ask
     * @return a stage that completes with the result, on any thread
     */
    CompletionStage<CheckResult> probe(ServerKey server);
}
