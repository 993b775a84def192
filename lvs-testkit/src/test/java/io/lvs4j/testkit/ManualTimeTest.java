package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
    private final ManualTime time = new ManualTime();
    private final List<String> ran = new ArrayList<>();
    private final long start = time.nanos();

    @Test
    void theClockMovesOnlyWhenTold() {
        assertThat(time.nanos()).isEqualTo(start);

        time.advance(Duration.ofSeconds(30));

        assertThat(time.nanos() - start).isEqualTo(Duration.ofSeconds(30).toNanos());
    }

    @Test
    void tasksRunInTheOrderOfTimeAndThenOfScheduling() {
        schedule(20_000, "late");
        schedule(5_000, "early");
        schedule(5_000, "early too");

        time.advance(Duration.ofSeconds(20));

        assertThat(ran).containsExactly("5000 early", "5000 early too", "20000 late");
    }

    @Test
    void nothingRunsBeforeItsTime() {
        schedule(1_000, "task");

        time.advance(Duration.ofMillis(999));
        assertThat(ran).isEmpty();
        assertThat(time.pending()).isOne();

        time.advance(Duration.ofMillis(1));
        assertThat(ran).containsExactly("1000 task");
        assertThat(time.pending()).isZero();
    }

    @Test
    void whatATaskSchedulesRunsTooIfItBecomesDue() {
        time.schedule(Duration.ofSeconds(1), () -> {
            schedule(0, "at once");
            schedule(1_000, "later");
            schedule(5_000, "not yet");
        });

        time.advance(Duration.ofSeconds(3));

        assertThat(ran).containsExactly("1000 at once", "2000 later");
        assertThat(time.pending()).isOne();
    }

    @Test
    void aWithdrawnTaskDoesNotRun() {
        Timers.Cancellable task = schedule(0, "withdrawn");
        schedule(0, "other");

        task.cancel();
        task.cancel();
        time.advance(Duration.ZERO);

        assertThat(ran).containsExactly("0 other");
    }

    @Test
    void aFailureReachesTheTestAndTheRestStaysPending() {
        time.schedule(Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("broken");
        });
        schedule(2_000, "after");

        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(3))).hasMessage("broken");
        assertThat(time.pending()).isOne();

        time.advance(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("2000 after");
    }

    @Test
    void aTaskCannotMoveTheClock() {
        time.schedule(Duration.ZERO, () -> time.advance(Duration.ZERO));

        assertThatThrownBy(() -> time.advance(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    }

    private Timers.Cancellable schedule(long millis, String name) {
        return time.schedule(
                Duration.ofMillis(millis),
                () -> ran.add(Duration.ofNanos(time.nanos() - start).toMillis() + " " + name));
    }
}
