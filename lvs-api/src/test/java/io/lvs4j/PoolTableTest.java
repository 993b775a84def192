package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.Pool;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens over time, and with which weights servers are in the pool then; the backends' tables are in PoolContract. */
class PoolTableTest {
    private static final HealthCheck ONE = TcpCheck.create();
    private static final HealthCheck TWO = TcpCheck.builder().retries(9).build();
    private static final OutlierDetection OUTLIERS = OutlierDetection.defaults()
            .withFailures(5, 50)
            .withInhibit(Duration.ofSeconds(30), Duration.ofSeconds(100))
            .withMaxEjected(50);
    private static final Map<String, ServerKey> KEYS = Map.of(
            "A", ServerKey.of("10.0.1.1", 80),
            "B", ServerKey.of("10.0.1.2", 80),
            "C", ServerKey.of("10.0.1.3", 80));

    private long now = Long.MAX_VALUE - 500; // only differences mean anything
    private PoolPolicy policy = new PoolPolicy(service().build(), () -> now);

    private static VirtualService.Builder service() {
        VirtualService.Builder service =
                VirtualService.builder().listen("10.0.0.1", 80).healthCheck(ONE).healthCheck(TWO);
        KEYS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> service.realServer(
                        RealServer.builder(entry.getValue()).weight(10).build()));
        return service;
    }

    private void table(VirtualService.Builder service, String text) {
        policy = new PoolPolicy(service.build(), () -> now);
        text.lines().forEach(line -> {
            String[] columns = line.split("\\|", -1);
            for (String step : columns[0].split(";")) {
                step(step.strip().split(" "));
            }
            assertThat(pool()).as(line.strip()).isEqualTo(columns[1].strip());
        });
    }

    private String pool() {
        return policy.pool().members().stream()
                .filter(Pool.Member::serving)
                .map(member -> letter(member.server().key()) + member.weight())
                .collect(Collectors.joining(" "));
    }

    private static String letter(ServerKey key) {
        return KEYS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(key))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("S");
    }

    /** Steps with a check have it as the last letter of the verb. */
    private void step(String... words) {
        ServerKey server = words.length > 1 ? KEYS.get(words[1]) : null;
        switch (words[0]) {
            case "start" -> policy.advance();
            case "wait" -> {
                now += Duration.ofSeconds(Integer.parseInt(words[1])).toNanos();
                policy.advance();
            }
            case "fail1" -> policy.verdict(server, ONE, false, CheckResult.failed("script", "down"));
            case "fail2" -> policy.verdict(server, TWO, false, CheckResult.failed("script", "down"));
            case "pass1" -> policy.verdict(server, ONE, true, passed(words));
            case "pass2" -> policy.verdict(server, TWO, true, passed(words));
            case "maintain" -> policy.maintenance(server, true);
            case "return" -> policy.maintenance(server, false);
            case "drain" -> policy.draining(server, true);
            case "see" ->
                policy.observed(
                        Map.of(server, new ConnectionOutcomes(Long.parseLong(words[3]), Long.parseLong(words[2]), 0)));
            default -> throw new IllegalArgumentException("step: " + String.join(" ", words));
        }
    }

    private static CheckResult passed(String... words) {
        if (words.length < 3) {
            return CheckResult.passed("up");
        }
        return CheckResult.passed(
                "up",
                switch (words[2]) {
                    case "drain" -> Advice.Admin.DRAIN;
                    case "maint" -> Advice.Admin.MAINTENANCE;
                    default ->
                        words[2].endsWith("%")
                                ? new Advice.Percent(Integer.parseInt(words[2].replace("%", "")))
                                : new Advice.Weight(Integer.parseInt(words[2]));
                });
    }

    @Test
    void advisedWeights() {
        table(service(), """
                start                  | A10 B10 C10
                pass1 B 14             | A10 B14 C10
                pass2 B 7              | A10 B11 C10
                pass1 B                | A10 B7 C10
                pass2 B 65535          | A10 B65535 C10
                pass1 B 65535          | A10 B65535 C10
                pass1 B 0; pass2 B 0   | A10 B0 C10
                pass1 B 31%; pass2 B   | A10 B4 C10
                pass2 B 75%            | A10 B4 C10
                pass2 B 12             | A10 B6 C10
                pass1 B 200%           | A10 B22 C10
                fail1 B                | A10 C10
                pass1 B                | A10 B12 C10
                pass2 B drain          | A10 B0 C10
                pass2 B maint          | A10 C10
                fail2 B; pass2 B       | A10 B10 C10
                """);
    }

    @Test
    void aFailedCheckOutdoesAdviceAndAnOperatorsMaintenanceOutdoesBoth() {
        table(service(), """
                pass1 B 50; fail2 B     | A10 C10
                pass1 B maint           | A10 C10
                """);
        assertThat(policy.state(KEYS.get("B"))).isEqualTo(ServerState.DOWN);
        step("pass2", "B");
        assertThat(policy.state(KEYS.get("B"))).isEqualTo(ServerState.MAINTENANCE);
        assertThat(policy.inMaintenance(KEYS.get("B"))).isFalse();
        step("fail2", "B");
        step("maintain", "B");
        assertThat(policy.state(KEYS.get("B"))).isEqualTo(ServerState.MAINTENANCE);
    }

    @Test
    void aSlowStartLeadsToTheAdvisedWeight() {
        table(service().slowStart(Duration.ofSeconds(10)), """
                pass1 B 20              | A10 B20 C10
                fail2 B; pass2 B        | A10 B1 C10
                wait 5                  | A10 B10 C10
                pass1 B 4               | A10 B2 C10
                wait 5                  | A10 B4 C10
                """);
    }

    @Test
    void alphaServersDoNotStartSlowlyWhenTheServiceStarts() {
        table(service().slowStart(Duration.ofSeconds(10)).alpha(), """
                pass1 A                 |
                pass2 A                 | A10
                fail1 B; pass1 B        | A10
                pass2 B                 | A10 B1
                """);
    }

    @Test
    void aPanicCountsServersThatHaveNotBeenJudgedAsUp() {
        table(service().alpha().panicThreshold(50), """
                start                   |
                fail1 A                 |
                fail1 B                 | A10 B10
                pass1 C; pass2 C        | A10 B10 C10
                pass1 A; pass2 A        | A10 C10
                """);
    }

    @Test
    void whoIsInMaintenanceDoesNotServeInAPanicNorAsASorryServer() {
        RealServer sorry = RealServer.builder(KEYS.get("C")).build();
        table(service().panicThreshold(100), """
                fail1 A; pass2 B maint  | A10 C10
                maintain A              | C10
                """);
        table(service().quorum(25).sorryServer(sorry), """
                fail1 A                 | C1
                drain C                 | B10 C0
                """);
    }

    @Test
    void serversThatServeAlthoughTheyFailedDoNotStartSlowlyWhenTheyReturn() {
        table(service().panicThreshold(60).slowStart(Duration.ofSeconds(10)), """
                fail1 A; fail1 B        | A10 B10 C10
                pass1 A                 | A10 C10
                pass1 B                 | A10 B1 C10
                """);
    }

    @Test
    void outliersAreOutTwiceAsLongEachTimeAndOneTimeIsForgottenAfterAWhile() {
        table(service().outlierDetection(OUTLIERS), """
                see A 4 4               | A10 B10 C10
                see A 5 11              | A10 B10 C10
                see A 5 10              | B10 C10
                see B 9 9               | B10 C10
                wait 29                 | B10 C10
                wait 1                  | A10 B10 C10
                see A 5 5; wait 59      | B10 C10
                wait 1                  | A10 B10 C10
                see A 5 5; wait 99      | B10 C10
                wait 1                  | A10 B10 C10
                wait 60; see A 5 5      | B10 C10
                wait 59                 | B10 C10
                wait 1                  | A10 B10 C10
                """);
    }

    @Test
    void theLastServerThatServesIsNotEjectedAndAFailedCheckOutdoesAnEjection() {
        table(service().outlierDetection(OUTLIERS.withMaxEjected(100)), """
                see A 5 5               | B10 C10
                see B 5 5               | C10
                see C 5 5               | C10
                fail1 A; wait 30        | B10 C10
                pass1 A                 | A10 B10 C10
                """);
    }

    @Test
    void aReloadKeepsHoldsEjectionsAdviceAndTheQuorum() {
        VirtualService before = service()
                .flapDamping(new FlapDamping(Duration.ofSeconds(10), Duration.ofSeconds(20)))
                .outlierDetection(OUTLIERS)
                .quorum(15, 10)
                .build();
        policy = new PoolPolicy(before, () -> now);
        step("see", "A", "5", "5");
        step("fail1", "B");
        step("pass1", "B");
        step("pass1", "C", "7");
        assertThat(pool()).isEqualTo("C7");
        assertThat(policy.quorum()).isEqualTo(new Quorum(true, 7, 15, 10));
        policy = policy.reconfigured(before.toBuilder().scheduler("rr").build());
        assertThat(pool()).isEqualTo("C7");
        assertThat(policy.state(KEYS.get("A"))).isEqualTo(ServerState.EJECTED);
        assertThat(policy.state(KEYS.get("B"))).isEqualTo(ServerState.HELD);
        assertThat(policy.nanosToNextStep())
                .isEqualTo(OptionalLong.of(Duration.ofSeconds(10).toNanos()));
        step("wait", "10");
        assertThat(pool()).isEqualTo("B10 C7");
        policy = policy.reconfigured(
                before.toBuilder().noOutlierDetection().noFlapDamping().build());
        assertThat(pool()).isEqualTo("A10 B10 C7");
        assertThat(policy.nanosToNextStep()).isEmpty();
    }

    @Test
    void aCheckThatIsNewDoesNotTakeAServerDownThatIsUp() {
        VirtualService before =
                service().noHealthChecks().healthCheck(ONE).alpha().build();
        policy = new PoolPolicy(before, () -> now);
        step("pass1", "A");
        assertThat(pool()).isEqualTo("A10");
        policy = policy.reconfigured(before.toBuilder().healthCheck(TWO).build());
        assertThat(pool()).isEqualTo("A10");
        step("pass1", "B");
        assertThat(pool()).isEqualTo("A10");
        policy = policy.reconfigured(before.toBuilder().noAlpha().build());
        assertThat(pool()).isEqualTo("A10 B10 C10");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | 0 | 30 20 10 0 10   | held held held lost held
            2 | 0 | 30 1 2          | held lost held
            25 | 5 | 30 20 19 29 30 | held held lost lost held
            99 | 0 | 30 29 30       | held lost held
            2 | 9 | 30 1 2 3        | held held held held
            """)
    void quorumAndHysteresisByWeight(int quorum, int hysteresis, String weights, String expected) {
        PoolRules rules = PoolRules.builder().quorum(quorum, hysteresis).build();
        Quorum current = Quorum.beginning(true);
        StringBuilder found = new StringBuilder();
        for (String weight : weights.split(" ")) {
            current = current.next(rules, Integer.parseInt(weight), 30);
            found.append(current.held() ? " held" : " lost");
        }
        assertThat(found.toString().strip()).isEqualTo(expected);
    }
}
