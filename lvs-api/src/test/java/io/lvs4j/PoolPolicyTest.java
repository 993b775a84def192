package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.Pool;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolPolicyTest {
    private static final HealthCheck TCP = TcpCheck.create();
    private static final HealthCheck SLOW_TCP = TcpCheck.builder().retries(9).build();
    private static final CheckResult PASSED = CheckResult.passed("up");
    private static final CheckResult FAILED = CheckResult.failed("script", "down");
    private static final ServerKey A = ServerKey.of("10.0.1.1", 80);
    private static final ServerKey B = ServerKey.of("10.0.1.2", 80);

    private final PoolPolicy policy = new PoolPolicy(service(3), () -> 0);

    private static VirtualService service(int weight) {
        return VirtualService.builder()
                .listen("10.0.0.1", 80)
                .healthCheck(TCP)
                .healthCheck(SLOW_TCP)
                .realServer(RealServer.builder(A).weight(weight).build())
                .realServer(RealServer.builder(B).build())
                .build();
    }

    private Pool.Member member(PoolPolicy of, ServerKey key) {
        return of.pool().members().stream()
                .filter(m -> m.server().key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aServerServesUntilACheckFails() {
        assertThat(policy.state(A)).isEqualTo(ServerState.UP);
        assertThat(member(policy, A).serving()).isTrue();
        policy.verdict(A, TCP, false, FAILED);
        assertThat(policy.state(A)).isEqualTo(ServerState.DOWN);
        assertThat(member(policy, A).serving()).isFalse();
        assertThat(member(policy, B).serving()).isTrue();
    }

    @Test
    void aServerIsUpOnlyWhileAllOfItsChecksPass() {
        policy.verdict(A, TCP, false, FAILED);
        policy.verdict(A, SLOW_TCP, false, FAILED);
        policy.verdict(A, TCP, true, PASSED);
        assertThat(policy.state(A)).isEqualTo(ServerState.DOWN);
        policy.verdict(A, SLOW_TCP, true, PASSED);
        assertThat(policy.state(A)).isEqualTo(ServerState.UP);
    }

    @Test
    void aDrainingServerServesWithWeightZero() {
        policy.draining(A, true);
        assertThat(member(policy, A).serving()).isTrue();
        assertThat(member(policy, A).weight()).isZero();
        policy.draining(A, false);
        assertThat(member(policy, A).weight()).isEqualTo(3);
    }

    @Test
    void maintenanceOutlastsHealth() {
        policy.maintenance(A, true);
        policy.verdict(A, TCP, false, FAILED);
        policy.verdict(A, TCP, true, PASSED);
        assertThat(policy.state(A)).isEqualTo(ServerState.MAINTENANCE);
        assertThat(member(policy, A).serving()).isFalse();
        policy.maintenance(A, false);
        assertThat(policy.state(A)).isEqualTo(ServerState.UP);
    }

    @Test
    void anUpdateKeepsWhatIsKnownOfEqualServersAndEqualChecks() {
        policy.verdict(A, TCP, false, FAILED);
        policy.maintenance(B, true);
        policy.draining(B, true);
        PoolPolicy next = policy.reconfigured(service(7));
        assertThat(next.state(A)).isEqualTo(ServerState.DOWN);
        assertThat(next.state(B)).isEqualTo(ServerState.MAINTENANCE);
        assertThat(member(next, A).weight()).isEqualTo(7);
        assertThat(member(next, B).weight()).isZero();
    }

    @Test
    void aCheckThatIsNoLongerAskedForDoesNotKeepAServerDown() {
        policy.verdict(A, SLOW_TCP, false, FAILED);
        PoolPolicy next = policy.reconfigured(
                service(3).toBuilder().noHealthChecks().healthCheck(TCP).build());
        assertThat(next.state(A)).isEqualTo(ServerState.UP);
    }

    @Test
    void aServerThatLeftAndCameBackStartsAnew() {
        policy.verdict(A, TCP, false, FAILED);
        PoolPolicy without = policy.reconfigured(service(3).withoutRealServer(A));
        assertThat(without.pool().members()).hasSize(1);
        assertThat(without.reconfigured(service(3)).state(A)).isEqualTo(ServerState.UP);
    }

    @Test
    void membersKeepTheOrderOfTheDescription() {
        assertThat(policy.pool().members()).extracting(m -> m.server().key()).isEqualTo(List.of(A, B));
    }
}
