package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.check.TcpCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static VirtualService service(int port, String scheduler, List<RealServer> servers) {
        return VirtualService.builder()
                .listen("10.0.0.1", port)
                .scheduler(scheduler)
                .build()
                .withRealServers(servers);
    }

    @Test
    void equalTablesNeedNothing() {
        List<VirtualService> table = List.of(service(80, "rr", List.of(RealServer.of("10.0.1.1", 80))));
        assertThat(Plan.between(table, List.copyOf(table)).isEmpty()).isTrue();
    }

    @Test
    void aPlanReadsAsAListOfSteps() {
        List<VirtualService> before = List.of(
                service(80, "rr", List.of(RealServer.of("10.0.1.1", 80), RealServer.of("10.0.1.2", 80))),
                service(81, "rr", List.of()));
        List<VirtualService> after = List.of(
                service(80, "wlc", List.of(RealServer.of("10.0.1.2", 80).withWeight(5), RealServer.of("10.0.1.3", 80))),
                service(82, "rr", List.of()));
        assertThat(Plan.between(before, after)).hasToString("""
                        - tcp 10.0.0.1:81
                        ~ tcp 10.0.0.1:80 scheduling.name rr -> wlc
                        - tcp 10.0.0.1:80 -> 10.0.1.1:80
                        ~ tcp 10.0.0.1:80 -> 10.0.1.2:80 weight 1 -> 5
                        + tcp 10.0.0.1:80 -> 10.0.1.3:80 weight 1
                        + tcp 10.0.0.1:82 rr []""");
    }

    @Test
    void everySettingThatChangesIsNamedWithItsValues() {
        VirtualService before = VirtualService.builder()
                .listen("10.0.0.1", 80)
                .healthCheck(TcpCheck.create())
                .build();
        VirtualService after = before.toBuilder()
                .persistence(Duration.ofMinutes(5))
                .timeouts(ConnectionTimeouts.defaults().withIdle(Duration.ofMinutes(20)))
                .quorum(3, 1)
                .flapDamping(new FlapDamping(Duration.ofSeconds(10), Duration.ofMinutes(1)))
                .noHealthChecks()
                .healthCheck(TcpCheck.builder().retries(2).build())
                .build();
        String text = Plan.between(List.of(before), List.of(after)).toString();
        assertThat(text)
                .startsWith("~ tcp 10.0.0.1:80 ")
                .contains(
                        "persistence none -> ",
                        "timeouts.idle PT15M -> PT20M",
                        "poolRules.quorum 1 -> 3",
                        "poolRules.hysteresis 0 -> 1",
                        "poolRules.flapDamping none -> ",
                        "retries=1",
                        "retries=2")
                .doesNotContain("scheduling", "realServers");
    }

    @Property(tries = 500)
    void carryingOutAPlanGivesTheDesiredTable(
            @ForAll("tables") List<VirtualService> before, @ForAll("tables") List<VirtualService> after) {
        Map<ServiceKey, VirtualService> table = new HashMap<>();
        before.forEach(s -> table.put(s.key(), s));
        for (Plan.Change change : Plan.between(before, after).changes()) {
            carryOut(change, table);
        }
        assertThat(table).hasSameSizeAs(after);
        for (VirtualService wanted : after) {
            VirtualService got = table.get(wanted.key());
            assertThat(got.scheduling()).isEqualTo(wanted.scheduling());
            assertThat(got.realServers()).containsExactlyInAnyOrderElementsOf(wanted.realServers());
        }
    }

    private static void carryOut(Plan.Change change, Map<ServiceKey, VirtualService> table) {
        if (change instanceof Plan.AddService added) {
            table.put(added.service(), added.description());
        } else if (change instanceof Plan.RemoveService removed) {
            table.remove(removed.service());
        } else if (change instanceof Plan.UpdateService updated) {
            List<RealServer> servers = table.get(updated.service()).realServers();
            table.put(updated.service(), updated.after().withRealServers(servers));
        } else if (change instanceof Plan.AddServer added) {
            table.computeIfPresent(added.service(), (k, s) -> s.withRealServer(added.server()));
        } else if (change instanceof Plan.RemoveServer removed) {
            table.computeIfPresent(removed.service(), (k, s) -> s.withoutRealServer(removed.server()));
        } else if (change instanceof Plan.UpdateServer updated) {
            table.computeIfPresent(updated.service(), (k, s) -> s.withRealServer(updated.after()));
        }
    }

    @Provide
    Arbitrary<List<VirtualService>> tables() {
        Arbitrary<List<RealServer>> servers = Arbitraries.integers()
                .between(0, 3)
                .list()
                .ofSize(4)
                .map(weights -> IntStream.range(0, 4)
                        .filter(i -> weights.get(i) > 0)
                        .mapToObj(i -> RealServer.of("10.0.1." + (i + 1), 80).withWeight(weights.get(i)))
                        .toList());
        Arbitrary<VirtualService> services = Combinators.combine(
                        Arbitraries.integers().between(80, 83), Arbitraries.of("rr", "wlc"), servers)
                .as(PlanTest::service);
        return services.list().ofMaxSize(4).map(list -> {
            Map<ServiceKey, VirtualService> unique = new HashMap<>();
            list.forEach(s -> unique.put(s.key(), s));
            return new ArrayList<>(unique.values());
        });
    }
}
