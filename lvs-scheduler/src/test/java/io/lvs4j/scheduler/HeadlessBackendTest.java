package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressFamily;
import io.lvs4j.Director;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Protocol;
import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.ServiceKey;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.BackendProvider;
import io.lvs4j.spi.ServerCounters;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeadlessBackendTest {
    private static final ServerKey A = ServerKey.of("10.9.0.1", 8000);
    private static final ServerKey B = ServerKey.of("10.9.0.2", 8000);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("10.7.0.1", 40000);

    private final HeadlessBackend backend = HeadlessBackend.create();
    private final Director director = Director.builder().backend(backend).build();

    @AfterEach
    void close() {
        director.close();
    }

    private static VirtualService.Builder service(String scheduler) {
        return VirtualService.builder()
                .listen("10.8.0.1", 80)
                .scheduler(scheduler)
                .realServer("10.9.0.1", 8000)
                .realServer("10.9.0.2", 8000);
    }

    private ServerKey acquire(ServiceKey service) {
        return backend.acquire(service, CLIENT).orElseThrow().server();
    }

    @Test
    void aLeaseCountsUntilItIsClosed() {
        ServiceKey web = director.add(service("rr").build()).key();
        Lease lease = backend.acquire(web, CLIENT).orElseThrow();
        assertThat(lease.server()).isEqualTo(B);
        assertThat(counters(web, B).inactive()).isOne();
        lease.established();
        lease.established();
        assertThat(counters(web, B).active()).isOne();
        assertThat(counters(web, B).inactive()).isZero();
        lease.countIn(3);
        lease.countOut(5);
        lease.closing();
        lease.closing();
        assertThat(counters(web, B).active()).isZero();
        assertThat(counters(web, B).inactive()).isOne();
        lease.close();
        lease.close();
        assertThat(counters(web, B)).isEqualTo(new ServerCounters(0, 0, 0, 1, 0, 3, 5));
        assertThat(backend.counters(web).connections()).isOne();
    }

    @Test
    void datagramsAreNotScheduledOneByOneYet() {
        assertThatThrownBy(() -> director.add(service("rr")
                        .protocol(Protocol.UDP)
                        .onePacketScheduling()
                        .build()))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessage("add udp 10.8.0.1:80: onePacketScheduling: on"
                        + " (expected: off; ipvs has it, it is missing on the headless backend)");
        assertThat(director.services()).isEmpty();
    }

    @Test
    void proxyHeadersAreRefused() {
        assertThatThrownBy(() -> director.add(VirtualService.builder()
                        .listen("10.8.0.1", 81)
                        .sendProxyProtocol(ProxyProtocol.Version.V2)
                        .build()))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessage(
                        "add tcp 10.8.0.1:81: proxyProtocol: send-proxy V2 (expected: none; netty has it, an embedder"
                                + " and the kernel know the client's address without it; it is missing on the headless backend)");
    }

    private ServerCounters counters(ServiceKey service, ServerKey server) {
        return backend.counters(service).of(server);
    }

    @Test
    void everySchedulerIsThere() {
        for (String scheduler : Schedulers.names()) {
            ServiceKey key = director.add(service(scheduler).build()).key();
            assertThat(backend.acquire(key, CLIENT)).as(scheduler).isPresent();
            director.remove(key);
        }
    }

    @Test
    void theAddressConnectedToDecidesForDh() {
        ServiceKey cache = director.add(service("dh").build()).key();
        for (int i = 1; i <= 40; i++) {
            InetSocketAddress destination = new InetSocketAddress("10.8.200." + i, 80);
            ServerKey first =
                    backend.acquire(cache, CLIENT, destination).orElseThrow().server();
            InetSocketAddress other = new InetSocketAddress("10.7.0." + i, 40000);
            assertThat(backend.acquire(cache, other, destination).orElseThrow().server())
                    .isEqualTo(first);
        }
    }

    @Test
    void anyForwardingMethodAndFirewallMarksAreAllowedAndSctpIsNot() {
        for (ForwardingMethod method : new ForwardingMethod[] {
            ForwardingMethod.masquerade(),
            ForwardingMethod.fullNat(),
            ForwardingMethod.directRouting(),
            ForwardingMethod.tunnel(ForwardingMethod.Encapsulation.GUE)
        }) {
            ServiceKey key =
                    director.add(service("rr").forwarding(method).build()).key();
            assertThat(acquire(key)).isEqualTo(B);
            director.remove(key);
        }
        ServiceKey mark = director.add(VirtualService.builder()
                        .firewallMark(7, AddressFamily.INET)
                        .realServer("10.9.0.1", 8000)
                        .build())
                .key();
        assertThat(acquire(mark)).isEqualTo(A);
        ServiceKey udp =
                director.add(service("rr").protocol(Protocol.UDP).build()).key();
        assertThat(acquire(udp)).isEqualTo(B);
        assertThatThrownBy(
                        () -> director.add(service("rr").protocol(Protocol.SCTP).build()))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining("protocol: sctp");
    }

    @Test
    void anUnknownServiceIsRefusedByName() {
        assertThatThrownBy(() -> backend.acquire(ServiceKey.tcp("10.8.0.9", 80), CLIENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("service: tcp 10.8.0.9:80");
        ServiceKey web = director.add(service("rr").build()).key();
        assertThatThrownBy(() -> backend.acquire(web, InetSocketAddress.createUnresolved("client", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("client: ");
        director.remove(web);
        assertThatThrownBy(() -> backend.acquire(web, CLIENT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aServerInMaintenanceOrRemovedGetsNothing() {
        ServiceHandle web = director.add(service("rr").build());
        web.server(B.toString()).startMaintenance();
        assertThat(acquire(web.key())).isEqualTo(A);
        assertThat(acquire(web.key())).isEqualTo(A);
        web.server(B.toString()).endMaintenance();
        web.server(A.toString()).remove();
        assertThat(acquire(web.key())).isEqualTo(B);
        assertThat(acquire(web.key())).isEqualTo(B);
    }

    @Test
    void aDrainWaitsForTheLeases() throws Exception {
        ServiceHandle web = director.add(service("rr").build());
        Lease lease = backend.acquire(web.key(), CLIENT).orElseThrow();
        assertThat(lease.server()).isEqualTo(B);
        var drained = web.server(B.toString()).drain(Duration.ofMinutes(1));
        assertThat(acquire(web.key())).isEqualTo(A);
        assertThat(drained).isNotDone();
        lease.close();
        assertThat(drained.get(10, TimeUnit.SECONDS).remaining()).isZero();
    }

    @Test
    void afterQuiesceThereIsNoNewLeaseAndOldOnesGoOn() {
        ServiceKey web = director.add(service("rr").build()).key();
        Lease lease = backend.acquire(web, CLIENT).orElseThrow();
        backend.quiesce(web);
        assertThat(backend.acquire(web, CLIENT)).isEmpty();
        lease.established();
        assertThat(counters(web, B).active()).isOne();
        lease.close();
        assertThat(counters(web, B).open()).isZero();
    }

    @Test
    void isFoundByName() {
        HeadlessBackendTest.class.getModule().addUses(BackendProvider.class); // as the API module declares
        assertThat(ServiceLoader.load(BackendProvider.class))
                .filteredOn(provider -> provider.id().equals("headless"))
                .singleElement()
                .satisfies(provider -> {
                    assertThat(provider.unavailable()).isEmpty();
                    assertThat(provider.create().name()).isEqualTo("headless");
                });
    }
}
