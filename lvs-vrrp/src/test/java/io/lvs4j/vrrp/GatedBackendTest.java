package io.lvs4j.vrrp;

import static io.lvs4j.vrrp.Packets.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.BackendException;
import io.lvs4j.CloseReport;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.Director;
import io.lvs4j.DrainReport;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ListenAddress;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceHandle;
import io.lvs4j.ServiceKey;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.netty.NettyBackend;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Pool;
import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.ManualTime;
import io.lvs4j.testkit.ScriptedHealthMonitor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A director on a netty backend behind a gate, and real connections. Router {@code web} has 127.0.0.5 and, not advertised, 127.0.0.6; router
 * {@code mail} has 127.0.0.7. The clock is the test's.
 */
class GatedBackendTest {
    private static final InetAddress WEB = address("127.0.0.5");
    private static final InetAddress WEB_EXCLUDED = address("127.0.0.6");
    private static final InetAddress MAIL = address("127.0.0.7");
    private static final InetAddress NOBODYS = address("127.0.0.9");
    private static final InetAddress CLIENT = address("127.0.0.1");
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration BARELY = Duration.ofNanos(1);

    private static final List<VirtualRouter> ROUTERS = List.of(
            ElectionDrive.router()
                    .name("web")
                    .address("127.0.0.5")
                    .excludedAddress(VirtualAddress.parse("127.0.0.6"))
                    .build(),
            ElectionDrive.router().name("mail").address("127.0.0.7").build());

    private final ManualTime time = new ManualTime();
    private final ScriptedHealthMonitor health = new ScriptedHealthMonitor();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final LoopbackHarness harness =
            new LoopbackHarness(WEB, () -> NettyBackend.builder().threads(2).build());
    private final ListenAddress web = harness.freeListenAddress();
    private final ServerKey server = harness.startServer();
    private final ServerKey other = harness.startServer();
    private GatedBackend gated;
    private Director director;

    @BeforeEach
    void startDirector() {
        begin(harness.createBackend(), DRAIN);
    }

    private void begin(Backend carrier, Duration drain) {
        gated = new GatedBackend(
                carrier, ROUTERS, drain, failed -> failures.add(failed.name() + ": " + failed.what()), time, () -> {});
        director = Director.builder()
                .backend(gated)
                .healthMonitor(health)
                .ticker(time)
                .timers(time)
                .build();
    }

    @AfterEach
    void closeDirector() {
        director.close();
        harness.close();
    }

    private ServiceHandle serve(ListenAddress... addresses) {
        return director.add(description(addresses));
    }

    private VirtualService description(ListenAddress... addresses) {
        VirtualService.Builder builder = VirtualService.builder();
        List.of(addresses).forEach(builder::listen);
        return builder.scheduler("rr")
                .realServer(RealServer.builder(server).build())
                .build();
    }

    private Optional<BackendHarness.Connection> connect(ListenAddress to) {
        return harness.connect(CLIENT, to);
    }

    private boolean serves(ListenAddress address) {
        Optional<BackendHarness.Connection> connection = connect(address);
        connection.ifPresent(BackendHarness.Connection::close);
        return connection.isPresent();
    }

    private static ListenAddress free(InetAddress address) {
        return LoopbackHarness.freeListenAddress(address);
    }

    private static void awaitReset(BackendHarness.Connection connection) {
        await().atMost(Duration.ofSeconds(30)).until(() -> !connection.works());
    }

    // ---------------------------------------------------------------- who is carried

    @Test
    void aServiceIsThereWhileItsRouterIsMaster() {
        serve(web);
        assertThat(serves(web)).isFalse();

        gated.entered("web", RouterState.BACKUP);
        assertThat(serves(web)).isFalse();

        gated.entered("web", RouterState.MASTER);
        assertThat(serves(web)).isTrue();

        gated.entered("web", RouterState.BACKUP);
        assertThat(serves(web)).isFalse();
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = RouterState.class,
            names = {"MASTER"},
            mode = EnumSource.Mode.EXCLUDE)
    void whateverFollowsAMasterIsNone(RouterState next) {
        serve(web);
        gated.entered("web", RouterState.MASTER);

        gated.entered("web", next);

        assertThat(serves(web)).isFalse();
    }

    @Test
    void aServiceThatIsAddedToAMasterIsThereAtOnce() {
        gated.entered("web", RouterState.MASTER);

        serve(web);

        assertThat(serves(web)).isTrue();
    }

    @Test
    void otherServicesAreThereAllTheTime() {
        ListenAddress foreign = free(NOBODYS);
        ListenAddress wildcard = free(address("0.0.0.0"));
        serve(foreign);
        serve(wildcard);
        serve(web);
        BackendHarness.Connection held = connect(foreign).orElseThrow();
        ListenAddress reached = new ListenAddress(WEB, wildcard.firstPort(), wildcard.lastPort());
        assertThat(serves(reached)).isTrue();

        gated.entered("web", RouterState.MASTER);
        gated.entered("web", RouterState.BACKUP);
        time.advance(DRAIN);

        assertThat(held.works()).isTrue();
        assertThat(serves(foreign)).isTrue();
        assertThat(serves(reached)).isTrue();
    }

    @Test
    void aServiceWhoseAddressBecomesARoutersIsThereWhileThatIsMaster() {
        ListenAddress plain = free(NOBODYS);
        serve(plain);
        gated.entered("web", RouterState.MASTER);
        assertThat(serves(plain)).isTrue();

        gated.routers(List.of(
                ROUTERS.get(0),
                ElectionDrive.router().name("new").address("127.0.0.9").build()));
        assertThat(serves(plain)).isFalse();

        gated.entered("new", RouterState.MASTER);
        assertThat(serves(plain)).isTrue();
    }

    @Test
    void aServiceOfAMasterIsNotTouchedWhenThatStaysAndOthersGo() {
        serve(web);
        gated.entered("web", RouterState.MASTER);
        BackendHarness.Connection held = connect(web).orElseThrow();

        gated.routers(List.of(ROUTERS.get(0)));

        assertThat(held.works()).isTrue();
        assertThat(serves(web)).isTrue();
    }

    @Test
    void aServiceWhoseAddressIsNoRoutersAnyMoreIsThereAllTheTime() {
        serve(web);
        assertThat(serves(web)).isFalse();

        gated.routers(List.of(ROUTERS.get(1)));

        assertThat(serves(web)).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void aServiceFollowsTheRouterOfItsAddressAndNoOther() {
        ListenAddress mail = free(MAIL);
        serve(web);
        serve(mail);

        gated.entered("mail", RouterState.MASTER);

        assertThat(serves(mail)).isTrue();
        assertThat(serves(web)).isFalse();
    }

    @Test
    void anAddressThatIsNotAdvertisedFloatsToo() {
        ListenAddress excluded = free(WEB_EXCLUDED);
        serve(excluded);
        assertThat(serves(excluded)).isFalse();

        gated.entered("web", RouterState.MASTER);

        assertThat(serves(excluded)).isTrue();
    }

    @Test
    void aServiceOfSeveralRoutersWaitsForAllOfThem() {
        ListenAddress mail = free(MAIL);
        ListenAddress foreign = free(NOBODYS);
        serve(web, mail, foreign);

        gated.entered("web", RouterState.MASTER);
        assertThat(serves(web) || serves(mail) || serves(foreign)).isFalse();

        gated.entered("mail", RouterState.MASTER);
        assertThat(serves(web) && serves(mail) && serves(foreign)).isTrue();

        gated.entered("web", RouterState.FAULT);
        assertThat(serves(web) || serves(mail) || serves(foreign)).isFalse();
    }

    @Test
    void aRouterThatNobodyKnowsIsNamed() {
        assertThatThrownBy(() -> gated.entered("wbe", RouterState.MASTER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("router: wbe (expected: one of [mail, web])");
    }

    // ---------------------------------------------------------------- leaving

    @Test
    void whatIsOpenGoesOnUntilTheDrainTimeIsOver() {
        ServiceHandle service = serve(web);
        gated.entered("web", RouterState.MASTER);
        BackendHarness.Connection held = connect(web).orElseThrow();

        gated.entered("web", RouterState.BACKUP);
        time.advance(DRAIN.minus(BARELY));
        assertThat(held.works()).isTrue();
        assertThat(service.server(server).snapshot().counters().open()).isEqualTo(1);

        time.advance(BARELY);
        awaitReset(held);
        assertThat(service.server(server).snapshot().counters().open()).isZero();
        assertThat(time.pending()).isEqualTo(1); // the director's rates
    }

    @Test
    void withoutADrainTimeEverythingEndsAtOnce() {
        director.close();
        begin(harness.createBackend(), Duration.ZERO);
        serve(web);
        gated.entered("web", RouterState.MASTER);
        BackendHarness.Connection held = connect(web).orElseThrow();

        gated.entered("web", RouterState.BACKUP);
        time.advance(Duration.ZERO);

        awaitReset(held);
    }

    @Test
    void aMasterThatReturnsServesAtOnceAndWhatWasOpenIsReset() {
        serve(web);
        gated.entered("web", RouterState.MASTER);
        BackendHarness.Connection held = connect(web).orElseThrow();
        gated.entered("web", RouterState.BACKUP);
        time.advance(DRAIN.dividedBy(2));

        gated.entered("web", RouterState.MASTER);
        assertThat(serves(web)).isTrue();
        awaitReset(held);

        BackendHarness.Connection next = connect(web).orElseThrow();
        time.advance(DRAIN.multipliedBy(2)); // the time that was set when it left is over
        assertThat(next.works()).isTrue();
    }

    @Test
    void aServerThatIsRemovedWhileItsServiceLeavesLosesItsConnections() {
        ServiceHandle service = serve(web);
        service.update(service.description()
                .withRealServer(RealServer.builder(other).weight(0).build()));
        gated.entered("web", RouterState.MASTER);
        BackendHarness.Connection held = connect(web).orElseThrow();
        gated.entered("web", RouterState.BACKUP);

        service.update(service.description().withoutRealServer(held.server()));

        awaitReset(held);
        assertThat(serves(web)).isFalse();
    }

    @Test
    void aServiceThatIsRemovedWhileItLeavesEndsAtOnce() {
        ServiceHandle service = serve(web);
        gated.entered("web", RouterState.MASTER);
        BackendHarness.Connection held = connect(web).orElseThrow();
        gated.entered("web", RouterState.BACKUP);

        service.remove();
        awaitReset(held);

        serve(web); // another one, which has nothing to do with the drain of the first
        gated.entered("web", RouterState.MASTER);
        BackendHarness.Connection next = connect(web).orElseThrow();
        time.advance(DRAIN);
        assertThat(next.works()).isTrue();
    }

    // ---------------------------------------------------------------- being away

    @Test
    void verdictsAndChangesOfWhileItWasAwayAreInForceAtTakeOver() {
        ServiceHandle service = director.add(description(web).toBuilder()
                .healthCheck(TcpCheck.create())
                .realServer(RealServer.builder(other).build())
                .build());
        health.fail(server);
        time.advance(Duration.ZERO);
        assertThat(service.server(server).snapshot().state()).isEqualTo(ServerState.DOWN);
        gated.entered("web", RouterState.MASTER);
        assertThat(picks(4)).containsOnly(other);

        gated.entered("web", RouterState.BACKUP);
        time.advance(DRAIN);
        health.pass(server);
        time.advance(Duration.ZERO);
        service.server(other).weight(0);
        gated.entered("web", RouterState.MASTER);
        assertThat(picks(4)).containsOnly(server);
    }

    private List<ServerKey> picks(int count) {
        List<ServerKey> picked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BackendHarness.Connection connection = connect(web).orElseThrow();
            picked.add(connection.server());
            connection.close();
        }
        return picked;
    }

    @Test
    void aServiceThatIsAwayCountsNothingAndListsNobody() {
        ServiceHandle service = director.add(
                description(web).toBuilder().persistence(Duration.ofMinutes(5)).build());
        assertThat(service.persistence()).isEmpty();
        gated.entered("web", RouterState.MASTER);
        assertThat(connect(web)).isPresent();
        assertThat(service.persistence().orElseThrow().list()).hasSize(1);
        assertThat(service.connections(10).entries()).hasSize(2);
        assertThat(service.snapshot().connections()).isEqualTo(1);

        gated.entered("web", RouterState.BACKUP);
        assertThat(service.connections(10).entries()).hasSize(2);
        time.advance(DRAIN);

        assertThat(service.persistence()).isEmpty();
        assertThat(service.connections(10)).isEqualTo(ConnectionEntries.none());
        assertThat(service.snapshot().connections()).isZero();
    }

    @Test
    void aServerOfAServiceThatIsAwayIsDrainedAtOnce() {
        ServiceHandle service = serve(web);

        CompletableFuture<DrainReport> drain = service.server(server).drain(Duration.ofMinutes(5));
        time.advance(Duration.ZERO);

        assertThat(drain.join().outcome()).isEqualTo(DrainReport.Outcome.DRAINED);
        assertThat(service.description().realServers()).isEmpty();
    }

    @Test
    void aDirectorThatClosesGracefullyDoesNotWaitForWhatIsAway() {
        serve(web);

        CompletableFuture<CloseReport> closing = director.closeGracefully(Duration.ofMinutes(5));
        time.advance(Duration.ZERO);

        assertThat(closing.join().remaining()).isZero();
    }

    @Test
    void aServiceOfADirectorThatClosesDoesNotComeAnyMore() {
        ListenAddress mail = free(MAIL);
        serve(web);
        serve(mail);
        gated.entered("mail", RouterState.MASTER);
        BackendHarness.Connection held = connect(mail).orElseThrow();
        CompletableFuture<CloseReport> closing = director.closeGracefully(DRAIN.multipliedBy(2));

        gated.entered("web", RouterState.MASTER);
        assertThat(serves(web)).isFalse();
        gated.entered("mail", RouterState.BACKUP);
        gated.entered("mail", RouterState.MASTER);
        assertThat(serves(mail)).isFalse();
        assertThat(held.works()).isTrue();

        time.advance(DRAIN);
        awaitReset(held);
        time.advance(DRAIN);
        assertThat(closing.join().remaining()).isZero();
    }

    @Test
    void whatTheCarrierCannotDoIsRefusedAlsoWhileItIsAway() {
        ServiceHandle service = serve(web);
        VirtualService impossible = service.description().toBuilder()
                .forwarding(ForwardingMethod.directRouting())
                .build();

        assertThatThrownBy(() -> service.update(impossible)).isInstanceOf(UnsupportedSettingException.class);
        service.remove();
        assertThatThrownBy(() -> director.add(impossible))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining("on the netty backend");
    }

    // ---------------------------------------------------------------- failures

    @Test
    void aServiceThatCannotComeIsToldOnceAndTriedAgainUntilItCan() throws IOException {
        ListenAddress second = free(WEB_EXCLUDED);
        ServiceHandle service = serve(web);
        serve(second);
        String expected = "web: " + service.key() + " cannot be carried: listen tcp " + web + ": ";
        try (ServerSocket occupied = new ServerSocket(web.firstPort(), 1, WEB)) {
            gated.entered("web", RouterState.MASTER);
            assertThat(failures).hasSize(1).first().asString().startsWith(expected);
            assertThat(serves(second)).isTrue();
            assertThat(service.connections(10)).isEqualTo(ConnectionEntries.none());

            time.advance(Duration.ofMinutes(1));
            assertThat(failures).hasSize(1);
            assertThat(occupied.isBound()).isTrue();
        }
        time.advance(GatedBackend.RETRY);
        assertThat(serves(web)).isTrue();
        assertThat(serves(second)).isTrue();
    }

    @Test
    void aServiceThatCannotComeIsNotTriedAgainByWhoIsNoMaster() throws IOException {
        serve(web);
        try (ServerSocket occupied = new ServerSocket(web.firstPort(), 1, WEB)) {
            gated.entered("web", RouterState.MASTER);
            assertThat(occupied.isBound()).isTrue();
            gated.entered("web", RouterState.BACKUP);
        }
        time.advance(Duration.ofMinutes(1));
        assertThat(serves(web)).isFalse();

        try (ServerSocket occupied = new ServerSocket(web.firstPort(), 1, WEB)) {
            gated.entered("web", RouterState.MASTER);
            assertThat(occupied.isBound()).isTrue();
            assertThat(failures).hasSize(2); // it is another time
        }
        gated.entered("web", RouterState.MASTER); // said twice: a reason to try at once
        assertThat(serves(web)).isTrue();
    }

    @Test
    void anAddressInUseIsRefusedWhileMaster() throws IOException {
        gated.entered("web", RouterState.MASTER);
        try (ServerSocket occupied = new ServerSocket(web.firstPort(), 1, WEB)) {
            assertThatThrownBy(() -> serve(web))
                    .isInstanceOf(BackendException.class)
                    .hasMessageStartingWith("listen tcp " + web);
            assertThat(occupied.isBound()).isTrue();
        }
        assertThat(director.services()).isEmpty();
        assertThat(failures).isEmpty();
        serve(web);
        assertThat(serves(web)).isTrue();
    }

    @Test
    void aServiceIsAddedOnceAndUnknownOnesAreNamed() {
        ServiceHandle service = serve(web);
        ServiceKey unknown = ServiceKey.tcp("127.0.0.5", 1);

        assertThatThrownBy(() -> gated.add(new Pool(service.description(), List.of())))
                .hasMessage("service: " + service.key() + " (expected: each service once)");
        assertThatThrownBy(() -> gated.remove(unknown))
                .hasMessage("service: " + unknown + " (expected: one of [" + service.key() + "])");
    }

    @Test
    void afterTheEndNothingHappensAnyMore() {
        ServiceHandle service = serve(web);
        director.close();
        gated.close();

        gated.entered("web", RouterState.MASTER);

        assertThat(serves(web)).isFalse();
        assertThatThrownBy(() -> gated.connections(service.key(), 10)).isInstanceOf(IllegalStateException.class);
        assertThat(failures).isEmpty();
    }
}
