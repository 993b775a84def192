package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.BackendException;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Repair;
import io.lvs4j.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real carriers do not do on demand: a service on 10.0.0.1, and one on 10.0.0.2, both of one router. */
class GatedBackendFailuresTest {
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Pool FIRST = pool("10.0.0.1");
    private static final Pool SECOND = pool("10.0.0.2");
    private static final ServiceKey KEY = FIRST.service().key();

    private final ManualTime time = new ManualTime();
    private final TableCarrier carrier = new TableCarrier();
    private final List<String> failures = new ArrayList<>();
    private final GatedBackend gated = new GatedBackend(
            carrier,
            List.of(ElectionDrive.router()
                    .name("r")
                    .address("10.0.0.1")
                    .address("10.0.0.2")
                    .build()),
            DRAIN,
            failed -> failures.add(failed.what()),
            time,
            () -> {});

    private static Pool pool(String address) {
        return new Pool(VirtualService.builder().listen(address, 80).build(), List.of());
    }

    @BeforeEach
    void describe() {
        gated.add(FIRST);
        gated.add(SECOND);
    }

    private void enter(RouterState state) {
        gated.entered("r", state);
    }

    @Test
    void oneServicesFailureKeepsNoOtherFromBeingCarried() {
        carrier.broken.add(KEY);

        enter(RouterState.MASTER);

        assertThat(carrier.rows).containsOnlyKeys(SECOND.service().key());
        assertThat(failures).containsExactly("tcp 10.0.0.1:80 cannot be carried: add tcp 10.0.0.1:80: broken");
    }

    @Test
    void whatCannotBeEndedIsToldOnceAndTriedAgainEverySecond() {
        enter(RouterState.MASTER);
        enter(RouterState.BACKUP);
        carrier.broken.add(KEY);
        time.advance(DRAIN.plus(GatedBackend.RETRY.multipliedBy(3)));

        assertThat(carrier.rows).containsOnlyKeys(KEY);
        assertThat(failures).containsExactly("tcp 10.0.0.1:80 cannot be ended: remove tcp 10.0.0.1:80: broken");

        carrier.broken.clear();
        time.advance(GatedBackend.RETRY);
        assertThat(carrier.rows).isEmpty();
        assertThat(time.pending()).isZero();
        assertThat(carrier.misuse).isEmpty();
    }

    @Test
    void whatCannotBeEndedForAMasterThatReturnsComesWhenItCan() {
        enter(RouterState.MASTER);
        enter(RouterState.BACKUP);
        carrier.broken.add(KEY);

        enter(RouterState.MASTER);
        assertThat(carrier.rows.get(KEY).takes()).isFalse();

        carrier.broken.clear();
        time.advance(GatedBackend.RETRY);
        assertThat(carrier.rows.get(KEY).takes()).isTrue();
    }

    @Test
    void whatCannotBeQuiescedIsToldAndEndsAtItsTime() {
        enter(RouterState.MASTER);
        carrier.broken.add(KEY);
        enter(RouterState.BACKUP);
        assertThat(failures).containsExactly("tcp 10.0.0.1:80 cannot be quiesced: quiesce tcp 10.0.0.1:80: broken");

        carrier.broken.clear();
        time.advance(DRAIN);
        assertThat(carrier.rows).isEmpty();
    }

    @Test
    void whatTheDirectorCannotRemoveIsStillThere() {
        enter(RouterState.MASTER);
        carrier.broken.add(KEY);

        assertThatThrownBy(() -> gated.remove(KEY)).isInstanceOf(BackendException.class);
        gated.update(FIRST);
        assertThat(gated.counters(KEY).connections()).isPositive();

        carrier.broken.clear();
        gated.remove(KEY);
        assertThat(carrier.rows).doesNotContainKey(KEY);
        assertThat(failures).isEmpty();
    }

    @Test
    void failuresAreToldWithoutTheLock() {
        List<Long> seen = new ArrayList<>();
        GatedBackend[] gate = new GatedBackend[1];
        gate[0] = new GatedBackend(
                carrier,
                List.of(ElectionDrive.router().name("r").address("10.0.0.1").build()),
                DRAIN,
                failed -> seen.add(CompletableFuture.supplyAsync(
                                () -> gate[0].counters(KEY).connections())
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join()),
                time,
                () -> {});
        gate[0].add(FIRST);
        carrier.broken.add(KEY);

        gate[0].entered("r", RouterState.MASTER);

        assertThat(seen).containsExactly(0L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatLeavesWhileItIsListedHasNoConnections(boolean returns) {
        enter(RouterState.MASTER);
        carrier.beforeListing = () -> {
            enter(RouterState.BACKUP);
            time.advance(DRAIN);
        };
        carrier.afterListing = () -> enter(returns ? RouterState.MASTER : RouterState.BACKUP);

        assertThat(gated.connections(KEY, 10)).isEqualTo(ConnectionEntries.none());
        assertThat(carrier.rows.containsKey(KEY)).isEqualTo(returns);
    }

    @Test
    void whatIsRemovedWhileItIsListedIsUnknown() {
        enter(RouterState.MASTER);
        carrier.beforeListing = () -> gated.remove(KEY);

        assertThatThrownBy(() -> gated.connections(KEY, 10)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void repairsAndIntervalsAreTheCarriers() {
        assertThat(gated.repair()).isEmpty();
        enter(RouterState.MASTER);

        assertThat(gated.repair())
                .extracting(Repair::service)
                .containsExactlyInAnyOrderElementsOf(carrier.rows.keySet());
        assertThat(gated.repairInterval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(gated.rateInterval()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aDrainTimeIsNotNegative() {
        assertThatThrownBy(() -> new GatedBackend(carrier, List.of(), Duration.ofMillis(-1), failed -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("drainTimeout: PT-0.001S (expected: zero or more)");
    }
}
