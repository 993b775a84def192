package io.lvs4j.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PollerTest {
    @BeforeEach
    void onlyOnLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "needs Linux");
    }

    @Test
    void anotherThreadEndsTheWait() throws InterruptedException {
        try (Poller poller = Poller.open()) {
            CountDownLatch about = new CountDownLatch(1);
            Thread waiting = new Thread(() -> {
                about.countDown();
                poller.poll(TimeUnit.HOURS.toNanos(1));
            });
            waiting.start();
            about.await();
            poller.wakeUp();
            waiting.join();
            assertThat(waiting.isAlive()).isFalse();
        }
    }

    @Test
    void aWakeUpBeforeTheWaitEndsItAndOnlyThatOne() {
        try (Poller poller = Poller.open()) {
            poller.wakeUp();
            poller.wakeUp();
            assertThat(poller.poll(TimeUnit.HOURS.toNanos(1))).isEmpty();
            long begin = System.nanoTime();
            assertThat(poller.poll(TimeUnit.MILLISECONDS.toNanos(5))).isEmpty();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Test
    void aTimeoutBelowZeroOnlyLooks() {
        try (Poller poller = Poller.open()) {
            assertThat(poller.poll(-1)).isEmpty();
        }
    }

    @Test
    void aClosedOneRefusesToWaitAndIgnoresWakeUps() {
        Poller poller = Poller.open();
        poller.close();
        poller.close();
        poller.wakeUp();
        assertThatThrownBy(() -> poller.poll(0)).isInstanceOf(IllegalStateException.class);
    }
}
