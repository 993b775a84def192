package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.AddressFamily;
import io.lvs4j.Director;
import io.lvs4j.ListenAddress;
import io.lvs4j.PersistenceTemplate;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** IPVS's rules on which connections share a template. Here they hold because a service has one table, by client alone. */
class TemplateRulesTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("10.7.0.1", 40000);
    private static final InetSocketAddress SAME_CLIENT = new InetSocketAddress("10.7.0.1", 40001);
    private static final InetSocketAddress OTHER_CLIENT = new InetSocketAddress("10.7.0.2", 40000);

    private final HeadlessBackend backend = HeadlessBackend.create();
    private final Director director = Director.builder().backend(backend).build();

    @AfterEach
    void close() {
        director.close();
    }

    private ServiceHandle add(VirtualService.Builder service) {
        return director.add(service.scheduler("rr")
                .persistence(Duration.ofMinutes(5))
                .realServer("10.9.0.1", 8000)
                .realServer("10.9.0.2", 8000)
                .realServer("10.9.0.3", 8000)
                .build());
    }

    private ServerKey server(ServiceHandle service, InetSocketAddress client, String address, int port) {
        try (Lease lease = backend.acquire(service.key(), client, new InetSocketAddress(address, port))
                .orElseThrow()) {
            return lease.server();
        }
    }

    /** The kernel's port 0: a service that has all ports, or many, keeps a client on one server on all of them. */
    @Test
    void allPortsOfAServiceShareATemplate() {
        ServiceHandle range =
                add(VirtualService.builder().listen(new ListenAddress(Lab.literal("10.8.0.1"), 1000, 2000)));
        ServerKey first = server(range, CLIENT, "10.8.0.1", 1000);
        assertThat(server(range, OTHER_CLIENT, "10.8.0.1", 1000)).isNotEqualTo(first);
        assertThat(server(range, SAME_CLIENT, "10.8.0.1", 1001)).isEqualTo(first);
        assertThat(server(range, SAME_CLIENT, "10.8.0.1", 2000)).isEqualTo(first);
    }

    @Test
    void allAddressesOfAServiceShareATemplate() {
        ServiceHandle pair = add(VirtualService.builder().listen("10.8.0.1", 80).listen("10.8.0.2", 443));
        ServerKey first = server(pair, CLIENT, "10.8.0.1", 80);
        assertThat(server(pair, OTHER_CLIENT, "10.8.0.1", 80)).isNotEqualTo(first);
        assertThat(server(pair, SAME_CLIENT, "10.8.0.2", 443)).isEqualTo(first);
    }

    /** The kernel gives templates of FTP's control port 21 the port 0, so that data connections find them. */
    @Test
    void ftpDataFollowsItsControlConnection() {
        ServiceHandle ftp = add(VirtualService.builder().listen("10.8.0.1", 21));
        Lease control = backend.acquire(ftp.key(), CLIENT, new InetSocketAddress("10.8.0.1", 21))
                .orElseThrow();
        control.established();
        assertThat(server(ftp, OTHER_CLIENT, "10.8.0.1", 21)).isNotEqualTo(control.server());
        for (int port = 50_000; port < 50_010; port++) {
            assertThat(server(ftp, SAME_CLIENT, "10.8.0.1", port)).isEqualTo(control.server());
        }
        control.close();
    }

    /** Templates of a firewall mark have no protocol in the kernel: TCP and UDP of one client go together. */
    @Test
    void tcpAndUdpOfAFirewallMarkShareATemplate() {
        ServiceHandle mark = add(VirtualService.builder().firewallMark(7, AddressFamily.INET));
        ServerKey tcp = server(mark, CLIENT, "10.8.0.1", 443);
        assertThat(server(mark, OTHER_CLIENT, "10.8.0.1", 443)).isNotEqualTo(tcp);
        Lease udp = backend.acquire(mark.key(), SAME_CLIENT, new InetSocketAddress("10.8.0.9", 443))
                .orElseThrow();
        assertThat(udp.server()).isEqualTo(tcp); // never established, as nobody can tell when UDP is
        udp.close();
    }

    @Test
    void clientsOfTwoServicesAreStrangers() {
        ServiceHandle one = add(VirtualService.builder().listen("10.8.0.1", 80));
        ServiceHandle two = add(VirtualService.builder().listen("10.8.0.1", 81));
        server(two, OTHER_CLIENT, "10.8.0.1", 81); // takes a turn
        assertThat(server(one, CLIENT, "10.8.0.1", 80)).isNotEqualTo(server(two, CLIENT, "10.8.0.1", 81));
    }

    @Test
    void theDirectorShowsTheTemplates() {
        ServiceHandle web = add(VirtualService.builder().listen("10.8.0.1", 80));
        Lease lease = backend.acquire(web.key(), CLIENT).orElseThrow();
        List<PersistenceTemplate> templates = web.persistence().orElseThrow().list();
        assertThat(templates)
                .containsExactly(
                        new PersistenceTemplate(CLIENT.getAddress(), lease.server(), 1, Duration.ofMinutes(5)));
        lease.close();
    }
}
