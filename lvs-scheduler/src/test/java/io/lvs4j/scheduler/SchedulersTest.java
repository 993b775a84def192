package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Scheduling;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulersTest {

    @Test
    void everySchedulerOfTheApiIsThereInItsOrder() {
        assertThat(Schedulers.names()).isEqualTo(Scheduling.names());
    }

    @Test
    void eachServiceGetsItsOwn() {
        Set<Scheduler> created = new HashSet<>();
        for (String name : Schedulers.names()) {
            created.add(Schedulers.create(Scheduling.of(name)));
            created.add(Schedulers.create(Scheduling.of(name)));
        }
        assertThat(created).hasSize(2 * Schedulers.names().size());
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThatAreKnown() {
        assertThatThrownBy(() -> Scheduling.of("fastest"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scheduler: fastest")
                .hasMessageContaining("rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos");
    }

    @Test
    void aDestinationOutsideOfAServiceIsReadyForUse() {
        Destination destination = Destinations.of(3).get(0);
        assertThat(destination.available()).isTrue();
        assertThat(destination.weight()).isEqualTo(3);
        assertThat(destination.overhead()).isZero();
        List<Destination> none = Destinations.of(0);
        assertThat(none.get(0).available()).isFalse();
    }
}
