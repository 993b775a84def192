package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"10s, PT10S", "500ms, PT0.5S", "1m, PT1M", "2h, PT2H", "31d, PT744H", "7, PT7S", "0, PT0S"})
    void peopleWriteThemLikeThis(String text, Duration duration) {
        assertThat(Durations.parse("--x", text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1.5s", "1 s", "10S", "1000000000s", "PT1S"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Durations.parse("--x", text))
                .hasMessage("--x: " + text + " (expected: " + Durations.FORM + ")");
    }

    @Test
    void messagesOfTheLibraryAreMadeReadable() {
        assertThat(Durations.readable("delayLoop: PT0S (expected: PT0.001S..PT24H)"))
                .isEqualTo("delayLoop: 0s (expected: 1ms..1d)");
        assertThat(Durations.readable("timeout: PT1M30S, PTA, PT90M")).isEqualTo("timeout: 90s, PTA, 90m");
    }
}
