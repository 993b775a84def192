package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which descriptors of the process before are taken, and which are refused. */
class InheritedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private Socket listener;
    private UnixStream near;
    private UnixStream far;
    private LinuxSocket socket;
    private InetSocketAddress address;

    InheritedTest() throws IOException {
        Epoll.ensureAvailability();
        socket = LinuxSocket.newSocketStream(false);
        listener = UnixStream.open();
        address = new InetSocketAddress("127.0.0.1", 0);
    }

    @BeforeEach
    void connect() throws IOException {
        HandOverPath path = new HandOverPath(directory.resolve("s"));
        UnixStream.close(listener);
        listener = path.listen();
        path.publish();
        near = Objects.requireNonNull(path.connect());
        far = UnixStream.accepted(listener.accept(new byte[128]));
        socket.bind(new InetSocketAddress("127.0.0.1", 0));
        address = socket.localAddress();
    }

    @AfterEach
    void close() {
        near.close();
        far.close();
        UnixStream.close(listener);
        UnixStream.close(socket);
    }

    private void say(InetSocketAddress... addresses) throws IOException {
        far.send(new ListenerList(List.of(addresses)).encode(), PATIENCE);
    }

    @Test
    void theOtherEndIsUs() throws IOException {
        assertThat(near.peer()).isEqualTo(Files.getAttribute(directory, "unix:uid"));
        assertThat(HandOver.isOneOfUs(far, listener)).isTrue();
    }

    @Test
    void aListeningSocketIsTaken() throws IOException {
        socket.listen(1);
        say(address, address);
        far.sendDescriptor(socket.intValue(), PATIENCE);
        far.sendDescriptor(socket.intValue(), PATIENCE);

        Inherited inherited = Inherited.receive(near);
        List<Integer> taken = inherited.claim(address);
        assertThat(taken).hasSize(2).doesNotContain(socket.intValue());
        assertThat(inherited.claim(address)).isEmpty();
        inherited.giveBack(address, taken);
        assertThat(inherited.close()).containsExactly(address);
    }

    @Test
    void aSocketThatDoesNotListenIsRefusedAndClosed() throws IOException {
        say(address);
        assertRefused(socket);
    }

    @Test
    void aSocketThatListensElsewhereIsRefusedAndClosed() throws IOException {
        socket.listen(1);
        say(new InetSocketAddress("127.0.0.2", address.getPort()));
        assertRefused(socket);
    }

    @Test
    void aUnixSocketThatListensIsRefusedAndClosed() throws IOException {
        say(address);
        assertRefused(listener);
    }

    @Test
    void whatIsNoSocketIsRefusedAndClosed() throws IOException {
        say(address);
        FileDescriptor[] pipe = FileDescriptor.pipe();
        try {
            assertRefused(pipe[0]);
        } finally {
            pipe[0].close();
            pipe[1].close();
        }
    }

    private void assertRefused(FileDescriptor descriptor) throws IOException {
        far.sendDescriptor(descriptor.intValue(), PATIENCE);
        long before = open();
        assertThatThrownBy(() -> Inherited.receive(near))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("descriptor");
        assertThat(open()).isEqualTo(before);
    }

    private static long open() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    void aPromiseThatIsNotKeptEnds() throws IOException {
        say(address);
        far.close();
        assertThatThrownBy(() -> Inherited.receive(near)).isInstanceOf(EOFException.class);
    }

    @Test
    void halfAMessageEnds() throws IOException {
        ByteBuffer message = new ListenerList(List.of(address)).encode();
        far.send(message.limit(ListenerList.HEADER + 3), PATIENCE);
        far.close();
        assertThatThrownBy(() -> Inherited.receive(near)).isInstanceOf(EOFException.class);
    }
}
