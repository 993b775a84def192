package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** What is near to a word. */
class SpellingTest {
    private static final int ANY = 100;

    @Test
    void neighboursThatHaveChangedPlacesCountAsOne() {
        assertThat(Spelling.distance("wieght", "weight", ANY)).isEqualTo(1);
        assertThat(Spelling.distance("delay_lop", "delay_loop", ANY)).isEqualTo(1);
        assertThat(Spelling.distance("", "abc", ANY)).isEqualTo(3);
    }

    @Property
    void aDistanceThatIsTooGreatNeedNotBeExact(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 9) String a,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 9) String b,
            @ForAll @IntRange(max = 9) int most) {
        int exact = Spelling.distance(a, b, ANY);

        if (exact <= most) {
            assertThat(Spelling.distance(a, b, most)).isEqualTo(exact);
        } else {
            assertThat(Spelling.distance(a, b, most)).isGreaterThan(most);
        }
    }
}
