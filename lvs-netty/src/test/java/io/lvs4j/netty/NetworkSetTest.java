package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.AccessList;
import io.lvs4j.AddressPrefix;
import io.lvs4j.scheduler.Flow;
import java.net.InetAddress;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class NetworkSetTest {

    @Property
    void containsWhatOneOfItsNetworksContains(
            @ForAll("networks") List<AddressPrefix> networks, @ForAll("addresses") InetAddress address) {
        boolean expected = networks.stream().anyMatch(network -> network.contains(address));
        assertThat(new NetworkSet(networks).contains(Flow.high(address), Flow.low(address)))
                .isEqualTo(expected);
        assertThat(new AccessList(List.of(), networks).permits(address)).isNotEqualTo(expected);
    }

    /** Few values for each byte, so that networks contain, touch and miss each other. */
    private static Arbitrary<byte[]> bytes() {
        Arbitrary<Byte> one = Arbitraries.of((byte) 0, (byte) 1, (byte) 0x7f, (byte) 0x80, (byte) 0xff);
        return Arbitraries.of(4, 16).flatMap(length -> one.array(byte[].class).ofSize(length));
    }

    @Provide
    Arbitrary<InetAddress> addresses() {
        return bytes().map(NetworkSetTest::address);
    }

    @Provide
    Arbitrary<List<AddressPrefix>> networks() {
        Arbitrary<AddressPrefix> network = Combinators.combine(
                        bytes(), Arbitraries.integers().between(0, 128))
                .as((bytes, length) -> {
                    int bits = Math.min(length, bytes.length * Byte.SIZE);
                    byte[] first = bytes.clone();
                    for (int bit = bits; bit < bytes.length * Byte.SIZE; bit++) {
                        first[bit / Byte.SIZE] &= (byte) ~(0x80 >>> (bit % Byte.SIZE));
                    }
                    return new AddressPrefix(address(first), bits);
                });
        return network.list().ofMaxSize(20);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void allOfIpv6IsNothingOfIpv4() throws Exception {
        NetworkSet all = new NetworkSet(List.of(AddressPrefix.parse("::/0")));
        InetAddress four = InetAddress.getByName("192.0.2.1");
        InetAddress six = InetAddress.getByName("2001:db8::1");
        assertThat(all.contains(Flow.high(four), Flow.low(four))).isFalse();
        assertThat(all.contains(Flow.high(six), Flow.low(six))).isTrue();
    }
}
