package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvs4j.AddressFamily;
import io.lvs4j.netlink.genl.Request;
import io.lvs4j.netlink.wire.Attributes;
import io.lvs4j.netlink.wire.MalformedMessageException;
import io.lvs4j.netlink.wire.MessageWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the attributes: a value that can be written and read again, or an exception that {@link Ipvs} expects. */
class IpvsCodecFuzzTest {
    private static final int HEADERS = 20; // struct nlmsghdr and struct genlmsghdr

    static Stream<byte[]> written() {
        TestEntries entries = new TestEntries(1);
        Stream<Request> some = Stream.generate(entries::service)
                .limit(8)
                .flatMap(service -> Stream.concat(
                        Stream.of(IpvsCodec.request(new IpvsChange.AddService(service))),
                        Stream.of(entries.destination(service.key()))
                                .map(to -> IpvsCodec.request(new IpvsChange.AddDestination(service.key(), to)))));
        Stream<Request> others = Stream.of(
                IpvsCodec.setTimeouts(
                        new IpvsTimeouts(Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(5))),
                IpvsCodec.startDaemon(
                        new SyncDaemon(SyncDaemon.Role.BACKUP, "eth0", 6, 1400, TestEntries.ip("224.0.0.82"), 8849, 2)),
                new Request(IpvsCodec.GET_INFO, w -> w.u32(1, 0x10201).u32(2, 4096)));
        return Stream.concat(some, others).map(IpvsCodecFuzzTest::bytes);
    }

    private static byte[] bytes(Request request) {
        MessageWriter writer = new MessageWriter();
        writer.begin(28, 0, 0, request.command(), IpvsCodec.VERSION);
        request.body().accept(writer);
        ByteBuffer written = writer.end().written().position(HEADERS);
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }

    private static Attributes attributes(Request request) {
        return Attributes.parse(ByteBuffer.wrap(bytes(request)));
    }

    @MethodSource("written")
    @FuzzTest(maxDuration = "2m")
    void whatIsReadIsReadAgainWhenItIsWritten(byte[] bytes) {
        Attributes in;
        try {
            in = Attributes.parse(ByteBuffer.wrap(bytes));
        } catch (MalformedMessageException expected) {
            return;
        }
        tryTo(() -> IpvsCodec.info(in));
        tryTo(() -> service(in));
        for (AddressFamily family : AddressFamily.values()) {
            tryTo(() -> destination(in, family));
        }
        tryTo(() -> timeouts(in));
        tryTo(() -> daemon(in));
    }

    private static void service(Attributes in) {
        IpvsService service = IpvsCodec.serviceEntry(in).service();
        Request again = IpvsCodec.request(new IpvsChange.AddService(service));
        assertRead(IpvsCodec.serviceEntry(attributes(again)).service(), service);
    }

    private static void destination(Attributes in, AddressFamily family) {
        IpvsDestination destination = IpvsCodec.destinationEntry(in, family).destination();
        IpvsServiceKey key = TestEntries.tcp(family == AddressFamily.INET ? "10.0.0.1" : "fd00::1", 80);
        Request again = IpvsCodec.request(new IpvsChange.AddDestination(key, destination));
        assertRead(IpvsCodec.destinationEntry(attributes(again), family).destination(), destination);
    }

    private static void timeouts(Attributes in) {
        IpvsTimeouts timeouts = IpvsCodec.timeouts(in);
        assertRead(IpvsCodec.timeouts(attributes(IpvsCodec.setTimeouts(timeouts))), timeouts);
    }

    private static void daemon(Attributes in) {
        SyncDaemon daemon = IpvsCodec.daemon(in);
        if (daemon.maxLength() > 0) { // otherwise it is left to the kernel
            assertRead(IpvsCodec.daemon(attributes(IpvsCodec.startDaemon(daemon))), daemon);
        }
    }

    private static void assertRead(Object again, Object value) {
        assertThat(again).isEqualTo(value);
    }

    private static void tryTo(Runnable reading) {
        try {
            reading.run();
        } catch (MalformedMessageException | IllegalArgumentException expected) {
            // not such a value
        }
    }
}
