package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventDispatcherTest {

    private static DirectorEvent event(int port) {
        return new DirectorEvent.ServiceAdded(Instant.EPOCH, ServiceKey.tcp("10.0.0.1", port));
    }

    @Test
    void aListenerThatThrowsHarmsNobody() {
        List<DirectorEvent> heard = new CopyOnWriteArrayList<>();
        try (EventDispatcher dispatcher = new EventDispatcher()) {
            dispatcher.add(e -> {
                throw new IllegalStateException("on purpose");
            });
            dispatcher.add(heard::add);
            dispatcher.publish(event(1));
            dispatcher.publish(event(2));
        }
        assertThat(heard).containsExactly(event(1), event(2));
    }

    @Test
    void aListenerThatHangsHoldsUpNeitherThePublisherNorClosing() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        EventDispatcher dispatcher = new EventDispatcher();
        dispatcher.add(e -> {
            entered.countDown();
            try {
                never.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 1; i <= 200_000; i++) {
            dispatcher.publish(event(1 + i % 1000)); // far more than the queue holds
        }
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        dispatcher.close();
        never.countDown();
    }

    @Test
    void aCallbackIsNeverDroppedEvenWhenClosed() {
        EventDispatcher dispatcher = new EventDispatcher();
        dispatcher.close();
        CountDownLatch ran = new CountDownLatch(1);
        dispatcher.execute(ran::countDown);
        assertThat(ran.getCount()).isZero();
    }
}
