package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionEntriesTest {
    private static final ServerKey SERVER = ServerKey.of("10.1.0.1", 8080);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static ConnectionEntry entry(int number) {
        return new ConnectionEntry(
                "TCP",
                new InetSocketAddress(IpText.parse("client", "10.9.0.1"), 1 + number),
                new InetSocketAddress(IpText.parse("virtual", "10.0.0.1"), 80),
                SERVER.socketAddress(),
                "ESTABLISHED",
                Duration.ofSeconds(899));
    }

    private static List<ConnectionEntry> entries(int count) {
        return IntStream.range(0, count).mapToObj(ConnectionEntriesTest::entry).toList();
    }

    private static Optional<ConnectionEntry> template(ServiceKey service, Object key) {
        return ConnectionEntry.of(service, new PersistenceTemplate(key, SERVER, 2, TIMEOUT));
    }

    // ---------------------------------------------------------------- bounds

    @Property
    void togetherTheyAreCutAndNoneIsForgotten(
            @ForAll @IntRange(max = 20) int here,
            @ForAll @IntRange(max = 20) int moreHere,
            @ForAll @IntRange(max = 20) int there,
            @ForAll @IntRange(max = 20) int moreThere,
            @ForAll @IntRange(min = 1, max = 50) int most) {
        ConnectionEntries sum = new ConnectionEntries(entries(here), moreHere)
                .plus(new ConnectionEntries(entries(here + there).subList(here, here + there), moreThere), most);
        assertThat(sum.entries()).isEqualTo(entries(Math.min(most, here + there)));
        assertThat(sum.entries().size() + sum.more()).isEqualTo(here + moreHere + there + moreThere);
    }

    @Test
    void moreThanCanBeCountedStaysAtTheMost() {
        ConnectionEntries many = new ConnectionEntries(entries(2), Integer.MAX_VALUE);
        assertThat(many.plus(many, 1)).isEqualTo(new ConnectionEntries(entries(1), Integer.MAX_VALUE));
        assertThatThrownBy(() -> new ConnectionEntries(List.of(), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("more: -1 (expected: 0 or more)");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, ConnectionEntries.MAX + 1, Integer.MAX_VALUE})
    void toAskForNoneOrTooManyIsRefused(int most) {
        assertThatThrownBy(() -> ConnectionEntries.none().plus(ConnectionEntries.none(), most))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("most: " + most + " (expected: 1..65536)");
    }

    // ---------------------------------------------------------------- entries

    @Test
    void aTemplateHasItsServicesFirstAddress() {
        ServiceKey udp = new ServiceKey.Listening(
                Protocol.UDP, List.of(ListenAddress.parse("[fd00::1]:53-60"), ListenAddress.of("10.0.0.1", 53)));
        assertThat(template(udp, IpText.parse("client", "fd00::")))
                .get()
                .satisfies(entry -> assertThat(entry.isTemplate()).isTrue())
                .hasToString("UDP [fd00::]:0 -> [fd00::1]:53 -> 10.1.0.1:8080 NONE expires in 300 s");
    }

    @Test
    void aTemplateOfAMarkHasTheMarkInTheFirstFourBytesOfAnAddress() {
        assertThat(template(
                        new ServiceKey.FirewallMark(0x80000007L, AddressFamily.INET),
                        IpText.parse("client", "10.9.0.0")))
                .get()
                .hasToString("IP 10.9.0.0:0 -> 128.0.0.7:0 -> 10.1.0.1:8080 NONE expires in 300 s");
        assertThat(template(new ServiceKey.FirewallMark(7, AddressFamily.INET6), IpText.parse("client", "fd00::9")))
                .get()
                .hasToString("IP [fd00::9]:0 -> [0:7::]:0 -> 10.1.0.1:8080 NONE expires in 300 s");
    }

    @Test
    void aTemplateByAKeyHasNoAddressToBeListedWith() {
        assertThat(template(ServiceKey.tcp("10.0.0.1", 80), "alice")).isEmpty();
    }

    @Test
    void aConnectionIsOfAddressesAndNotOfNames() {
        assertThat(entry(1).isTemplate()).isFalse();
        assertThat(entry(1)).hasToString("TCP 10.9.0.1:2 -> 10.0.0.1:80 -> 10.1.0.1:8080 ESTABLISHED expires in 899 s");
        InetSocketAddress name = InetSocketAddress.createUnresolved("db.example.org", 1);
        assertThatThrownBy(() -> new ConnectionEntry(
                        "TCP", name, SERVER.socketAddress(), SERVER.socketAddress(), "NONE", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("client: db.example.org")
                .hasMessageEndingWith(":1 (expected: an address, not a name)");
    }
}
