package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DaemonTimersTest {
    private final DaemonTimers timers = new DaemonTimers("test-timers");
    private final List<String> done = new CopyOnWriteArrayList<>();

    private void settle() throws InterruptedException {
        CountDownLatch settled = new CountDownLatch(1);
        timers.schedule(Duration.ofMillis(1), settled::countDown);
        assertThat(settled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tasksRunOnADaemonThreadOfItsName() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        timers.schedule(Duration.ZERO, () -> thread.complete(Thread.currentThread()));
        assertThat(thread.orTimeout(30, TimeUnit.SECONDS).join())
                .matches(Thread::isDaemon)
                .extracting(Thread::getName)
                .isEqualTo("test-timers");
        timers.close();
    }

    @Test
    void whatATaskThrowsDoesNotMatterToOthers() throws InterruptedException {
        timers.schedule(Duration.ZERO, () -> {
            throw new AssertionError("on purpose");
        });
        settle();
        timers.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("test-timers");
    }

    @Test
    void whatIsWithdrawnDoesNotRun() throws InterruptedException {
        timers.schedule(Duration.ZERO, () -> done.add("first"));
        CountDownLatch held = new CountDownLatch(1);
        timers.schedule(Duration.ZERO, () -> awaitQuietly(held));
        timers.schedule(Duration.ZERO, () -> done.add("withdrawn")).cancel();
        held.countDown();
        settle();
        assertThat(done).containsExactly("first");
        timers.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void afterTheEndNothingRuns() {
        timers.schedule(Duration.ofHours(1), () -> done.add("late"));
        timers.close();
        timers.close();
        timers.schedule(Duration.ZERO, () -> done.add("after")).cancel();
        assertThat(done).isEmpty();
    }

    @Test
    void aTaskCanEndThem() {
        CompletableFuture<String> ended = new CompletableFuture<>();
        timers.schedule(Duration.ZERO, () -> {
            timers.close();
            ended.complete("ended");
        });
        assertThat(ended.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo("ended");
    }
}
