package io.lvs4j.leakgate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeakGateTest {

    private final ResourceLeakDetectorFactory before = ResourceLeakDetectorFactory.instance();
    private final LeakGate gate = new LeakGate();

    @BeforeEach
    void open() {
        gate.open();
    }

    @AfterEach
    void restore() {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(before);
    }

    @Test
    void aLostResourceFailsTheRunAndIsNamed() {
        lose(newDetector());

        assertThatThrownBy(gate::close).isInstanceOf(AssertionError.class).hasMessageContaining("Resource");
    }

    @Test
    void aReleasedResourcePasses() {
        Resource resource = new Resource();
        tracker(newDetector(), resource).close(resource);

        assertThatCode(gate::close).doesNotThrowAnyException();
    }

    @Test
    void aRunWithoutNettyPasses() {
        assertThatCode(gate::close).doesNotThrowAnyException();
    }

    private static ResourceLeakDetector<Resource> newDetector() {
        return ResourceLeakDetectorFactory.instance().newResourceLeakDetector(Resource.class);
    }

    private static void lose(ResourceLeakDetector<Resource> detector) {
        tracker(detector, new Resource());
    }

    private static ResourceLeakTracker<Resource> tracker(ResourceLeakDetector<Resource> detector, Resource resource) {
        return Objects.requireNonNull(detector.track(resource));
    }

    private static final class Resource {}
}
