package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.check.CheckResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What may come back for an echo request, from whomever. */
@ParameterizedClass
@CsvSource({"192.0.2.1, true", "192.0.2.1, false", "2001:db8::1, true", "2001:db8::1, false"})
class PingSocketTest {
    private static final short IDENTIFIER = 0x1234;
    private static final long TOKEN = 0x0123456789abcdefL;

    @Parameter(0)
    String address;

    @Parameter(1)
    boolean raw;

    private final List<CheckResult> found = new ArrayList<>();
    private InetAddress server;
    private EmbeddedChannel channel;

    @BeforeEach
    void resolve() throws Exception {
        server = InetAddress.getByName(address);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private boolean ipv6() {
        return server.getAddress().length == 16;
    }

    /** Asks, and returns the reply that a server would give. */
    private byte[] askedAndReply() {
        PingSocket socket = new PingSocket(ipv6(), raw, IDENTIFIER);
        channel = new EmbeddedChannel(socket);
        socket.ask(channel, server, new PingAttempt(TOKEN, found::add, socket::forget));
        DatagramPacket request = channel.readOutbound();
        byte[] echo = new byte[request.content().readableBytes()];
        request.content().readBytes(echo);
        request.release();
        assertThat(echo[0]).isEqualTo((byte) (ipv6() ? 128 : 8));
        echo[0] = (byte) (ipv6() ? 129 : 0);
        return echo;
    }

    /** A raw IPv4 socket gets the IP header, too; here one with an option. */
    private byte[] asReceived(byte[] echo) {
        if (!raw || ipv6()) {
            return echo;
        }
        ByteBuf packet = Unpooled.buffer(24 + echo.length);
        packet.writeByte(0x46).writeZero(23).writeBytes(echo);
        return packet.array();
    }

    private void receive(byte[] packet, InetAddress from) {
        InetSocketAddress here = new InetSocketAddress(0);
        channel.writeInbound(new DatagramPacket(Unpooled.copiedBuffer(packet), here, new InetSocketAddress(from, 0)));
    }

    @Test
    void theReplyToTheRequestIsAPassOnce() {
        byte[] reply = asReceived(askedAndReply());
        receive(reply, server);
        receive(reply, server);
        assertThat(found).containsExactly(CheckResult.passed("echo reply"));
    }

    @Test
    void aReplyThatDiffersInAnyBitIsNone() {
        byte[] echo = askedAndReply();
        for (int bit = 0; bit < echo.length * 8; bit++) {
            int at = bit / 8;
            boolean ofNoInterest = at == 2 || at == 3 || (!raw && (at == 4 || at == 5)); // the kernel looks at these
            if (!ofNoInterest) {
                byte[] other = echo.clone();
                other[at] ^= (byte) (1 << bit % 8);
                receive(asReceived(other), server);
                assertThat(found).as("bit %s of byte %s", bit % 8, at).isEmpty();
            }
        }
        receive(asReceived(echo), server);
        assertThat(found).hasSize(1);
    }

    @Test
    void aReplyFromSomebodyElseIsNone() throws Exception {
        byte[] reply = asReceived(askedAndReply());
        receive(reply, InetAddress.getByName(ipv6() ? "2001:db8::2" : "192.0.2.2"));
        assertThat(found).isEmpty();
    }

    @Test
    void whatIsCutOffAndGarbageIsNone() {
        byte[] reply = asReceived(askedAndReply());
        for (int length = 0; length < reply.length; length++) {
            receive(Arrays.copyOf(reply, length), server);
        }
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] garbage = new byte[random.nextInt(100)];
            random.nextBytes(garbage);
            receive(garbage, server);
        }
        assertThat(found).isEmpty();
        receive(reply, server);
        assertThat(found).hasSize(1);
    }

    @Test
    void theReplyToAnAttemptThatWasAbortedIsNone() {
        PingSocket socket = new PingSocket(ipv6(), raw, IDENTIFIER);
        byte[] reply = asReceived(askedAndReply());
        channel.finishAndReleaseAll();
        channel = new EmbeddedChannel(socket);
        PingAttempt attempt = new PingAttempt(TOKEN, found::add, socket::forget);
        socket.ask(channel, server, attempt);
        attempt.abort();
        receive(reply, server);
        assertThat(found).isEmpty();
    }
}
