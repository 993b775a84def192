package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.CustomCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CustomProbeTest {
    private static final ServerKey SERVER = ServerKey.of("192.0.2.1", 80);

    private final List<CheckResult> outcomes = new ArrayList<>();

    @Test
    void theStagesResultIsTheOutcome() {
        CompletableFuture<CheckResult> stage = new CompletableFuture<>();
        begin(server -> stage);
        assertThat(outcomes).isEmpty();

        stage.complete(CheckResult.passed("replica in sync"));

        assertThat(outcomes).containsExactly(CheckResult.passed("replica in sync"));
    }

    @Test
    void theCheckIsToldWhomToAsk() {
        begin(server -> CompletableFuture.completedFuture(CheckResult.passed(server.toString())));

        assertThat(outcomes).containsExactly(CheckResult.passed("192.0.2.1:80"));
    }

    @Test
    void anExceptionIsAFailure() {
        begin(server -> {
            throw new IllegalStateException("Broken");
        });

        assertThat(outcomes).containsExactly(CheckResult.failed("custom", "broken"));
    }

    @Test
    void aFailedStageIsAFailureWithoutItsWrapping() {
        begin(server -> CompletableFuture.supplyAsync(
                () -> {
                    throw new IllegalStateException("Broken");
                },
                Runnable::run));

        assertThat(outcomes).containsExactly(CheckResult.failed("custom", "broken"));
    }

    @Test
    void nullsAreFailures() {
        begin(server -> null);
        begin(server -> CompletableFuture.completedFuture(null));

        assertThat(outcomes)
                .containsExactly(
                        CheckResult.failed("custom", "no stage (null)"),
                        CheckResult.failed("custom", "no result (null)"));
    }

    @Test
    void aClosedEventLoopSaysNothingAboutTheServer() {
        new CustomProbe(new Check(server -> null), task -> {
                    throw new RejectedExecutionException();
                })
                .begin(SERVER, outcomes::add);

        assertThat(outcomes).singleElement().isInstanceOf(CheckResult.Inconclusive.class);
    }

    private void begin(Function<ServerKey, CompletionStage<CheckResult>> answer) {
        new CustomProbe(new Check(answer), Runnable::run).begin(SERVER, outcomes::add);
    }

    private record Check(Function<ServerKey, CompletionStage<CheckResult>> answer) implements CustomCheck {
        @Override
        public CompletionStage<CheckResult> probe(ServerKey server) {
            return answer.apply(server);
        }

        @Override
        public CheckTiming timing() {
            return new CheckTiming(
                    Duration.ofSeconds(1), Duration.ofSeconds(1), 0, Duration.ZERO, 1, Duration.ZERO, false, false);
        }

        @Override
        public String describe() {
            return "test";
        }
    }
}
