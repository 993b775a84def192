package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.BackendException;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** Where a service listens. */
class ListenTest extends TransportTest {
    private static final String OTHER_VIP = "127.77.0.2";

    @Test
    void aServiceIsReachedAtEveryAddressAndPort() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        int one = Lab.freePort(Lab.VIP);
        int two = Lab.freePort(OTHER_VIP);
        int six = Lab.freePort("::1");
        lab.director.add(VirtualService.builder()
                .listen(Lab.VIP, one)
                .listen(OTHER_VIP, two)
                .listen("::1", six)
                .scheduler("rr")
                .realServer(RealServer.builder(server.key()).build())
                .build());

        for (InetSocketAddress address : new InetSocketAddress[] {
            new InetSocketAddress(Lab.VIP, one),
            new InetSocketAddress(OTHER_VIP, two),
            new InetSocketAddress("::1", six)
        }) {
            Lab.ping(lab.connect(address));
        }
        assertThat(server.count()).isEqualTo(3);
    }

    @Test
    void aServerCanHaveAnIpv6Address() throws Exception {
        TestServer server = lab.keep(new TestServer("::1"));
        ServiceHandle service = lab.serve(server);

        Socket client = lab.connect(service);
        client.getOutputStream().write(5);
        assertThat(server.take().getInputStream().read()).isEqualTo(5);
    }

    @Test
    void theWildcardTakesEveryAddress() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        int port = Lab.freePort("0.0.0.0");
        lab.director.add(VirtualService.builder()
                .listen("0.0.0.0", port)
                .scheduler("rr")
                .realServer(RealServer.builder(server.key()).build())
                .build());

        Lab.ping(lab.connect(new InetSocketAddress(Lab.VIP, port)));
        Lab.ping(lab.connect(new InetSocketAddress(OTHER_VIP, port)));
    }

    @Test
    void anAddressInUseIsNamedAndNothingStaysBound() throws Exception {
        int free = Lab.freePort(Lab.VIP);
        ServerSocket used = lab.keep(new ServerSocket(0, 1, InetAddress.getByName(OTHER_VIP)));
        VirtualService service = VirtualService.builder()
                .listen(Lab.VIP, free)
                .listen(OTHER_VIP, used.getLocalPort())
                .scheduler("rr")
                .build();

        assertThatThrownBy(() -> lab.director.add(service)).isInstanceOfSatisfying(BackendException.class, e -> {
            assertThat(e.operation()).isEqualTo("listen");
            assertThat(e.subject()).isEqualTo("tcp " + OTHER_VIP + ":" + used.getLocalPort());
            assertThat(e).hasMessageEndingWith("address already in use");
        });

        new ServerSocket(free, 1, InetAddress.getByName(Lab.VIP)).close();
        used.close();
        lab.director.add(service);
    }

    @Test
    void anAddressThatThisHostDoesNotHaveIsNamed() {
        VirtualService service = VirtualService.builder()
                .listen("192.0.2.1", 4711)
                .scheduler("rr")
                .build();

        assertThatThrownBy(() -> lab.director.add(service))
                .isInstanceOf(BackendException.class)
                .hasMessage(
                        "listen tcp 192.0.2.1:4711: cannot assign requested address; give this host the address first");
    }

    @Test
    void aPortIsFreeAsSoonAsItsServiceIsRemoved() {
        int port = Lab.freePort(Lab.VIP);
        VirtualService service =
                VirtualService.builder().listen(Lab.VIP, port).scheduler("rr").build();

        for (int i = 0; i < 20; i++) {
            lab.director.add(service).remove();
        }
    }
}
