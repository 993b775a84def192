package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 1, 10.0.0.1",
        "10.0.0.250-10.0.1.5, 12, 10.0.1.5",
        "10.0.255.255-10.1.0.0, 2, 10.1.0.0",
        "fd00::1-fd00::100, 256, fd00::100",
        "128.0.0.0-128.0.0.1, 2, 128.0.0.1",
    })
    void itsLastAddressIsTheOneAtItsSize(String text, int size, String last) {
        AddressRange range = AddressRange.parse(text);
        assertThat(range.size()).isEqualTo(size);
        assertThat(range.address(size - 1)).isEqualTo(IpText.parse("last", last));
        assertThat(range.address(0)).isEqualTo(range.first());
        assertThat(range).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.2-10.0.0.1", "10.0.0.1-fd00::1", "fd00::1-10.0.0.1", "10.0.0.0-10.0.1.0", "fd00::-fd01::"
            })
    void firstAndLastBelongTogether(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("address range: " + text + " (expected: first and last of one family, 1..256 addresses)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "10.0.0.1-", "-10.0.0.1", "10.0.0.1-2", "10.0.0.1-10.0.0.2-10.0.0.3", "host"})
    void whatIsNoRangeIsRefused(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("address range: ")
                .hasMessageContaining("(expected: an IPv4 or IPv6 address");
    }

    @Test
    void thereIsNoAddressBeyondTheLast() {
        AddressRange range = AddressRange.parse("10.0.0.1-10.0.0.2");
        assertThatThrownBy(() -> range.address(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
