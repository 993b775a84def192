package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressRange;
import io.lvs4j.BackendException;
import io.lvs4j.Director;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What servers see as their client's address: sources of full NAT, and clients' own. */
class SourcesTest {

    // ---------------------------------------------------------------- refusals, anywhere

    private static Director director(NettyBackend.Builder backend) {
        return Director.builder().backend(backend.build()).build();
    }

    private static VirtualService.Builder service(String server) {
        return VirtualService.builder().listen(Lab.VIP, Lab.freePort(Lab.VIP)).realServer(server, 80);
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aSourceThatThisHostDoesNotHaveIsNamed(Transport transport) {
        try (Director director = director(NettyBackend.builder().transport(transport))) {
            VirtualService description = service("10.0.0.1")
                    .forwarding(ForwardingMethod.fullNat(AddressRange.parse("192.0.2.1-192.0.2.7")))
                    .build();
            assertThatThrownBy(() -> director.add(description))
                    .isInstanceOf(BackendException.class)
                    .hasMessage("bind full-nat source 192.0.2.1 of " + description.key()
                            + ": cannot assign requested address; give this host the address first");
            assertThat(director.snapshot().services()).isEmpty();
        }
    }

    @Test
    void aSourceHasItsServersFamily() {
        try (Director director = director(NettyBackend.builder())) {
            VirtualService description = service("10.0.0.1")
                    .forwarding(ForwardingMethod.fullNat(AddressRange.parse("fd00::1")))
                    .build();
            assertThatThrownBy(() -> director.add(description))
                    .isInstanceOf(UnsupportedSettingException.class)
                    .hasMessageContaining("full-nat from fd00::1 (expected: a source of the server's family, inet");
        }
    }

    @Test
    void theJdksSocketsCannotBeTransparent() {
        assertThatThrownBy(() ->
                        director(NettyBackend.builder().transport(Transport.NIO).transparent()))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("transparent: on NIO (expected: on epoll");
    }

    // ---------------------------------------------------------------- in namespaces

    private Namespaces namespaces;

    @AfterEach
    void closeNamespaces() {
        if (namespaces != null) {
            namespaces.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"sources, EPOLL", "sources, NIO", "udp-sources, EPOLL", "udp-sources, NIO"})
    void sourcesAreUsedUpOneAfterTheOtherAndTheServerIsNotBlamed(String scene, Transport transport) throws Exception {
        namespaces = new Namespaces();
        namespaces.add("host");
        for (String address : List.of("0.1", "0.2", "1.1", "1.2", "2.1", "3.1")) {
            namespaces.in("host", "ip address add 10.77." + address + "/32 dev lo");
        }

        assertThat(namespaces.start("host", scene, transport.name()).next()).isEqualTo("done");
    }

    /** client - director - server; the director does not forward. */
    @Nested
    class Transparent {
        private static final String MARK = " -t mangle -A PREROUTING -m socket --transparent -j MARK --set-mark 1";

        @BeforeEach
        void layCables() throws Exception {
            namespaces = new Namespaces();
            for (String name : List.of("client", "director", "server")) {
                namespaces.add(name);
            }
            namespaces.join("client", "director");
            namespaces.join("director", "server");
            address("client", "director", "10.78.1.2/24", "fd78:1::2/64");
            address("director", "client", "10.78.1.1/24", "fd78:1::1/64");
            address("director", "server", "10.78.2.1/24", "fd78:2::1/64");
            address("server", "director", "10.78.2.2/24", "fd78:2::2/64");
            namespaces.in("server", "ip route add default via 10.78.2.1");
            namespaces.in("server", "ip -6 route add default via fd78:2::1");
        }

        private void address(String at, String cable, String ipv4, String ipv6) throws Exception {
            namespaces.in(at, "ip address add " + ipv4 + " dev " + cable);
            namespaces.in(at, "ip address add " + ipv6 + " dev " + cable + " nodad");
        }

        @ParameterizedTest
        @CsvSource({"-4, iptables, 10.78.1.1, 10.78.2.2", "-6, ip6tables, fd78:1::1, fd78:2::2"})
        void serversSeeClientsAsThemselves(String family, String tables, String virtual, String server)
                throws Exception {
            namespaces.in("director", "ip " + family + " rule add fwmark 1 lookup 100");
            namespaces.in("director", "ip " + family + " route add local default dev lo table 100");
            namespaces.in("director", tables + MARK);
            assertThat(namespaces.start("server", "server", server).next()).startsWith("ready");
            assertThat(namespaces
                            .start("director", "director", "EPOLL", virtual, server)
                            .next())
                    .isEqualTo("serving");

            assertThat(namespaces.start("client", "client", virtual).next()).isEqualTo("done");
        }

        @ParameterizedTest
        @CsvSource({"-4, iptables, 10.78.1.1, 10.78.2.2", "-6, ip6tables, fd78:1::1, fd78:2::2"})
        void withoutRoutesItIsRefusedWithTheCommandsThatMakeThem(
                String family, String tables, String virtual, String server) throws Exception {
            assertThat(namespaces
                            .start("director", "director", "EPOLL", virtual, server)
                            .next())
                    .startsWith("refused transparent tcp ")
                    .contains(
                            "ip " + family + " rule add fwmark 1 lookup 100; ",
                            "ip " + family + " route add local default dev lo table 100; ",
                            tables + MARK);
        }

        @Test
        void aRuleThatLeadsNowhereIsNoRoute() throws Exception {
            namespaces.in("director", "ip rule add fwmark 1 lookup 100");
            namespaces.in("director", "ip route add local 10.9.9.9 dev lo table 100");
            assertThat(namespaces
                            .start("director", "director", "EPOLL", "10.78.1.1", "10.78.2.2")
                            .next())
                    .startsWith("refused transparent tcp ");
        }

        @Test
        void withoutTheRightItIsRefusedAndTheRightIsNamed() throws Exception {
            List<String> unprivileged = List.of("setpriv", "--bounding-set=-net_admin,-net_raw");
            assertThat(namespaces
                            .start("director", unprivileged, "director", "EPOLL", "10.78.1.1", "10.78.2.2")
                            .next())
                    .startsWith("refused transparent tcp 10.78.1.1:8080: IP_TRANSPARENT: operation not permitted"
                            + " (expected: the capability CAP_NET_ADMIN or CAP_NET_RAW)");
        }
    }
}
