package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Director;
import io.lvs4j.Scheduling;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.scheduler.HeadlessBackend;
import io.lvs4j.spi.CustomScheduler;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A scheduler of an embedder's own plugs in by value and keeps to the contract. */
class CustomSchedulerTest extends SchedulerContract {
    @Override
    protected List<Scheduling> schedulings() {
        return List.of(Scheduling.custom(new FirstAvailable()));
    }

    @Override
    protected BackendHarness createHarness() {
        return new HeadlessHarness();
    }

    @Test
    void aNameOfTheKernelsIsRefused() {
        for (String name : List.of("rr", "", "Upper", "more-than-15-chars")) {
            assertThatThrownBy(() -> Scheduling.custom(() -> name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("custom scheduler: " + name + " (expected: ");
        }
    }

    @Test
    void aBackendThatRunsNoCustomSchedulersRefusesItAndNamesThoseItHas() {
        try (Director director =
                Director.builder().backend(new FailingBackend()).build()) {
            assertThatThrownBy(() -> director.add(service(new FirstAvailable())))
                    .isInstanceOf(UnsupportedSettingException.class)
                    .hasMessageContaining("scheduler: first-available (expected: one of dh, fo,");
            assertThat(director.services()).isEmpty();
        }
    }

    @Test
    void aCustomSchedulerThatIsNoFactoryIsRefusedAndNothingIsAdded() {
        try (Director director =
                Director.builder().backend(HeadlessBackend.create()).build()) {
            assertThatThrownBy(() -> director.add(service(() -> "nameless")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("scheduler: nameless")
                    .hasMessageContaining("expected: a io.lvs4j.scheduler.SchedulerFactory");
            assertThat(director.services()).isEmpty();
        }
    }

    private static VirtualService service(CustomScheduler scheduler) {
        return VirtualService.builder()
                .listen("10.0.0.1", 80)
                .scheduling(Scheduling.custom(scheduler))
                .build();
    }
}
