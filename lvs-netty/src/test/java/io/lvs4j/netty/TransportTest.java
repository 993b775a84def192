package io.lvs4j.netty;

import io.lvs4j.spi.Ticker;
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

    final AtomicLong clockNanos = new AtomicLong();
    Lab lab;

    @BeforeEach
    void openLab() {
        lab = new Lab(transport, ticker());
    }

    @AfterEach
    void closeLab() {
        lab.close();
    }

    private Ticker ticker() {
        return clockNanos::get;
    }

    void advance(java.time.Duration time) {
        clockNanos.addAndGet(time.toNanos());
    }
}
