package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.DirectorEvent;
import io.lvs4j.FlapDamping;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.check.Advice;
import io.lvs4j.check.TcpCheck;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every backend makes of the rules of a pool, as tables: what happens to which of the servers A, B and C, and who gets
 * connections then. S is a sorry server, and {@code -} says that nobody does.
 */
abstract class PoolRulesContract extends DirectorOnBackend {
    private static final int PICKS = 6; // twice round three servers

    private ServerKey s;

    @BeforeEach
    void startSorryServer() {
        s = server("S");
    }

    private ServiceHandle serve(VirtualService.Builder service) {
        return add(service.healthCheck(TcpCheck.create()).build(), 1, 1, 1);
    }

    /** Does line by line what stands on the left, and looks whether those on the right serve. */
    private void table(ServiceHandle service, String text) {
        text.lines().forEach(line -> {
            String[] columns = line.split("\\|");
            for (String step : columns[0].split(";")) {
                step(service, step.strip());
            }
            assertThat(servers()).as(line.strip()).isEqualTo(columns[1].strip());
        });
    }

    private String servers() {
        return picks(PICKS)
                .chars()
                .distinct()
                .sorted()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private void step(ServiceHandle service, String step) {
        String[] words = step.split(" ");
        if (words[0].equals("wait")) {
            time.advance(Duration.ofSeconds(Integer.parseInt(words[1])));
            return;
        }
        ServerKey server = words.length > 1 ? key(words[1]) : a;
        switch (words[0]) {
            case "start" -> {}
            case "fail" -> health.fail(server);
            case "pass" -> health.pass(server);
            case "advise" -> health.pass(server, advice(words[2]));
            case "maintain" -> service.server(server).startMaintenance();
            case "return" -> service.server(server).endMaintenance();
            case "weight" -> service.server(server).weight(Integer.parseInt(words[2]));
            default -> throw new IllegalArgumentException("step: " + step);
        }
        time.advance(Duration.ZERO); // the director works verdicts off on its timers
    }

    private ServerKey key(String letter) {
        return letters.entrySet().stream()
                .filter(entry -> entry.getValue().equals(letter))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static Advice advice(String text) {
        return switch (text) {
            case "drain" -> Advice.Admin.DRAIN;
            case "maintenance" -> Advice.Admin.MAINTENANCE;
            default ->
                text.endsWith("%")
                        ? new Advice.Percent(Integer.parseInt(text.substring(0, text.length() - 1)))
                        : new Advice.Weight(Integer.parseInt(text));
        };
    }

    // ---------------------------------------------------------------- quorum and sorry server

    @Test
    void theSorryServerServesWhileTheQuorumIsLostAndConnectionsGoOn() {
        ServiceHandle service =
                serve(service("rr").quorum(2).sorryServer(RealServer.builder(s).build()));
        BackendHarness.Connection held = connect(1).orElseThrow();
        table(service, """
                start             | ABC
                fail A            | BC
                fail B            | S
                pass B            | BC
                maintain C        | S
                """);
        BackendHarness.Connection sorry = connect(1).orElseThrow();
        assertThat(letter(sorry)).isEqualTo("S");
        assertThat(service.snapshot().sorryServer())
                .hasValueSatisfying(server -> assertThat(server.serving()).isTrue());
        assertThat(service.snapshot().quorum().held()).isFalse();
        assertThat(service.server(b).snapshot().state()).isEqualTo(ServerState.STANDBY);
        table(service, """
                pass A            | AB
                return C          | ABC
                advise A 0        | BC
                advise B 0        | S
                pass B            | BC
                """);
        assertThat(service.snapshot().sorryServer())
                .hasValueSatisfying(server -> assertThat(server.state()).isEqualTo(ServerState.STANDBY));
        assertThat(held.works()).isTrue();
        assertThat(sorry.works()).isTrue();
        awaitEvent(DirectorEvent.QuorumGained.class);
        assertThat(eventTypes()).containsSubsequence("server-down", "quorum-lost", "server-up", "quorum-gained");
    }

    @Test
    void hysteresisKeepsTheQuorumAsItIs() {
        table(serve(service("rr").quorum(2, 1).sorryServer(RealServer.builder(s).build())), """
                start             | ABC
                fail A            | BC
                fail B            | C
                fail C            | S
                pass A            | S
                pass B            | S
                pass C            | ABC
                """);
    }

    @Test
    void aSorryServerThatIsARealServerIsOneMember() {
        ServiceHandle service =
                serve(service("rr").quorum(2).sorryServer(RealServer.builder(c).build()));
        table(service, """
                start             | ABC
                fail A            | BC
                fail B            | C
                fail C            | C
                pass A            | C
                pass B            | AB
                pass C            | ABC
                """);
        assertThat(service.snapshot().sorryServer()).isEmpty();
    }

    @Test
    void withoutASorryServerTheLossOfTheQuorumIsOnlyTold() {
        table(serve(service("rr").quorum(3)), """
                fail A            | BC
                fail B            | C
                fail C            | -
                pass B            | B
                """);
        awaitEvent(DirectorEvent.QuorumLost.class);
    }

    // ---------------------------------------------------------------- checks

    @Test
    void withAlphaAServerServesAfterItsFirstPass() {
        ServiceHandle service =
                serve(service("rr").alpha().sorryServer(RealServer.builder(s).build()));
        table(service, """
                start             | S
                fail A            | S
                pass B            | B
                pass C            | BC
                pass A            | ABC
                """);
        service.update(service.description().toBuilder()
                .healthCheck(TcpCheck.builder().retries(7).build())
                .build());
        assertThat(servers()).isEqualTo("ABC");
    }

    @Test
    void anInhibitedServerStaysWithWeightZero() {
        ServiceHandle service = serve(service("rr").inhibitOnFailure());
        BackendHarness.Connection held = connect(1).orElseThrow();
        table(service, """
                fail C            | AB
                fail B            | A
                """);
        assertThat(service.server(c).snapshot().weight()).isZero();
        assertThat(service.server(c).snapshot().serving()).isFalse();
        assertThat(held.works()).isTrue();
        table(service, """
                fail A            | -
                pass B            | B
                pass C            | BC
                """);
    }

    @Test
    void inAPanicServersThatFailedServeAsWell() {
        ServiceHandle service = serve(service("rr").panicThreshold(60));
        table(service, """
                fail A            | BC
                fail B            | ABC
                fail C            | ABC
                maintain C        | AB
                """);
        assertThat(service.server(a).snapshot().state()).isEqualTo(ServerState.DOWN);
        assertThat(service.server(a).snapshot().serving()).isTrue();
        assertThat(service.snapshot().panic()).isTrue();
        table(service, """
                return C          | ABC
                pass A            | ABC
                pass C            | AC
                """);
        awaitEvent(DirectorEvent.PanicEnded.class);
        assertThat(eventTypes()).containsSubsequence("panic-started", "panic-ended");
    }

    @Test
    void checksTakeNoMoreServersOutThanTheyMay() {
        table(serve(service("rr").maxDepool(40)), """
                fail B            | AC
                fail A            | AC
                fail C            | AC
                pass B            | BC
                pass C            | BC
                pass A            | ABC
                """);
    }

    @Test
    void aServerThatFlapsIsHeldDownTwiceAsLongEachTime() {
        ServiceHandle service =
                serve(service("rr").flapDamping(new FlapDamping(Duration.ofSeconds(10), Duration.ofSeconds(20))));
        table(service, """
                fail B            | AC
                pass B            | AC
                wait 9            | AC
                wait 1            | ABC
                fail B; pass B    | AC
                wait 19           | AC
                fail B; pass B    | AC
                wait 19           | AC
                """);
        assertThat(service.server(b).snapshot().state()).isEqualTo(ServerState.HELD);
        table(service, """
                wait 1            | ABC
                fail B; pass B    | AC
                wait 19           | AC
                wait 1            | ABC
                wait 20           | ABC
                fail B; pass B    | AC
                wait 10           | ABC
                """);
    }

    @Test
    void aServerThatTogglesEverySecondForAMinuteChangesThePoolFourTimesAtMost() {
        serve(service("rr").flapDamping(new FlapDamping(Duration.ofSeconds(1), Duration.ofMinutes(1))));
        String before = servers();
        int transitions = 0;
        for (int second = 0; second < 60; second++) {
            if (second % 2 == 0) {
                health.fail(b);
            } else {
                health.pass(b);
            }
            time.advance(Duration.ofSeconds(1));
            String now = servers();
            transitions += now.equals(before) ? 0 : 1;
            before = now;
        }
        assertThat(transitions).isBetween(1, 4);
    }

    // ---------------------------------------------------------------- weights and priorities

    @Test
    void theBestPriorityServesAndTheOthersStandBy() {
        ServiceHandle service = director.add(service("rr")
                .healthCheck(TcpCheck.create())
                .build()
                .withRealServers(List.of(
                        RealServer.builder(a).build(),
                        RealServer.builder(b).priority(1).build(),
                        RealServer.builder(c).priority(1).build())));
        table(service, """
                start             | A
                fail A            | BC
                fail B            | C
                """);
        BackendHarness.Connection held = connect(1).orElseThrow();
        table(service, """
                pass A            | A
                weight A 0        | C
                weight A 1        | A
                maintain A        | C
                fail C            | -
                pass B            | B
                """);
        assertThat(held.works()).isTrue();
        awaitEvent(DirectorEvent.StandbyStarted.class);
    }

    @Test
    void whatAChecksAdvisesIsInForceUntilItFails() {
        ServiceHandle service = serve(service("rr"));
        table(service, """
                advise B 0        | AC
                pass B            | ABC
                advise B 0%       | AC
                advise B 1%       | ABC
                advise B drain    | AC
                fail B; pass B    | ABC
                advise B maintenance | AC
                maintain B        | AC
                pass B            | AC
                return B          | ABC
                """);
        awaitEvent(DirectorEvent.WeightChanged.class);
        assertThat(events)
                .anyMatch(event -> event instanceof DirectorEvent.WeightChanged changed
                        && changed.by() == DirectorEvent.Initiator.CHECK
                        && changed.after() == 0);
    }

    @Test
    void anAdvisedWeightIsAShareOfTheConnections() {
        ServiceHandle service =
                add(service("wrr").healthCheck(TcpCheck.create()).build(), 10, 10);
        step(service, "advise B 50%");
        assertThat(service.server(b).snapshot().weight()).isEqualTo(5);
        assertThat(picks(15).chars().filter(letter -> letter == 'B').count()).isEqualTo(5);
    }
}
