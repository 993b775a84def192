package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is an address. */
class AddressesTest {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.",
                ".1.2.3.4",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.04",
                "1..2.3",
                "localhost"
            })
    void whatIsNoLiteralIsNoAddress(String text) {
        assertThat(Addresses.parse(text)).isEmpty();
    }

    @Property
    void whatLooksLikeFourBytesIsTheirAddress(@ForAll("texts") String text) throws Exception {
        Optional<InetAddress> expected =
                IPV4.matcher(text).matches() ? Optional.of(InetAddress.getByName(text)) : Optional.empty();

        assertThat(Addresses.parse(text)).isEqualTo(expected);
    }

    @Provide
    static Arbitrary<String> texts() {
        Arbitrary<String> parts = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 300).map(String::valueOf),
                Arbitraries.of("0", "00", "01", "", "-1", "1a", "255", "256", "1000"));
        return parts.list().ofMinSize(3).ofMaxSize(5).map(list -> String.join(".", list));
    }
}
