package io.lvs4j.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.netlink.frame.GratuitousArp;
import io.lvs4j.netlink.frame.MacAddress;
import io.lvs4j.netlink.frame.NeighbourAdvertisement;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the other host's neighbour table makes of frames. */
class PacketSocketKernelTest {
    private static final MacAddress VIRTUAL = MacAddress.parse("00:00:5e:00:01:33");
    private static TwoHosts hosts;
    private static PacketSocket socket;
    private static int index;

    @BeforeAll
    static void begin() {
        hosts = new TwoHosts();
        socket = hosts.onLeft(PacketSocket::open);
        index = hosts.onLeft(() -> NetworkInterface.getByName("eth0").getIndex());
    }

    @AfterAll
    static void end() {
        socket.close();
        hosts.close();
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a frame until the other host believes it, as it is done in practice. */
    private static void sendUntilBelieved(byte[] frame, String address) {
        hosts.rightIp("neigh replace " + address + " dev eth0 lladdr 02:00:00:00:00:99 nud stale");
        long begin = System.nanoTime();
        while (!hosts.rightIp("neigh show " + address).contains("lladdr " + VIRTUAL)) {
            socket.send(frame, index);
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(30));
        }
        assertThat(hosts.rightIp("neigh show " + address)).contains(VIRTUAL.toString());
    }

    @Test
    void gratuitousArpMovesAnAddress() {
        sendUntilBelieved(GratuitousArp.request(VIRTUAL, address("10.66.0.7")), "10.66.0.7");
        sendUntilBelieved(GratuitousArp.announcement(VIRTUAL, address("10.66.0.8")), "10.66.0.8");
    }

    @Test
    void aNeighbourAdvertisementMovesAnAddress() {
        sendUntilBelieved(NeighbourAdvertisement.unsolicited(VIRTUAL, address("fd66::7"), false), "fd66::7");
    }

    @Test
    void anInterfaceThatIsDownOrNotThereIsRefusedWithItsNumber() {
        byte[] frame = GratuitousArp.request(VIRTUAL, address("10.66.0.7"));
        assertThatThrownBy(() -> socket.send(frame, 4711)).hasMessageContaining("on interface 4711: ENXIO");
        hosts.leftIp("link add va type veth peer name vb");
        int down = hosts.onLeft(() -> LibC.if_nametoindex("va"));
        assertThatThrownBy(() -> socket.send(frame, down))
                .isInstanceOfSatisfying(
                        SocketException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENETDOWN));
        hosts.leftIp("link del va");
    }

    @Test
    void whatIsNoFrameIsRefused() {
        assertThatThrownBy(() -> socket.send(new byte[13], index)).hasMessageContaining("frame: 13 bytes");
        assertThatThrownBy(() -> socket.send(new byte[(1 << 16) + 1], index))
                .hasMessageContaining("frame: 65537 bytes");
    }
}
