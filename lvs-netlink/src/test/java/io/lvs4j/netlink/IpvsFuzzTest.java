package io.lvs4j.netlink;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvs4j.netlink.genl.HostileChannel;
import io.lvs4j.netlink.genl.Request;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the kernel says: an answer, or {@link IpvsException}. */
class IpvsFuzzTest {
    private static final IpvsServiceKey WEB = TestEntries.tcp("10.0.0.1", 80);

    static Stream<byte[]> answers() {
        Request service = IpvsCodec.request(new IpvsChange.AddService(IpvsService.of(WEB, "rr")));
        Request destination = IpvsCodec.request(
                new IpvsChange.AddDestination(WEB, IpvsDestination.masquerade(TestEntries.ip("192.168.0.1"), 80, 1)));
        Request timeouts = IpvsCodec.setTimeouts(
                new IpvsTimeouts(Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(5)));
        Request daemon = IpvsCodec.startDaemon(
                new SyncDaemon(SyncDaemon.Role.BACKUP, "eth0", 6, 1400, TestEntries.ip("224.0.0.82"), 8849, 2));
        Request info = new Request(IpvsCodec.GET_INFO, w -> w.u32(1, 0x10201).u32(2, 4096));
        return Stream.of(service, destination, timeouts, daemon, info).map(answer -> HostileChannel.answer(2, answer));
    }

    @MethodSource("answers")
    @FuzzTest(maxDuration = "2m")
    void answersAreUnderstoodOrRefused(byte[] answers) {
        tryTo(answers, Ipvs::info);
        tryTo(answers, Ipvs::services);
        tryTo(answers, ipvs -> ipvs.service(WEB));
        tryTo(answers, ipvs -> ipvs.destinations(WEB));
        tryTo(answers, Ipvs::timeouts);
        tryTo(answers, Ipvs::daemons);
        tryTo(answers, Ipvs::zero);
        tryTo(answers, ipvs -> ipvs.stop(SyncDaemon.Role.MASTER));
        tryTo(answers, ipvs -> ipvs.tryAll(List.of(new IpvsChange.RemoveService(WEB))));
    }

    private static void tryTo(byte[] answers, Consumer<Ipvs> call) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(HostileChannel.family());
        all.writeBytes(answers);
        try (Ipvs ipvs = Ipvs.open(() -> new HostileChannel(ByteBuffer.wrap(all.toByteArray())), Optional.empty())) {
            call.accept(ipvs);
        } catch (IpvsException expected) {
            // as promised
        }
    }
}
