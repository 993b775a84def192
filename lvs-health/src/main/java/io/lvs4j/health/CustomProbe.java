package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CustomCheck;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a check that the user wrote, on an event loop; whatever it does wrong counts against the server. */
final class CustomProbe implements Probe {
    private final CustomCheck check;
    private final Executor executor;

    CustomProbe(CustomCheck check, Executor executor) {
        this.check = check;
        this.executor = executor;
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        try {
            executor.execute(() -> ask(server, outcome));
        } catch (RejectedExecutionException e) {
            outcome.accept(CheckResult.inconclusive("the event loop has been closed"));
        }
        return Started.INSTANCE;
    }

    private void ask(ServerKey server, Consumer<CheckResult> outcome) {
        try {
            CompletionStage<CheckResult> stage = check.probe(server);
            if (stage == null) {
                outcome.accept(Phase.CUSTOM.failed("no stage (null)"));
            } else {
                stage.whenComplete((result, failure) -> outcome.accept(judge(result, failure)));
            }
        } catch (RuntimeException e) {
            outcome.accept(Phase.CUSTOM.failed(Wording.of(e)));
        }
    }

    private static CheckResult judge(@Nullable CheckResult result, @Nullable Throwable failure) {
        if (failure != null) {
            return Phase.CUSTOM.failed(Wording.of(failure));
        }
        return result == null ? Phase.CUSTOM.failed("no result (null)") : result;
    }

    /** There is no way to stop somebody else's stage; it is forgotten. */
    private enum Started implements Attempt {
        INSTANCE;

        @Override
        public Phase phase() {
            return Phase.CUSTOM;
        }

        @Override
        public void abort() {}
    }
}
