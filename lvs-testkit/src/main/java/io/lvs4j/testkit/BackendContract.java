package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.lvs4j.CloseReport;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.ConnectionEntry;
import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.DrainReport;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Persistence;
import io.lvs4j.Plan;
import io.lvs4j.RealServer;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceHandle;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.Capabilities;
import io.lvs4j.spi.ServerCounters;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What every backend does alike, seen through a {@link Director}. Extend it and say in {@link #createHarness} how to reach
 * the backend.
 *
 * <p>Servers are called A, B, C in the order in which they are described; IPVS's order is the reverse.
 */
public abstract class BackendContract extends DirectorOnBackend {
    /** For subclasses. */
    protected BackendContract() {}

    // ---------------------------------------------------------------- deciding

    @Test
    void roundRobinTakesTurnsFromTheServerAddedLast() {
        add(service("rr").build(), 1, 1, 1);
        assertThat(picks(7)).isEqualTo("CBACBAC");
    }

    @Test
    void weightedRoundRobinStartsInTheLastPassWhenServersAreAddedOneByOne() {
        add(service("wrr").build(), 1, 2, 3);
        assertThat(picks(15)).isEqualTo("CBACCBCBACCBCBA");
    }

    @Test
    void weightedRoundRobinStartsInTheFirstPassWhenASchedulerIsSwapped() {
        ServiceHandle service = add(service("rr").build(), 1, 2, 3);
        service.scheduler("wrr");
        assertThat(picks(12)).isEqualTo("CCBCBACCBCBA");
    }

    @Test
    void leastConnectionCountsConnectionsAndNotWeights() {
        add(service("lc").build(), 1, 2, 3);
        assertThat(holding(9)).isEqualTo("CBACBACBA");
    }

    @Test
    void weightedLeastConnectionSharesByWeightAndTiesGoToTheServerAddedLast() {
        add(service("wlc").build(), 1, 2, 3);
        assertThat(holding(12)).isEqualTo("CBACBCCBACBC");
    }

    @Test
    void sourceHashingKeepsAClientOnItsServer() {
        add(service("sh").build(), 1, 1, 1);
        StringBuilder first = new StringBuilder();
        StringBuilder second = new StringBuilder();
        for (int client = 1; client <= 20; client++) {
            first.append(pick(client));
        }
        for (int client = 1; client <= 20; client++) {
            second.append(pick(client));
        }
        assertThat(second).hasToString(first.toString());
        assertThat(first.toString()).contains("A").contains("B").contains("C");
    }

    @Test
    void noServerMeansARefusal() {
        add(service("wlc").build(), 0, 0, 0);
        assertThat(picks(2)).isEqualTo("--");
        assertThat(director.snapshot().services().get(0).refused()).isEqualTo(harness.countsRefused() ? 2 : 0);
    }

    // ---------------------------------------------------------------- quiescing, thresholds

    @Test
    void aQuiescedServerGetsNoNewConnectionAndKeepsThoseItHas() {
        ServiceHandle service = add(service("rr").build(), 1, 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        assertThat(letter(held)).isEqualTo("C");
        service.server(c).weight(0);
        assertThat(picks(6)).isEqualTo("BABABA");
        assertThat(held.works()).isTrue();
        service.server(c).weight(1);
        assertThat(picks(3)).contains("C");
    }

    @Test
    void aServerAtItsUpperThresholdIsPassedOverUntilItIsBelowTheLowerOne() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        service.update(service.description()
                .withRealServer(RealServer.builder(b)
                        .upperThreshold(2)
                        .lowerThreshold(1)
                        .build()));
        List<BackendHarness.Connection> held = new ArrayList<>();
        while (held.stream().filter(x -> x.server().equals(b)).count() < 2) {
            held.add(connect(1).orElseThrow());
        }
        assertThat(picks(3)).isEqualTo("AAA");
        List<BackendHarness.Connection> ofB =
                held.stream().filter(x -> x.server().equals(b)).toList();
        end(ofB.get(0), service, b, 1);
        assertThat(picks(2)).isEqualTo("AA");
        end(ofB.get(1), service, b, 0);
        assertThat(picks(2)).contains("B");
    }

    // ---------------------------------------------------------------- persistence

    @Test
    void aPersistentClientStaysForTheTimeoutAfterItsLastConnection() {
        Duration timeout = Duration.ofSeconds(20);
        ServiceHandle service = add(service("rr").persistence(timeout).build(), 1, 1, 1);
        assertThat(pick(1) + pick(1) + pick(2) + pick(1) + pick(3)).isEqualTo("CCBCA");
        awaitIdle(service);
        pass(timeout.minus(harness.precision()));
        assertThat(pick(1)).isEqualTo("C");
        awaitIdle(service);
        pass(timeout.minus(harness.precision()));
        assertThat(pick(1)).isEqualTo("C");
        awaitIdle(service);
        pass(timeout);
        assertThat(pick(4) + pick(5) + pick(1)).isEqualTo("CBA");
    }

    @Test
    void aPersistentClientStaysWhileItsConnectionLives() {
        add(service("rr").persistence(Duration.ofSeconds(1)).build(), 1, 1, 1);
        hold(1);
        pass(Duration.ofSeconds(3));
        assertThat(pick(2) + pick(1)).isEqualTo("BC");
    }

    @Test
    void clientsOfOneNetworkStayTogether() {
        add(
                service("rr")
                        .persistence(Persistence.of(Duration.ofMinutes(5)).withNetmask("255.255.255.0"))
                        .build(),
                1,
                1,
                1);
        assertThat(pick(1) + pick(2) + pick(200) + pick(256 + 1) + pick(256 + 9) + pick(3))
                .isEqualTo("CCCBBC");
    }

    @Test
    void aPersistentClientLeavesAQuiescedServerAtOnce() {
        ServiceHandle service =
                add(service("rr").persistence(Duration.ofMinutes(5)).build(), 1, 1, 1);
        assertThat(pick(1)).isEqualTo("C");
        service.server(c).weight(0);
        assertThat(pick(1) + pick(1)).isEqualTo("BB");
        service.server(c).weight(1);
        assertThat(pick(1)).isEqualTo("B");
    }

    @Test
    void aPersistentClientOfAFailedServerMovesAndStaysWhereItWent() {
        ServiceHandle service = add(
                service("rr")
                        .persistence(Duration.ofMinutes(5))
                        .healthCheck(TcpCheck.create())
                        .build(),
                1,
                1,
                1);
        assertThat(pick(1)).isEqualTo("C");
        verdict(() -> health.fail(c), service.server(c), ServerState.DOWN);
        assertThat(pick(1) + pick(1)).isEqualTo("BB");
        verdict(() -> health.pass(c), service.server(c), ServerState.UP);
        assertThat(pick(1)).isEqualTo("B");
    }

    // ---------------------------------------------------------------- tables and refusals

    @Test
    void applyingTheSameTableChangesNothing() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        assertThat(director.apply(List.of(service.description())).isEmpty()).isTrue();
        assertThat(held.works()).isTrue();
        assertThat(picks(1)).isEqualTo("A"); // the turn goes on
        service.server(a).weight(2);
        awaitEvent(DirectorEvent.WeightChanged.class);
        assertThat(eventTypes()).containsExactly("service-added", "server-added", "server-added", "weight-changed");
    }

    @Test
    void applyingATableAddsChangesAndRemovesAndSaysWhat() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        VirtualService other = VirtualService.builder()
                .listen(harness.freeListenAddress())
                .realServer(RealServer.builder(c).build())
                .build();
        VirtualService changed = service.description().withoutRealServer(a);
        List<VirtualService> desired = List.of(changed, other);
        Plan plan = director.plan(desired);
        assertThat(plan.changes()).containsExactly(new Plan.RemoveServer(service.key(), a), new Plan.AddService(other));
        assertThat(director.apply(desired)).isEqualTo(plan);
        assertThat(held.works()).isTrue();
        assertThat(picks(2)).isEqualTo("BB");
        assertThat(director.apply(List.of(other)).changes()).containsExactly(new Plan.RemoveService(service.key()));
        Patience.await(() -> !held.works());
        assertThat(director.services()).extracting(ServiceHandle::key).containsExactly(other.key());
    }

    @Test
    void aServiceIsAddedOnceAndItsAddressBelongsToOneService() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        assertThatThrownBy(() -> director.add(service.description()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("service: " + service.key() + " (expected: each service once)");
        VirtualService overlapping = VirtualService.builder()
                .listen(address)
                .listen(harness.freeListenAddress())
                .build();
        assertThatThrownBy(() -> director.add(overlapping))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlaps " + service.key());
        assertThat(picks(2)).isEqualTo("BA");
    }

    @Test
    void whatTheBackendCannotDoIsRefusedBeforeAnythingChanges() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        List<VirtualService> impossible = impossible(service.description());
        for (VirtualService wanted : impossible) {
            assertThatThrownBy(() -> service.update(wanted))
                    .isInstanceOf(UnsupportedSettingException.class)
                    .hasMessageContaining("on the " + director.backendName() + " backend");
            assertThat(service.description().realServers()).hasSize(2);
        }
        assertThat(picks(2)).isEqualTo("BA");
    }

    private List<VirtualService> impossible(VirtualService service) {
        Capabilities can = backend.capabilities();
        List<VirtualService> wanted = new ArrayList<>();
        for (ForwardingMethod method : List.of(
                ForwardingMethod.directRouting(), ForwardingMethod.tunnel(ForwardingMethod.Encapsulation.IPIP))) {
            if (!can.forwardingMethods().contains(method.kind())) {
                wanted.add(service.toBuilder().forwarding(method).build());
                wanted.add(service.withRealServer(service.realServers().get(0).toBuilder()
                        .forwarding(method)
                        .build()));
            }
        }
        return wanted;
    }

    @Test
    void aServiceThatHasGoneIsUnknown() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        service.remove();
        Patience.await(() -> !held.works());
        assertThat(connect(1)).isEmpty();
        assertThatThrownBy(service::snapshot)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("service: " + service.key() + " (expected: one of [])");
        director.add(service("rr").realServer(RealServer.builder(a).build()).build());
        assertThat(picks(1)).isEqualTo("A");
    }

    // ---------------------------------------------------------------- looking and closing

    @Test
    void aSnapshotCountsConnections() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection first = connect(1).orElseThrow();
        hold(1);
        hold(1);
        ServerCounters ofB = service.server(b).snapshot().counters();
        assertThat(ofB.active()).isEqualTo(2);
        assertThat(ofB.inactive()).isZero();
        end(first, service, b, 1);
        Patience.await(() -> service.snapshot().connections() == 3
                && service.server(b).snapshot().counters().connections() == 2);
    }

    @Test
    void connectionsAreListedWithTheirClientServiceAndServer() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection first = connect(1).orElseThrow();
        BackendHarness.Connection second = connect(2).orElseThrow();
        if (!harness.listsConnections()) {
            assertThat(service.connections(10)).isEqualTo(ConnectionEntries.none());
            return;
        }
        ConnectionEntries listed = listed(service, 10, 2);
        assertThat(listed.more()).isZero();
        assertThat(listed.entries())
                .extracting(entry -> entry.client().getAddress(), ConnectionEntry::destination)
                .containsExactlyInAnyOrder(
                        tuple(harness.seenAs(clientAddress(1)), first.server().socketAddress()),
                        tuple(harness.seenAs(clientAddress(2)), second.server().socketAddress()));
        assertThat(listed.entries()).allSatisfy(entry -> {
            assertThat(entry.protocol()).isEqualTo("TCP");
            assertThat(entry.virtual()).isEqualTo(new InetSocketAddress(address.address(), address.firstPort()));
            assertThat(entry.state()).isEqualTo("ESTABLISHED");
            assertThat(entry.expiresIn()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(15));
            assertThat(entry.isTemplate()).isFalse();
        });
        first.close();
        Patience.await(() -> established(service) == 1);
        assertThat(second.works()).isTrue();
    }

    /** Those of others, which come and go, may hide some for a moment. */
    private static ConnectionEntries listed(ServiceHandle service, int most, int all) {
        ConnectionEntries[] listed = {service.connections(most)};
        Patience.await(() -> {
            boolean complete = listed[0].entries().size() + listed[0].more() == all;
            listed[0] = complete ? listed[0] : service.connections(most);
            return complete;
        });
        return listed[0];
    }

    private static long established(ServiceHandle service) {
        return service.connections(10).entries().stream()
                .filter(entry -> entry.state().equals("ESTABLISHED"))
                .count();
    }

    @Test
    void templatesAreListedWithTheClientAndWithoutAPort() {
        Duration timeout = Duration.ofMinutes(5);
        ServiceHandle service = add(service("rr").persistence(timeout).build(), 1, 1, 1);
        BackendHarness.Connection connection = connect(1).orElseThrow();
        List<ConnectionEntry> templates = listed(service, 10, harness.listsConnections() ? 2 : 1).entries().stream()
                .filter(ConnectionEntry::isTemplate)
                .toList();
        assertThat(templates).hasSize(1);
        ConnectionEntry template = templates.get(0);
        assertThat(template.protocol()).isEqualTo("TCP");
        assertThat(template.client()).isEqualTo(new InetSocketAddress(harness.seenAs(clientAddress(1)), 0));
        assertThat(template.virtual()).isEqualTo(new InetSocketAddress(address.address(), address.firstPort()));
        assertThat(template.destination()).isEqualTo(connection.server().socketAddress());
        assertThat(template.expiresIn()).isBetween(Duration.ofSeconds(1), timeout);
    }

    @Test
    void asManyConnectionsAsAskedForAreListedAndTheOthersCounted() {
        ServiceHandle service =
                add(service("rr").persistence(Duration.ofMinutes(5)).build(), 1, 1, 1);
        int clients = 5;
        for (int client = 1; client <= clients; client++) {
            hold(client);
        }
        int all = harness.listsConnections() ? 2 * clients : clients; // each has a template
        for (int most : new int[] {1, clients - 1, clients, all, all + 1, ConnectionEntries.MAX}) {
            assertThat(listed(service, most, all).entries())
                    .as("at most %d", most)
                    .hasSize(Math.min(most, all));
        }
        for (int most : new int[] {Integer.MIN_VALUE, -1, 0, ConnectionEntries.MAX + 1}) {
            assertThatThrownBy(() -> service.connections(most))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("most: " + most + " (expected: 1..65536)");
        }
    }

    @Test
    void aServiceListsItsOwnConnectionsAsLongAsItIsThere() {
        ServiceHandle service =
                add(service("rr").persistence(Duration.ofMinutes(5)).build(), 1, 1, 1);
        ServiceHandle other = director.add(VirtualService.builder()
                .listen(harness.freeListenAddress())
                .persistence(Duration.ofMinutes(5))
                .realServer(RealServer.builder(c).build())
                .build());
        hold(1);
        assertThat(listed(service, 10, harness.listsConnections() ? 2 : 1).entries())
                .isNotEmpty();
        assertThat(other.connections(10)).isEqualTo(ConnectionEntries.none());
        other.remove();
        assertThatThrownBy(() -> other.connections(10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("service: " + other.key());
        director.close();
        assertThatThrownBy(() -> service.connections(10)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingGracefullyWaitsForConnectionsAndTakesNoNewOnes() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        CompletableFuture<CloseReport> closing = director.closeGracefully(Duration.ofMinutes(1));
        time.advance(Duration.ofSeconds(30));
        assertThat(connect(2)).isEmpty();
        assertThat(held.works()).isTrue();
        assertThat(closing).isNotDone();
        held.close();
        awaitIdle(service);
        awaitWhileAdvancing(closing);
        assertThat(get(closing).remaining()).isZero();
        assertThatThrownBy(service::snapshot).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingGracefullyEndsAtItsDeadline() {
        add(service("rr").build(), 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        CompletableFuture<CloseReport> closing = director.closeGracefully(Duration.ofMinutes(1));
        time.advance(Duration.ofMinutes(1));
        assertThat(get(closing)).isEqualTo(new CloseReport(1, Duration.ofMinutes(1)));
        Patience.await(() -> !held.works());
    }

    @Test
    void aClosedDirectorRefusesAndClosingTwiceIsHarmless() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        director.close();
        director.close();
        assertThatThrownBy(() -> director.add(service("rr").build()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("director: closed (expected: open)");
        assertThatThrownBy(() -> service.server(a).weight(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDrainUnderWayEndsWhenTheDirectorCloses() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        hold(1);
        CompletableFuture<DrainReport> drain = service.server(b).drain(Duration.ofMinutes(5));
        director.close();
        assertThat(get(drain).outcome()).isEqualTo(DrainReport.Outcome.REMOVED);
    }
}
