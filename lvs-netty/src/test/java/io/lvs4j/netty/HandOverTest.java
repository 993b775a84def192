package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.BackendException;
import io.lvs4j.Director;
import io.lvs4j.Protocol;
import io.lvs4j.ServiceHandle;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One backend takes the listening sockets of another over. That both are in one process makes no difference to the kernel. */
class HandOverTest {
    private final Deque<AutoCloseable> things = new ArrayDeque<>();
    private final TestServer server = keep(TestServer.echo());
    private final InetSocketAddress vip = new InetSocketAddress(Lab.VIP, Lab.freePort(Lab.VIP));

    @TempDir
    Path directory;

    /** A backend with a path, the director that runs it, and what it was told. */
    private final class Side implements AutoCloseable {
        final CountDownLatch handedOver = new CountDownLatch(1);
        final NettyBackend backend;
        final Director director;

        Side(NettyBackend.Builder settings) {
            backend = settings.handOver(path(), handedOver::countDown).build();
            director = Director.builder().backend(backend).build();
        }

        Side serve() {
            director.add(VirtualService.builder()
                    .listen(vip.getHostString(), vip.getPort())
                    .scheduler("rr")
                    .realServer(
                            server.address().getAddress().getHostAddress(),
                            server.address().getPort())
                    .build());
            return this;
        }

        Side ready() {
            backend.ready();
            return this;
        }

        long connections() {
            ServiceHandle service = director.services().get(0);
            return service.snapshot().server(server.key()).counters().connections();
        }

        boolean toldWithin(int seconds) throws InterruptedException {
            return handedOver.await(seconds, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            director.close();
        }
    }

    private Path path() {
        return directory.resolve("hand-over");
    }

    private Side side(int threads) {
        return keep(new Side(settings().threads(threads)));
    }

    private static NettyBackend.Builder settings() {
        return NettyBackend.builder().transport(Transport.EPOLL);
    }

    private <T extends AutoCloseable> T keep(T thing) {
        things.push(thing);
        return thing;
    }

    @AfterEach
    void close() throws Exception {
        while (!things.isEmpty()) {
            things.pop().close();
        }
    }

    private Socket ping() throws IOException {
        Socket client = keep(new Socket());
        client.setSoTimeout(Lab.TIMEOUT_MILLIS);
        client.connect(vip, Lab.TIMEOUT_MILLIS);
        Lab.ping(client);
        return client;
    }

    @Test
    void theNewOneAcceptsAndTheOldOneKeepsItsConnections() throws Exception {
        Side old = side(2).serve().ready();
        Socket early = ping();

        Side young = side(2).serve();
        for (int i = 0; i < 20; i++) {
            ping();
        }
        assertThat(old.connections()).as("until the new one is ready").isEqualTo(21);
        assertThat(old.handedOver.getCount()).isOne();

        young.ready();
        assertThat(old.toldWithin(20)).isTrue();
        for (int i = 0; i < 20; i++) {
            ping();
        }
        assertThat(young.connections()).isEqualTo(20);
        Lab.ping(early);

        old.close();
        ping();
        assertThat(Files.exists(path())).as("the path is the new one's").isTrue();
        young.close();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void numbersOfThreadsMayDiffer() throws Exception {
        Side before = side(2).serve().ready();
        for (int threads : new int[] {4, 1, 3}) {
            Side next = side(threads).serve().ready();
            assertThat(before.toldWithin(20)).isTrue();
            before.close();
            for (int i = 0; i < 50; i++) {
                ping().close();
            }
            assertThat(next.connections()).isEqualTo(50);
            before = next;
        }
    }

    @Test
    void whoWaitsToBeAcceptedIsServedByTheNewOne() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        things.push(() -> group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly());
        Side old = keep(new Side(settings().eventLoopGroup(group))).serve().ready();
        Side young = side(1).serve();
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try {
            group.next().execute(() -> {
                stopped.countDown();
                awaitQuietly(go);
            });
            awaitQuietly(stopped); // from now on the old one accepts nobody
            Socket waiting = keep(new Socket());
            waiting.setSoTimeout(Lab.TIMEOUT_MILLIS);
            waiting.connect(vip, Lab.TIMEOUT_MILLIS);
            Thread taking = new Thread(young::ready);
            taking.start();
            Lab.ping(waiting);
            go.countDown();
            taking.join();
        } finally {
            go.countDown();
        }
        assertThat(young.connections()).isOne();
        assertThat(old.toldWithin(20)).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theOldOneGoesOnIfTheNewOneEndsBeforeItIsReady() throws Exception {
        Side old = side(2).serve().ready();
        side(2).serve().close();
        for (int i = 0; i < 20; i++) {
            ping();
        }
        assertThat(old.connections()).isEqualTo(20);
        assertThat(old.handedOver.getCount()).isOne();

        side(2).serve().ready();
        assertThat(old.toldWithin(20)).as("another one can take over").isTrue();
    }

    @Test
    void theNewOneGoesOnIfTheOldOneEndsBeforeItIsReady() throws Exception {
        Side old = side(2).serve().ready();
        Side young = side(2).serve();
        old.close();
        young.ready();
        ping();
        assertThat(young.connections()).isOne();
    }

    @Test
    void whatNoServiceClaimsIsClosed() throws Exception {
        Side old = side(2).serve().ready();
        side(2).ready();
        assertThat(old.toldWithin(20)).isTrue();
        assertThatThrownBy(this::ping).isInstanceOf(ConnectException.class);
    }

    @Test
    void aServiceThatIsRemovedBeforeItIsReadyCanBeAddedAgain() throws Exception {
        Side old = side(2).serve().ready();
        Side young = side(2).serve();
        young.director.services().get(0).remove();
        young.serve().ready();
        assertThat(old.toldWithin(20)).isTrue();
        ping();
        assertThat(young.connections()).isOne();
    }

    @Test
    void nonsenseIsNotReadiness() throws Exception {
        Side old = side(2).serve().ready();
        try (SocketChannel stranger = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            stranger.write(ByteBuffer.wrap(new byte[] {'X', HandOver.READY}));
            ByteBuffer answer = ByteBuffer.allocate(1024);
            while (stranger.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset"); // what it said was not read to the end
        }
        ping();
        assertThat(old.handedOver.getCount()).isOne();
        side(2).serve().ready();
        assertThat(old.toldWithin(20)).isTrue();
    }

    // ---------------------------------------------------------------- the path

    @Test
    void theSocketIsForItsUserOnly() throws Exception {
        side(1).serve().ready();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(path());
        }
    }

    @Test
    void theSocketOfAProcessThatDiedIsReplaced() throws Exception {
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(path()));
        dead.close(); // the file stays

        Side old = side(1).serve().ready();
        side(1).serve().ready();
        assertThat(old.toldWithin(20)).isTrue();
    }

    @Test
    void whatIsNoSocketIsRefusedAndStays() throws Exception {
        Files.writeString(path(), "precious");
        assertThatThrownBy(() -> side(1))
                .isInstanceOf(BackendException.class)
                .hasMessage("hand over " + path()
                        + ": not a socket (expected: a name that is free, or the socket of the process before)");
        assertThat(path()).hasContent("precious");
    }

    @Test
    void aLinkToASocketIsRefused() throws Exception {
        Files.createSymbolicLink(path(), directory.resolve("elsewhere"));
        assertThatThrownBy(() -> side(1)).isInstanceOf(BackendException.class).hasMessageContaining("not a socket");
    }

    @Test
    void aDirectoryWhereOthersCanReplaceTheSocketIsRefused() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> side(1)).isInstanceOf(BackendException.class).hasMessageContaining("others may write");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aPathThatIsTooLongOrNoFileIsRefused() {
        NettyBackend.Builder builder = NettyBackend.builder();
        assertThatThrownBy(() -> builder.handOver(Path.of("/" + "x".repeat(96)), () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("handOver: /x")
                .hasMessageContaining("(expected: a file name, of at most 96 bytes");
        assertThatThrownBy(() -> builder.handOver(Path.of("/"), () -> {})).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDirectoryThatDoesNotExistIsNamed() {
        Path path = directory.resolve("missing").resolve("socket");
        NettyBackend backend = NettyBackend.builder().handOver(path, () -> {}).build();
        assertThatThrownBy(() -> Director.builder().backend(backend).build())
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("there is no directory " + directory.resolve("missing"));
    }

    // ---------------------------------------------------------------- what cannot be handed over

    @Test
    void nioIsRefused() {
        NettyBackend backend = NettyBackend.builder()
                .transport(Transport.NIO)
                .handOver(path(), () -> {})
                .build();
        assertThatThrownBy(() -> Director.builder().backend(backend).build())
                .isInstanceOf(BackendException.class)
                .hasMessage("hand over " + path() + ": the JDK's sockets cannot be handed over (expected: epoll)");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void udpIsRefused() {
        Side side = side(1);
        assertThatThrownBy(() -> side.director.add(VirtualService.builder()
                        .listen(vip.getHostString(), vip.getPort())
                        .protocol(Protocol.UDP)
                        .scheduler("rr")
                        .build()))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining("udp with handOver");
    }

    @Test
    void readyIsSaidOnceAndOnlyWithAPath() {
        Side side = side(1).serve().ready();
        assertThatThrownBy(side.backend::ready).isInstanceOf(IllegalStateException.class);
        NettyBackend other = NettyBackend.builder().threads(1).build();
        try (Director director = Director.builder().backend(other).build()) {
            assertThat(director.services()).isEmpty();
            assertThatThrownBy(other::ready).hasMessageContaining("Builder.handOver");
        }
    }

    @Test
    void descriptorsAreGivenBack() throws Exception {
        long before = descriptors();
        for (int i = 0; i < 5; i++) {
            Side old = side(2).serve().ready();
            Side young = side(2).serve();
            ping().close();
            young.ready();
            old.close();
            young.close();
            side(2).serve().close();
        }
        await().until(() -> descriptors() <= before + 20); // 5 clients and servers with theirs
    }

    private static long descriptors() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }
}
