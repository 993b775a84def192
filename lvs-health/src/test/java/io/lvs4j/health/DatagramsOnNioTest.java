package io.lvs4j.health;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.DnsCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.UdpCheck;
import io.lvs4j.check.UdpReply;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks by datagrams where there is no epoll. */
class DatagramsOnNioTest {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final NettyHealthMonitor monitor = NettyHealthMonitor.builder()
            .eventLoopGroup(group, NioSocketChannel.class)
            .build();

    @AfterEach
    void close() {
        monitor.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private String found(ServerKey server, HealthCheck check) {
        return Asking.found(monitor, server, check);
    }

    @Test
    void aReplyIsAPassAndSilenceAFailure() throws Exception {
        UdpCheck.Builder check = UdpCheck.builder()
                .payload("PING".getBytes(US_ASCII))
                .requireReply(UdpReply.exactly("PONG".getBytes(US_ASCII)))
                .connectTimeout(Duration.ofSeconds(1))
                .warmup(Duration.ZERO);
        try (DatagramLiar pong =
                        new DatagramLiar((self, datagram, from) -> self.send("PONG".getBytes(US_ASCII), from));
                DatagramLiar silent = DatagramLiar.silent()) {
            assertThat(found(pong.key(), check.build())).isEqualTo("reply of 4 bytes");
            assertThat(found(silent.key(), check.build())).isEqualTo("udp: no reply within 1s");
        }
    }

    @Test
    void aServerThatIsGoneIsFoundOutBeforeTheDeadline() throws Exception {
        DatagramLiar gone = DatagramLiar.silent();
        gone.close();
        assertThat(found(
                        gone.key(),
                        DnsCheck.builder()
                                .connectTimeout(Duration.ofSeconds(5))
                                .warmup(Duration.ZERO)
                                .build()))
                .isEqualTo("dns: port unreachable");
    }
}
