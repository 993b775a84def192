package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.ServerKey;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.testkit.FreePorts;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a check asks, and from where, on both transports. */
class CheckTargetTest {
    /** Nobody listens there; answers are those of another address. */
    private static final ServerKey NOBODY = ServerKey.of("192.0.2.1", 9);

    private final MultiThreadIoEventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void close() throws InterruptedException {
        nio.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
    }

    private NettyHealthMonitor monitor(String transport) {
        return transport.equals("epoll")
                ? NettyHealthMonitor.create()
                : NettyHealthMonitor.builder()
                        .eventLoopGroup(nio, NioSocketChannel.class)
                        .build();
    }

    private static TcpCheck.Builder tcp() {
        return TcpCheck.builder().warmup(Duration.ZERO);
    }

    private static Liar whoAsks(String listenOn) throws Exception {
        return new Liar(new ServerSocket(0, 50, InetAddress.getByName(listenOn)), (self, client) -> {
            self.seen.add(client.getInetAddress().getHostAddress() + " " + client.getPort());
            Liar.readRequest(client);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void anotherAddressAndPortAreAskedInPlaceOfTheServers(String transport) throws Exception {
        try (NettyHealthMonitor monitor = monitor(transport);
                Liar good = new Liar(Liar.good())) {
            String ip = good.key().address().getHostAddress();
            int port = good.key().port();
            assertThat(Asking.found(
                            monitor,
                            NOBODY,
                            tcp().connectIp(ip).connectPort(port).build()))
                    .isEqualTo("connected");
            HttpCheck http = HttpCheck.httpGet("/")
                    .connectIp(ip)
                    .connectPort(port)
                    .warmup(Duration.ZERO)
                    .build();
            assertThat(Asking.found(monitor, NOBODY, http)).isEqualTo("status 200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void theServerSeesTheAddressAndPortThatAreAskedFrom(String transport) throws Exception {
        int port = FreePorts.on(InetAddress.getByName("127.0.0.9"));
        try (NettyHealthMonitor monitor = monitor(transport);
                Liar server = whoAsks("127.0.0.1")) {
            TcpCheck check = tcp().bindTo("127.0.0.9").bindPort(port).build();
            assertThat(Asking.found(monitor, server.key(), check)).isEqualTo("connected");
            assertThat(server.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("127.0.0.9 " + port);

            Asking.found(monitor, server.key(), tcp().bindTo("127.0.0.8").build());
            assertThat(server.seen.poll(10, TimeUnit.SECONDS)).startsWith("127.0.0.8 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aPortToAskFromNeedsNoAddress(String transport) throws Exception {
        int port = FreePorts.on(InetAddress.getByName("::"));
        try (NettyHealthMonitor monitor = monitor(transport);
                Liar four = whoAsks("127.0.0.1");
                Liar six = whoAsks("::1")) {
            Asking.found(monitor, four.key(), tcp().bindPort(port).build());
            assertThat(four.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("127.0.0.1 " + port);
            Asking.found(monitor, six.key(), tcp().bindPort(port).build());
            assertThat(six.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("0:0:0:0:0:0:0:1 " + port);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void anAddressThatThisHostDoesNotHaveSaysNothingAboutTheServer(String transport) throws Exception {
        try (NettyHealthMonitor monitor = monitor(transport);
                Liar server = new Liar(Liar.good())) {
            assertThat(Asking.found(
                            monitor, server.key(), tcp().bindTo("192.0.2.77").build()))
                    .isEqualTo("inconclusive: connect: cannot assign requested address");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aPortThatSomebodyListensOnCannotBeAskedFrom(String transport) throws Exception {
        try (NettyHealthMonitor monitor = monitor(transport);
                Liar server = new Liar(Liar.good())) {
            TcpCheck check =
                    tcp().bindTo("127.0.0.1").bindPort(server.key().port()).build();
            assertThat(Asking.found(monitor, server.key(), check))
                    .isEqualTo("inconclusive: connect: address already in use");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void anAddressOfTheOtherFamilyIsRefused(String transport) {
        try (NettyHealthMonitor monitor = monitor(transport)) {
            TcpCheck check = tcp().bindTo("::1").build();
            assertThatThrownBy(() -> monitor.watch(NOBODY, check, (up, cause) -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("bindTo: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "nio")
    void aMarkIsRefusedWhereNoPacketCanBearOne(String transport) {
        try (NettyHealthMonitor monitor = monitor(transport)) {
            TcpCheck check = tcp().firewallMark(7).build();
            assertThatThrownBy(() -> monitor.watch(NOBODY, check, (up, cause) -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("firewallMark: 7 (expected: none,");
        }
    }
}
