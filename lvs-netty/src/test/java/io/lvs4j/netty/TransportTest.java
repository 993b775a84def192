package io.lvs4j.netty;

import static org.awaitility.Awaitility.await;

import io.lvs4j.spi.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs a test class over both transports, each test in a lab of its own whose clock stands until it is moved. Where the native
 * library is missing the epoll half fails: it is a test dependency.
 */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
abstract class TransportTest {
    @Parameter
    Transport transport;

    private final AtomicLong clockNanos = new AtomicLong();
    private final Map<Thread, Integer> looks = new ConcurrentHashMap<>();
    Lab lab;

    @BeforeEach
    void openLab() {
        lab = new Lab(settings(NettyBackend.builder().transport(transport).threads(2)), ticker());
    }

    /** For tests that want other settings. */
    NettyBackend.Builder settings(NettyBackend.Builder backend) {
        return backend;
    }

    @AfterEach
    void closeLab() {
        lab.close();
    }

    private Ticker ticker() {
        return () -> {
            looks.merge(Thread.currentThread(), 1, Integer::sum);
            return clockNanos.get();
        };
    }

    /** How many loops have looked at the clock. */
    long busyLoops() {
        return looks.keySet().stream()
                .filter(thread -> thread.getName().startsWith("lvs-netty"))
                .count();
    }

    /** Waits until the loops have looked at the clock a few times more. */
    void awaitLooks() {
        int before = looksAtTheClock();
        await().until(() -> looksAtTheClock() >= before + 5);
    }

    private int looksAtTheClock() {
        return looks.entrySet().stream()
                .filter(entry -> entry.getKey().getName().startsWith("lvs-netty"))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    void advance(Duration time) {
        clockNanos.addAndGet(time.toNanos());
    }

    /**
     * Waits until every loop that carries connections has looked after all of them: it looks at the clock first, and has ended
     * one round when it begins another. Meanwhile nobody may connect.
     */
    void awaitSweep() {
        Map<Thread, Integer> before = Map.copyOf(looks);
        before.forEach((thread, count) -> {
            if (thread.getName().startsWith("lvs-netty")) {
                await().until(() -> looks.get(thread) >= count + 2);
            }
        });
    }
}
