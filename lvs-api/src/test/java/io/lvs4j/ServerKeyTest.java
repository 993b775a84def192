package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServerKeyTest {
    @Test
    void keysAreOrderedByAddressAndPort() {
        List<ServerKey> ordered = Stream.of(
                        "10.0.0.1:80", "10.0.0.1:8080", "10.0.0.200:1", "[fd00::1]:80", "[fd00::1]:81", "[fd00::ff]:1")
                .map(ServerKey::parse)
                .toList();

        assertThat(ordered.stream().sorted(Comparator.reverseOrder()).sorted()).containsExactlyElementsOf(ordered);
        assertThat(ordered).allSatisfy(key -> assertThat(key).isEqualByComparingTo(ServerKey.parse(key.toString())));
    }
}
