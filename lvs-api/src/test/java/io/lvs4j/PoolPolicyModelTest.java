package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.Pool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Whatever happens in whatever order, those serve that a slow model says. */
class PoolPolicyModelTest {
    private static final List<ServerKey> SERVERS = IntStream.rangeClosed(1, 4)
            .mapToObj(i -> ServerKey.of("10.0.1." + i, 80))
            .toList();
    private static final ServerKey SORRY = ServerKey.of("10.0.2.1", 80);
    private static final List<HealthCheck> CHECKS =
            List.of(TcpCheck.create(), TcpCheck.builder().retries(9).alpha().build());
    private static final List<Optional<Advice>> ADVICE = List.of(
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Advice.Weight(0)),
            Optional.of(new Advice.Weight(5)),
            Optional.of(new Advice.Percent(0)),
            Optional.of(new Advice.Percent(34)),
            Optional.of(Advice.Admin.DRAIN),
            Optional.of(Advice.Admin.MAINTENANCE));
    private static final int STEPS = 25;

    private SlowPoolModel model = new SlowPoolModel();
    private long second;

    @Property(tries = 200)
    void thoseServeThatASlowModelSays(@ForAll long seed) {
        model = new SlowPoolModel();
        second = 0;
        Random random = new Random(seed);
        boolean damped = random.nextInt(3) == 0;
        VirtualService service = service(random, damped);
        PoolPolicy policy = new PoolPolicy(service, () -> TimeUnit.SECONDS.toNanos(second) + Long.MAX_VALUE - 5);
        happened(policy, null);
        for (int step = 0; step < STEPS; step++) {
            ServerKey server = SERVERS.get(random.nextInt(SERVERS.size()));
            SlowPoolModel.@Nullable Fact fact = null;
            switch (random.nextInt(8)) {
                case 0 -> policy = policy.reconfigured(service(random, damped));
                case 1 -> {
                    second += random.nextInt(15);
                    policy.advance();
                }
                case 2 ->
                    fact = new SlowPoolModel.Fact(
                            server, null, random.nextBoolean(), Optional.empty(), random.nextBoolean());
                default -> {
                    boolean up = random.nextInt(5) > 1;
                    Optional<Advice> advice = up ? ADVICE.get(random.nextInt(ADVICE.size())) : Optional.empty();
                    fact = new SlowPoolModel.Fact(server, CHECKS.get(random.nextInt(2)), up, advice, false);
                }
            }
            if (fact != null && !tell(policy, fact)) {
                fact = null;
            }
            happened(policy, fact);
        }
    }

    /** Tells the policy, as the director would, of servers and checks that are described. */
    private static boolean tell(PoolPolicy policy, SlowPoolModel.Fact fact) {
        Optional<RealServer> server = policy.service().realServer(fact.server());
        HealthCheck check = fact.check();
        if (server.isEmpty()
                || (check != null && !policy.service().checksOf(server.get()).contains(check))) {
            return false;
        }
        if (check != null) {
            CheckResult passed = fact.advice()
                    .map(advice -> CheckResult.passed("up", advice))
                    .orElse(CheckResult.passed("up"));
            policy.verdict(fact.server(), check, fact.on(), fact.on() ? passed : CheckResult.failed("script", "down"));
        } else if (fact.drain()) {
            policy.draining(fact.server(), fact.on());
        } else {
            policy.maintenance(fact.server(), fact.on());
        }
        return true;
    }

    private void happened(PoolPolicy policy, SlowPoolModel.@Nullable Fact fact) {
        model.happens(second, policy.service(), fact);
        Map<ServerKey, Integer> serving = new HashMap<>();
        for (Pool.Member member : policy.pool().members()) {
            if (member.serving()) {
                serving.put(member.server().key(), member.weight());
            }
        }
        assertThat(policy.quorum().held()).isEqualTo(model.quorum());
        assertThat(serving)
                .as(() -> policy.service() + " "
                        + policy.all().stream()
                                .map(each -> each.server + " " + each.state + " " + each.advice)
                                .toList())
                .isEqualTo(model.serving());
        assertThat(policy.copy().pool()).isEqualTo(policy.pool());
    }

    private static VirtualService service(Random random, boolean damped) {
        VirtualService.Builder service = VirtualService.builder()
                .listen("10.0.0.1", 80)
                .quorum(1 + random.nextInt(6), random.nextInt(3))
                .panicThreshold(random.nextBoolean() ? 0 : random.nextInt(101))
                .maxDepool(random.nextBoolean() ? 100 : random.nextInt(101));
        CHECKS.stream().filter(check -> random.nextInt(4) > 0).forEach(service::healthCheck);
        if (damped) {
            service.flapDamping(new FlapDamping(Duration.ofSeconds(5), Duration.ofSeconds(20)));
        }
        if (random.nextInt(4) == 0) {
            service.alpha();
        }
        if (random.nextInt(4) == 0) {
            service.inhibitOnFailure();
        }
        if (random.nextInt(3) > 0) {
            ServerKey sorry = random.nextBoolean() ? SORRY : SERVERS.get(random.nextInt(SERVERS.size()));
            service.sorryServer(RealServer.builder(sorry).weight(7).build());
        }
        for (ServerKey server : SERVERS) {
            if (random.nextInt(5) > 0) {
                RealServer.Builder described =
                        RealServer.builder(server).weight(random.nextInt(4)).priority(random.nextInt(3) / 2);
                service.realServer((random.nextInt(6) == 0 ? described.inhibitOnFailure() : described).build());
            }
        }
        return service.build();
    }
}
