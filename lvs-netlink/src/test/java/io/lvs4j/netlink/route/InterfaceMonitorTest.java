package io.lvs4j.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.netlink.frame.MacAddress;
import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.NetlinkChannel;
import io.lvs4j.netlink.socket.Pollable;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.MessageWriter;
import io.lvs4j.netlink.wire.NetlinkMessage;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A monitor of a kernel whose lists and events are written here. */
class InterfaceMonitorTest {
    private static final Pollable NO_SOCKET = null;

    private final Events events = new Events();
    private final Lists lists = new Lists();

    private InterfaceMonitor open() {
        return InterfaceMonitor.open(events, NO_SOCKET, new RouteNetlink(lists));
    }

    private static InterfaceAddress address(int number) {
        return InterfaceAddress.of(2, InetAddress.getLoopbackAddress(), number);
    }

    private static byte[] link(int type, String name) {
        MessageWriter writer = new MessageWriter();
        writer.begin(type, NetlinkMessage.MULTI, 1);
        LinkCodec.addMacvlan(name, 2, new MacAddress(5)).body().accept(writer);
        byte[] bytes = new byte[writer.end().size()];
        writer.written().get(bytes);
        return bytes;
    }

    private static byte[] added(InterfaceAddress address) {
        return RouteCodecTest.message(AddressCodec.add(address, 0));
    }

    private static byte[] removed(InterfaceAddress address) {
        return RouteCodecTest.message(AddressCodec.remove(address));
    }

    @Test
    void eventsAreToldInTheirOrderAndOnce() {
        InterfaceMonitor monitor = open();
        events.say(added(address(8)));
        events.say(added(address(8)));
        events.say(added(address(9)));
        events.say(removed(address(8)));
        assertThat(monitor.changes())
                .containsExactly(
                        new Change.AddressSet(address(8)),
                        new Change.AddressSet(address(9)),
                        new Change.AddressGone(address(8)));
        assertThat(monitor.changes()).isEmpty();
        assertThat(monitor.addresses()).containsExactly(address(9));
    }

    @Test
    void anEventThatCannotBeReadHasEverythingListedAgain() {
        InterfaceMonitor monitor = open();
        events.say(added(address(8)));
        byte[] cut = Arrays.copyOf(added(address(9)), 20);
        events.say(cut);
        lists.addresses.add(added(address(7)));
        assertThat(monitor.changes())
                .containsExactly(
                        new Change.AddressSet(address(8)),
                        new Change.AddressGone(address(8)),
                        new Change.AddressSet(address(7)));
        assertThat(monitor.resynchronisations()).isOne();
    }

    @Test
    void anOverrunHasEverythingListedAgainAndAFailureOfThatIsMadeUpFor() {
        InterfaceMonitor monitor = open();
        lists.links.add(link(LinkCodec.NEW, "vrrp.1"));
        lists.addresses.add(added(address(7)));
        events.say(added(address(9)));
        events.fail(Errno.ENOBUFS);
        lists.silent = true;
        assertThatThrownBy(monitor::changes)
                .isInstanceOf(RouteException.class)
                .hasMessageContaining("list of interfaces");
        lists.silent = false;
        assertThat(monitor.changes())
                .as("what was taken before the failure, and what is different")
                .hasSize(4)
                .contains(
                        new Change.AddressSet(address(9)),
                        new Change.AddressGone(address(9)),
                        new Change.AddressSet(address(7)));
        assertThat(monitor.link("vrrp.1")).isPresent();
        assertThat(monitor.resynchronisations()).isOne();
    }

    @Test
    void anInterfaceThatGoesIsToldAfterItsAddresses() {
        lists.links.add(link(LinkCodec.NEW, "vrrp.1"));
        InterfaceAddress own = InterfaceAddress.of(0, InetAddress.getLoopbackAddress(), 8);
        lists.addresses.add(added(own));
        InterfaceMonitor monitor = open();
        Link link = monitor.link("vrrp.1").orElseThrow();
        events.say(link(LinkCodec.DELETE, "vrrp.1"));
        assertThat(monitor.changes()).containsExactly(new Change.AddressGone(own), new Change.LinkGone(link));
    }

    @Test
    void aBrokenSocketIsAnErrorOfOurs() {
        InterfaceMonitor monitor = open();
        events.fail(Errno.EPERM);
        assertThatThrownBy(monitor::changes).isInstanceOf(RouteException.class).hasMessageContaining("EPERM");
        assertThat(monitor.changes()).isEmpty();
        assertThat(monitor.resynchronisations()).as("something may be lost").isOne();
    }

    @Test
    void aKernelThatCannotBeListedClosesBoth() {
        lists.silent = true;
        assertThatThrownBy(this::open).isInstanceOf(RouteException.class);
        assertThat(events.closed).isTrue();
        assertThat(lists.closed).isTrue();
    }

    /** Says events, then that there are no more for now. */
    private static final class Events implements NetlinkChannel {
        private final Deque<Object> queue = new ArrayDeque<>();
        private boolean closed;

        void say(byte[] event) {
            queue.add(event);
        }

        void fail(int errno) {
            queue.add(errno);
        }

        @Override
        public void send(ByteBuffer datagram) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ByteBuffer receive() {
            Object next = queue.poll();
            if (next instanceof byte[] event) {
                return ByteBuffer.wrap(event);
            }
            throw new SocketException("recv", next instanceof Integer errno ? errno : Errno.EAGAIN, "");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Lists what is in it. */
    private static final class Lists implements NetlinkChannel {
        private final List<byte[]> links = new ArrayList<>();
        private final List<byte[]> addresses = new ArrayList<>();
        private final Deque<byte[]> answers = new ArrayDeque<>();
        private boolean silent;
        private boolean closed;

        @Override
        public void send(ByteBuffer datagram) {
            NetlinkMessage request = NetlinkMessage.parse(datagram).get(0);
            if (silent) {
                return;
            }
            for (byte[] entry : request.type() == LinkCodec.GET ? links : addresses) {
                byte[] numbered = entry.clone();
                ByteBuffer.wrap(numbered).order(ByteOrder.nativeOrder()).putInt(8, request.sequence());
                answers.add(numbered);
            }
            MessageWriter writer = new MessageWriter();
            writer.begin(NetlinkMessage.DONE, NetlinkMessage.MULTI, request.sequence())
                    .raw32(0)
                    .end();
            byte[] done = new byte[writer.size()];
            writer.written().get(done);
            answers.add(done);
        }

        @Override
        public ByteBuffer receive() {
            byte[] next = answers.poll();
            if (next == null) {
                throw new SocketException("recv", Errno.EAGAIN, "");
            }
            return ByteBuffer.wrap(next);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
