package io.lvs4j.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two hosts that send each other packets of VRRP's protocol. */
class RawSocketKernelTest {
    private static final int VRRP = 112;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static TwoHosts hosts;

    @BeforeAll
    static void begin() {
        hosts = new TwoHosts();
    }

    @AfterAll
    static void end() {
        hosts.close();
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InetAddress group(AddressFamily family) {
        return address(family == AddressFamily.INET ? "224.0.0.18" : "ff02::12");
    }

    private static InetAddress left(AddressFamily family) {
        return address(family == AddressFamily.INET ? TwoHosts.LEFT_ADDRESS : TwoHosts.LEFT_ADDRESS_V6);
    }

    private static InetAddress right(AddressFamily family) {
        return address(family == AddressFamily.INET ? TwoHosts.RIGHT_ADDRESS : TwoHosts.RIGHT_ADDRESS_V6);
    }

    private static RawSocket left(AddressFamily family, String device) {
        return hosts.onLeft(() -> RawSocket.open(family, VRRP, device));
    }

    private static RawSocket right(AddressFamily family, String device) {
        return hosts.onRight(() -> RawSocket.open(family, VRRP, device));
    }

    private static ByteBuffer payload(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Waits for the next packet, without the poller. */
    private static Datagram next(RawSocket socket) {
        long begin = System.nanoTime();
        while (true) {
            Datagram datagram = socket.receive();
            if (datagram != null) {
                return datagram;
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new AssertionError("nothing came");
            }
            Thread.onSpinWait();
        }
    }

    private static String text(Datagram datagram) {
        byte[] bytes = new byte[datagram.payload().remaining()];
        datagram.payload().duplicate().get(bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource
    void whoHasJoinedAGroupHearsItWithSourceDestinationAndHopLimit(AddressFamily family) {
        try (RawSocket sender = left(family, "eth0");
                RawSocket receiver = right(family, "eth0")) {
            receiver.join(group(family));
            sender.send(payload("advert"), group(family), Optional.of(left(family)));
            Datagram datagram = next(receiver);
            assertThat(text(datagram)).isEqualTo("advert");
            assertThat(datagram.source()).isEqualTo(left(family));
            assertThat(datagram.destination()).isEqualTo(group(family));
            assertThat(datagram.hopLimit()).isEqualTo(255);
            assertThat(datagram.age()).isBetween(Duration.ZERO, PATIENCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoHasNotJoinedAGroupHearsOnlyWhatIsForItself(AddressFamily family) {
        try (RawSocket sender = left(family, "eth0");
                RawSocket joined = right(family, "eth0");
                RawSocket receiver = right(family, "eth0")) {
            joined.join(group(family));
            sender.send(payload("to the group"), group(family), Optional.empty());
            sender.hopLimit(7);
            sender.send(payload("to you"), right(family), Optional.of(left(family)));
            assertThat(text(next(joined))).isEqualTo("to the group");
            Datagram datagram = next(receiver);
            assertThat(text(datagram)).isEqualTo("to you");
            assertThat(datagram.source()).isEqualTo(left(family));
            assertThat(datagram.destination()).isEqualTo(right(family));
            assertThat(datagram.hopLimit()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAHostSendsItDoesNotHear(AddressFamily family) {
        try (RawSocket sender = left(family, "eth0");
                RawSocket other = left(family, "eth0");
                RawSocket peer = right(family, "eth0")) {
            sender.join(group(family));
            other.join(group(family));
            sender.send(payload("own"), group(family), Optional.empty());
            peer.send(payload("peer's"), group(family), Optional.empty());
            assertThat(text(next(sender))).isEqualTo("peer's");
            assertThat(text(next(other))).isEqualTo("peer's");
        }
    }

    @ParameterizedTest
    @EnumSource
    void packetsOfAllSizesArriveAsTheyWere(AddressFamily family) {
        try (RawSocket sender = left(family, "eth0");
                RawSocket receiver = right(family, "eth0")) {
            for (int length : new int[] {0, 1, 19, 20, 8 + 255 * 4, 8 + 255 * 16, 30_000}) {
                byte[] bytes = new byte[length];
                Arrays.fill(bytes, (byte) length);
                sender.send(ByteBuffer.wrap(bytes), right(family), Optional.empty());
                assertThat(next(receiver).payload()).isEqualTo(ByteBuffer.wrap(bytes));
            }
            assertThat(receiver.odd()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasReceivedStaysWhileItIsAnswered(AddressFamily family) {
        try (RawSocket sender = left(family, "eth0");
                RawSocket receiver = right(family, "eth0")) {
            sender.send(payload("question"), right(family), Optional.empty());
            Datagram question = next(receiver);
            receiver.send(payload("answer to it"), question.source(), Optional.of(question.destination()));
            assertThat(text(question)).isEqualTo("question");
            assertThat(text(next(sender))).isEqualTo("answer to it");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSourceThatTheHostDoesNotHaveIsRefused(AddressFamily family) {
        try (RawSocket sender = left(family, "eth0")) {
            assertThatThrownBy(() -> sender.send(payload(""), right(family), Optional.of(right(family))))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining(right(family).getHostAddress())
                    .hasMessageContaining("must be an address of this host");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAddressOfTheOtherFamilyIsRefusedByName(AddressFamily family) {
        AddressFamily other = family == AddressFamily.INET ? AddressFamily.INET6 : AddressFamily.INET;
        try (RawSocket sender = left(family, "eth0")) {
            assertThatThrownBy(() -> sender.send(payload(""), right(other), Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("destination: " + right(other).getHostAddress());
            assertThatThrownBy(() -> sender.join(group(other))).hasMessageStartingWith("group: ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterfaceThatIsNotThereIsNamed(AddressFamily family) {
        for (String name : new String[] {"eth9", "", "longer-than-fifteen-bytes"}) {
            assertThatThrownBy(() -> left(family, name))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("protocol 112 on " + name + ": ENODEV (there is no such interface");
        }
    }

    @Test
    void theSourceOfAPacketToALinkLocalAddressMayBeLinkLocal() {
        try (RawSocket sender = left(AddressFamily.INET6, "eth0");
                RawSocket receiver = right(AddressFamily.INET6, "eth0")) {
            receiver.join(group(AddressFamily.INET6));
            InetAddress own = address(TwoHosts.LEFT_LINK_LOCAL);
            sender.send(payload("v6"), group(AddressFamily.INET6), Optional.of(own));
            assertThat(next(receiver).source()).isEqualTo(own);
        }
    }

    @Test
    void aPollerTellsTheSocketsThatHaveSomethingAndNoOthers() {
        try (RawSocket sender = left(AddressFamily.INET, "eth0");
                RawSocket sender6 = left(AddressFamily.INET6, "eth0");
                RawSocket four = right(AddressFamily.INET, "eth0");
                RawSocket six = right(AddressFamily.INET6, "eth0");
                Poller poller = Poller.open()) {
            poller.add(four);
            poller.add(six);
            assertThat(poller.poll(0)).isEmpty();
            sender6.send(payload("6"), right(AddressFamily.INET6), Optional.empty());
            assertThat(poller.poll(PATIENCE.toNanos())).containsExactly(six);
            assertThat(text(next(six))).isEqualTo("6");
            sender.send(payload("4"), right(AddressFamily.INET), Optional.empty());
            assertThat(poller.poll(PATIENCE.toNanos())).containsExactly(four);
            poller.remove(four);
            assertThat(poller.poll(TimeUnit.MILLISECONDS.toNanos(1))).isEmpty();
        }
    }

    @Test
    void aSocketOnAnInterfaceThatIsRemovedIsSilentOrFailsAsPromised() {
        hosts.leftIp("link add va type veth peer name vb");
        hosts.leftIp("link set va up");
        try (RawSocket socket = left(AddressFamily.INET, "va");
                Poller poller = Poller.open()) {
            socket.join(group(AddressFamily.INET));
            poller.add(socket);
            hosts.leftIp("link del va");
            AtomicBoolean failed = new AtomicBoolean();
            try {
                socket.send(payload(""), group(AddressFamily.INET), Optional.empty());
            } catch (SocketException e) {
                failed.set(e.getMessage().contains("va"));
            }
            assertThat(failed).isTrue();
            assertThat(poller.poll(TimeUnit.MILLISECONDS.toNanos(1))).isEmpty();
        }
    }
}
