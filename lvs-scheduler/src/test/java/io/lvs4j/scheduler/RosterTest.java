package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RosterTest {

    @Property(tries = 50)
    void numbersAreUniqueAmongThoseThatAreThereAndLeadToTheirDestination(@ForAll long seed) {
        Random random = new Random(seed);
        Roster roster = new Roster();
        List<Destination> there = new ArrayList<>();
        for (int step = 0; step < 3000; step++) {
            if (there.isEmpty() || (random.nextInt(5) < 3 && there.size() < 700)) {
                there.add(create(roster, step));
            } else {
                Destination gone = there.remove(random.nextInt(there.size()));
                roster.release(gone);
                assertThat(roster.get(gone.number())).isNull();
            }
        }
        Set<Integer> numbers = new HashSet<>();
        for (Destination destination : there) {
            assertThat(numbers.add(destination.number())).isTrue();
            assertThat(roster.get(destination.number())).isSameAs(destination);
        }
        assertThat(roster.get(1 << 20)).isNull();
    }

    @Test
    void aNewOneIsInFrontOfTheOthers() {
        Roster roster = new Roster();
        Destination first = create(roster, 1);
        Destination second = create(roster, 2);
        Destination third = create(roster, 3);
        assertThat(third.number()).isLessThan(second.number());
        assertThat(second.number()).isLessThan(first.number());
        roster.release(second);
        assertThat(create(roster, 4).number()).isLessThan(third.number());
    }

    @Test
    void serversThatComeAndGoForEverDoNotUseUpNumbers() {
        Roster roster = new Roster();
        List<Destination> there = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            there.add(create(roster, i));
            if (there.size() > 20) {
                roster.release(there.remove(0));
            }
            assertThat(there.get(there.size() - 1).number()).isLessThan(2 * Roster.BLOCK);
        }
    }

    private static Destination create(Roster roster, int number) {
        return roster.create(
                ServerKey.of("10." + number / 62500 % 250 + "." + number / 250 % 250 + ".1", 80 + number % 250));
    }
}
