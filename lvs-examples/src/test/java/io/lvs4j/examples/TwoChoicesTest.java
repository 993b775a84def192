package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Scheduling;
import io.lvs4j.VirtualService;
import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.HeadlessHarness;
import io.lvs4j.testkit.SchedulerContract;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A scheduler of one's own plugs in by name and by value, and keeps to the contract. */
class TwoChoicesTest extends SchedulerContract {
    @Override
    protected List<Scheduling> schedulings() {
        return List.of(Scheduling.of("two-choices"), Scheduling.custom(new TwoChoices()));
    }

    @Override
    protected BackendHarness createHarness() {
        return new HeadlessHarness();
    }

    @Test
    void anUnknownNameIsRefusedWithTheCustomOnesAmongThoseKnown() {
        assertThatThrownBy(() -> VirtualService.builder().scheduler("two-choice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("scheduler: two-choice (expected: one of rr, wrr")
                .hasMessageContaining("twos, two-choices)");
    }
}
