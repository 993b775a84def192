package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Answers as it is told, on the manual clock; the last answer is repeated for ever. */
final class ScriptedProbe implements Probe {
    /** What the server does with an attempt; it answers after a while, never if that is negative. */
    record Answer(CheckResult result, Duration after) {}

    final List<Long> begunMillis = new ArrayList<>();
    int open;
    int mostOpen;
    int aborted;

    private final ManualTime time;
    private final long startNanos;
    private final Deque<Answer> answers = new ArrayDeque<>();

    ScriptedProbe(ManualTime time) {
        this.time = time;
        this.startNanos = time.nanos();
    }

    /** {@code p} passes, {@code f} fails, {@code i} is inconclusive, each at once; {@code s} stays silent. */
    ScriptedProbe script(String letters) {
        letters.chars().forEach(letter -> answer(of((char) letter), Duration.ofMillis(letter == 's' ? -1 : 0)));
        return this;
    }

    ScriptedProbe answer(CheckResult result, Duration after) {
        answers.add(new Answer(result, after));
        return this;
    }

    static CheckResult of(char letter) {
        return switch (letter) {
            case 'p' -> CheckResult.passed("fine");
            case 'i' -> CheckResult.inconclusive("no socket");
            default -> CheckResult.failed("connect", "refused");
        };
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        begunMillis.add(millis());
        Answer answer = answers.size() > 1 ? answers.remove() : answers.element();
        open++;
        mostOpen = Math.max(mostOpen, open);
        OneAttempt attempt = new OneAttempt();
        if (!answer.after.isNegative()) {
            time.schedule(answer.after, () -> {
                attempt.end();
                outcome.accept(answer.result); // even if aborted: the loop must not care
            });
        }
        return attempt;
    }

    long millis() {
        return Duration.ofNanos(time.nanos() - startNanos).toMillis();
    }

    private final class OneAttempt implements Attempt {
        private boolean ended;

        @Override
        public Phase phase() {
            return Phase.CONNECT;
        }

        @Override
        public void abort() {
            if (!ended) {
                aborted++;
            }
            end();
        }

        private void end() {
            if (!ended) {
                ended = true;
                open--;
            }
        }
    }
}
