package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that are suspected of not answering. */
class SuspectsTest {
    private static final ServerKey A = ServerKey.of("10.9.0.1", 8000);
    private static final ServerKey B = ServerKey.of("10.9.0.2", 8000);

    static Iterable<String> schedulers() {
        return Schedulers.names();
    }

    @ParameterizedTest
    @MethodSource("schedulers")
    void aSuspectGetsNobodyWhileThereIsAnother(String scheduler) {
        Lab lab = Lab.of(scheduler, 1, 1);
        lab.engine().suspects().add(B);
        for (String client : Lab.addresses("10.7.1.", 20)) {
            assertThat(lab.pickFrom(client)).isEqualTo("A");
        }
        assertThat(lab.engine().counters().connections()).isEqualTo(20);
        assertThat(lab.engine().counters().refused()).isZero();
    }

    @Test
    void whenAllAreSuspectTheyAreUsedAllTheSame() {
        Lab lab = Lab.of("rr", 1, 1);
        assertThat(lab.engine().suspects().add(A)).isTrue();
        assertThat(lab.engine().suspects().add(B)).isTrue();
        assertThat(lab.pick(4)).isEqualTo("B A B A");
        assertThat(lab.engine().counters().connections()).isEqualTo(4);
        assertThat(lab.engine().acquireElsewhere(Lab.flow("10.7.0.1", "10.8.0.1")))
                .isNull();
    }

    @Test
    void aTemplateOfASuspectIsReplacedAndKeptWhereThereIsNoOther() {
        Lab lab = Lab.of("rr", 1, 1).persistence(60);
        assertThat(lab.pick(1)).isEqualTo("B");
        lab.engine().suspects().add(B);
        assertThat(lab.pick(1)).isEqualTo("A");
        lab.engine().suspects().clear(B);
        lab.engine().suspects().add(A);
        lab.weight('B', 0);
        assertThat(lab.pick(2)).isEqualTo("A A");
        assertThat(lab.counters('A').persistent()).isOne();
    }

    @Test
    void suspicionIsToldOnceAndEndsOnce() {
        Suspects suspects = Lab.of("rr", 1, 1).engine().suspects();
        assertThat(suspects.add(A)).isTrue();
        assertThat(suspects.add(A)).isFalse();
        assertThat(suspects.contains(A)).isTrue();
        assertThat(suspects.contains(B)).isFalse();
        assertThat(suspects.clear(B)).isFalse();
        assertThat(suspects.clear(A)).isTrue();
        assertThat(suspects.clear(A)).isFalse();
        assertThat(suspects.add(ServerKey.of("10.9.0.9", 8000))).isFalse(); // not of this service
    }

    @Test
    void suspicionEndsWhenTheServerFailsOrIsRemoved() {
        Lab lab = Lab.of("rr", 1, 1);
        Suspects suspects = lab.engine().suspects();
        suspects.add(A);
        suspects.add(B);
        lab.serving('A', false).remove('B');
        assertThat(suspects.contains(A)).isFalse();
        assertThat(suspects.contains(B)).isFalse();
        assertThat(suspects.add(A)).isFalse(); // a late report of a client
    }

    @Test
    void whoWaitsForASuspectGetsAnotherWithoutBeingCountedAgain() {
        Lab lab = Lab.of("rr", 1, 1);
        Flow flow = Lab.flow("10.7.0.1", "10.8.0.1");
        Lease first = lab.engine().acquire(flow);
        lab.engine().suspects().add(first.server());
        Lease second = lab.engine().acquireElsewhere(flow);
        assertThat(second.server()).isNotEqualTo(first.server());
        assertThat(lab.engine().counters().connections()).isOne();
        first.close();
        second.close();
    }
}
