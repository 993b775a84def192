package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a socket receives: it is an advert, which would be sent as the same bytes, or it is counted once and dropped. */
class AdvertisementFuzzTest {
    static Stream<byte[]> packets() {
        return MutatedPacketsTest.CASES.stream().map(each -> Packets.bytes(each.packet()));
    }

    @MethodSource("packets")
    @FuzzTest(maxDuration = "2m")
    void packetsAreHeardOrCounted(byte[] packet) {
        hear(packet);
        Stream.of(Checksum.values()).forEach(habit -> hear(mended(packet, habit)));
    }

    /** The same with the checksum made right: few would be looked at further otherwise. */
    private static byte[] mended(byte[] packet, Checksum habit) {
        Datagram datagram = Datagram.ofIpv4(packet, packet.length);
        if (datagram == null || datagram.message().length < 8) {
            return packet;
        }
        byte[] message = datagram.message().clone();
        message[6] = 0;
        message[7] = 0;
        int sum = habit.of(message, datagram.source(), datagram.destination());
        byte[] mended = packet.clone();
        int at = packet.length - message.length + 6;
        mended[at] = (byte) (sum >>> 8);
        mended[at + 1] = (byte) sum;
        return mended;
    }

    private static void hear(byte[] packet) {
        for (MutatedPacketsTest.Case each : MutatedPacketsTest.CASES) {
            AdvertisementReceiver receiver = new AdvertisementReceiver(each.router(), Packets.address("192.0.2.2"));
            Optional<AdvertisementReceiver.Heard> heard = receiver.receiveIpv4(packet, packet.length, Optional.empty());
            long rejected =
                    Stream.of(Rejection.values()).mapToLong(receiver::rejected).sum();
            assertThat(receiver.accepted()).isEqualTo(heard.isPresent() ? 1 : 0);
            assertThat(rejected).isEqualTo(heard.isPresent() ? 0 : 1);
            heard.ifPresent(
                    advert -> assertThat(again(advert.advertisement(), packet)).isTrue());
        }
    }

    /** By one of the habits of checksums. */
    private static boolean again(Advertisement advert, byte[] packet) {
        Datagram datagram = Datagram.ofIpv4(packet, packet.length);
        return datagram != null
                && Stream.of(Checksum.values())
                        .map(habit ->
                                AdvertisementCodec.encode(advert, habit, datagram.source(), datagram.destination()))
                        .anyMatch(bytes -> sameButReserved(bytes, datagram.message()));
    }

    /** Four bits of version 3 mean nothing, and are 0 when sent; the checksum covers them. */
    private static boolean sameButReserved(byte[] sent, byte[] received) {
        byte[] plain = received.clone();
        boolean v3 = (plain[0] & 0xf0) == 0x30;
        boolean reserved = v3 && (plain[4] & 0xf0) != 0;
        if (reserved) {
            plain[4] &= 0x0f;
            plain[6] = sent[6];
            plain[7] = sent[7];
        }
        return Arrays.equals(sent, plain);
    }
}
