package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpollSegmentationTest {
    private static final int SOL_SOCKET = 1;
    private static final int SO_NO_CHECK = 11; // without checksums the kernel refuses to segment

    private static final ByteBuffer BYTES = ByteBuffer.allocateDirect(8).put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

    private DatagramSocket receiver;
    private LinuxSocket socket;
    private EpollSegmentation segmentation;

    @BeforeEach
    void connect() throws IOException {
        receiver = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        receiver.setSoTimeout(Lab.TIMEOUT_MILLIS);
        socket = LinuxSocket.newSocketDgram(false);
        socket.connect(receiver.getLocalSocketAddress());
        segmentation = new EpollSegmentation(socket);
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        receiver.close();
    }

    private void send(int bytes) throws IOException {
        assertThat(socket.send(BYTES, 0, bytes)).isEqualTo(bytes);
    }

    private byte[] received() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[16], 16);
        receiver.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    @Test
    void oneSendBecomesDatagramsOfALengthAndALastOneThatMayBeShorter() throws IOException {
        assertThat(segmentation.cutInto(3)).isTrue();
        send(8);
        assertThat(received()).containsExactly(1, 2, 3);
        assertThat(received()).containsExactly(4, 5, 6);
        assertThat(received()).containsExactly(7, 8);
    }

    @Test
    void aDatagramThatIsToBeKeptWholeIsWhateverWasSentBefore() throws IOException {
        assertThat(segmentation.cutInto(3)).isTrue();
        send(6);
        segmentation.keepWhole(5);
        send(5);
        assertThat(received()).hasSize(3);
        assertThat(received()).hasSize(3);
        assertThat(received()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void whereTheKernelRefusesSingleDatagramsCanBeSentAgain() throws IOException {
        assertThat(segmentation.cutInto(3)).isTrue();
        socket.setIntOpt(SOL_SOCKET, SO_NO_CHECK, 1);
        for (int bytes : new int[] {6, 2}) { // many, and one while the socket still segments
            assertThat(segmentation.cutInto(3)).isTrue();
            IOException refused = catchThrowableOfType(IOException.class, () -> socket.send(BYTES, 0, bytes));
            assertThat(segmentation.isToBlame(refused)).isTrue();
            send(2);
            assertThat(received()).containsExactly(1, 2);
            assertThat(segmentation.isToBlame(refused)).isFalse();
        }
    }
}
