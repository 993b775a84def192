package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedSearchTest {
    @Test
    void findsWhatIsThere() {
        assertThat(search("ok$", "not yet ok")).isEqualTo(BoundedSearch.Outcome.FOUND);
        assertThat(search("ok", "no")).hasToString("not found");
    }

    /** Each would try for longer than this machine lasts. */
    @ParameterizedTest
    @ValueSource(strings = {"(x+x+)+y", "(x*)*y", "(.*)(.*)(.*)(.*)(.*)[^x]"})
    void aPatternThatGoesBackForeverIsGivenUp(String regex) {
        assertThat(search(regex, "x".repeat(1000))).hasToString("not found after 500000 steps");
    }

    @Test
    void aPatternThatCallsItselfForEveryCharacterIsGivenUp() {
        assertThat(search("^(x|y)*z", "x".repeat(ReadLimit.BYTES))).hasToString("too deeply nested");
    }

    private static BoundedSearch.Outcome search(String regex, String text) {
        return BoundedSearch.of(Pattern.compile(regex), text);
    }
}
