package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistenceTest {

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "PT1.5S", "PT744H1S"})
    void theTimeoutIsWholeSecondsFromOneSecondToThirtyOneDays(String timeout) {
        assertThatThrownBy(() -> Persistence.of(Duration.parse(timeout)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "persistence timeout: " + Duration.parse(timeout) + " (expected: whole seconds, PT1S..PT744H)");
        assertThat(Persistence.of(Duration.ofSeconds(1)).timeout()).hasSeconds(1);
        assertThat(Persistence.of(Duration.ofDays(31)).timeout()).hasDays(31);
    }

    @ParameterizedTest
    @ValueSource(strings = {"255.0.255.0", "0.0.0.0", "255.255.255.1", "::", "24", "ffff::"})
    void aNetmaskIsOnesBeforeZeros(String netmask) {
        Persistence persistence = Persistence.of(Duration.ofSeconds(10));
        assertThatThrownBy(() -> persistence.withNetmask(netmask))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("persistence netmask: " + netmask + " (expected: ");
    }

    @Test
    void aNetmaskBecomesAPrefixLength() {
        Persistence persistence = Persistence.of(Duration.ofSeconds(10));
        assertThat(persistence.withNetmask("255.255.255.0").ipv4PrefixLength()).isEqualTo(24);
        assertThat(persistence.withNetmask("255.255.255.255").ipv4PrefixLength())
                .isEqualTo(32);
        assertThat(persistence.withNetmask("128.0.0.0").ipv4PrefixLength()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 129})
    void anIpv6PrefixLengthIsOneTo128(int length) {
        Persistence persistence = Persistence.of(Duration.ofSeconds(10));
        assertThatThrownBy(() -> persistence.withIpv6PrefixLength(length))
                .hasMessage("persistence IPv6 prefix length: " + length + " (expected: 1..128)");
    }
}
