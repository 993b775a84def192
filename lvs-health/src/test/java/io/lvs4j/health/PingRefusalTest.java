package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.ServerKey;
import io.lvs4j.check.PingCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where there is nothing to ping with. What pings find is tested where lvs-netlink is there. */
class PingRefusalTest {
    private static final ServerKey SERVER = ServerKey.of("127.0.0.1", 80);

    @Test
    void withoutNetlinkAPingIsRefused() {
        try (NettyHealthMonitor monitor = NettyHealthMonitor.create()) {
            assertThatThrownBy(() -> monitor.watch(SERVER, PingCheck.create(), (up, cause) -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("check: ping (expected: io.lvs4j:lvs-netlink on the class path or module path)");
        }
    }

    @Test
    void withoutEpollAPingIsRefused() throws Exception {
        MultiThreadIoEventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (NettyHealthMonitor monitor = NettyHealthMonitor.builder()
                .eventLoopGroup(nio, NioSocketChannel.class)
                .build()) {
            assertThatThrownBy(() -> monitor.watch(SERVER, PingCheck.create(), (up, cause) -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("check: ping (expected: event loops on epoll");
        } finally {
            nio.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        }
    }

    /** RFC 1071, section 3. */
    @Test
    void theChecksumIsTheInternets() {
        ByteBuf bytes = Unpooled.wrappedBuffer(
                new byte[] {0, 1, (byte) 0xf2, 3, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7});
        assertThat(PingSocket.checksum(bytes)).isEqualTo(~0xddf2 & 0xffff);
    }
}
