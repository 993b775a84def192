package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTimersTest {
    private final MonitorLoops loops = MonitorLoops.own(new Transport.Nio());
    private final LoopTimers timers = new LoopTimers(loops.group().next());
    private final List<String> ran = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        loops.close(loops.group().next().newSucceededFuture(null));
    }

    @Test
    void tasksThatAreDueAtOnceRunInTheirOrder() {
        timers.schedule(Duration.ZERO, () -> ran.add("a"));
        timers.schedule(Duration.ZERO, () -> ran.add("b"));

        awaitAll();

        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void whatIsWithdrawnDoesNotRun() {
        CountDownLatch withdrawn = new CountDownLatch(1);
        timers.schedule(Duration.ZERO, () -> await(withdrawn));
        Timers.Cancellable soon = timers.schedule(Duration.ZERO, () -> ran.add("soon"));
        Timers.Cancellable later = timers.schedule(Duration.ofMillis(1), () -> ran.add("later"));

        soon.cancel();
        later.cancel();
        withdrawn.countDown();
        awaitAll();

        assertThat(ran).isEmpty();
    }

    @Test
    void anErrorEndsNothingButItsTask() {
        timers.schedule(Duration.ZERO, () -> {
            throw new NoClassDefFoundError("a class of this test cannot be loaded");
        });
        timers.schedule(Duration.ofNanos(1), () -> {
            throw new IllegalStateException("a task of this test fails");
        });
        timers.schedule(Duration.ofMillis(1), () -> ran.add("later"));

        awaitAll();

        assertThat(ran).containsExactly("later");
    }

    /** Waits for tasks of up to a millisecond. */
    private void awaitAll() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        timers.schedule(Duration.ofMillis(2), () -> done.complete(null));
        done.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
