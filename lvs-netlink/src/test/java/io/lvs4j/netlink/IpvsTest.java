package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.netlink.genl.HostileChannel;
import io.lvs4j.netlink.genl.Request;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The table of a kernel of which every datagram is written here. */
class IpvsTest {

    private static Ipvs answering(Request answer) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(HostileChannel.family());
        all.writeBytes(HostileChannel.answer(2, answer));
        return Ipvs.open(() -> new HostileChannel(ByteBuffer.wrap(all.toByteArray())), Optional.empty());
    }

    @Test
    void infoAndTimeoutsThatLackSomethingAreAnErrorThatNamesThem() {
        assertThatThrownBy(answering(Request.of(0))::info)
                .isInstanceOf(IpvsException.class)
                .hasMessageContaining("read info: attribute 1: missing");
        assertThatThrownBy(answering(Request.of(0))::timeouts)
                .isInstanceOf(IpvsException.class)
                .hasMessageContaining("read timeouts: attribute 4: missing");
    }

    @Test
    void timeoutsOutOfRangeAreAnErrorThatNamesThem() {
        Request tooLong = new Request(0, w -> w.u32(4, 1L << 31).u32(5, 120).u32(6, 300));
        assertThatThrownBy(answering(tooLong)::timeouts)
                .isInstanceOf(IpvsException.class)
                .hasMessageContaining("read timeouts: timeout tcp");
    }
}
