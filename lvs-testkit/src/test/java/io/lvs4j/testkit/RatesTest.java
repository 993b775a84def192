package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.Rates;
import io.lvs4j.ServiceHandle;
import io.lvs4j.ServiceSnapshot;
import io.lvs4j.VirtualService;
import io.lvs4j.scheduler.HeadlessBackend;
import io.lvs4j.scheduler.Lease;
import io.lvs4j.spi.Backend;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The director looks at the counters every 2 s, and snapshots show what it makes of them. */
class RatesTest {
    private final ManualTime time = new ManualTime();

    private ServiceHandle serve(Director director) {
        return director.add(VirtualService.builder()
                .listen("10.0.0.1", 80)
                .realServer("10.1.0.1", 80)
                .build());
    }

    @Test
    void aSnapshotShowsRatesAsTheKernelsEstimator() {
        HeadlessBackend backend = HeadlessBackend.create();
        try (Director director =
                Director.builder().backend(backend).ticker(time).timers(time).build()) {
            ServiceHandle service = serve(director);
            assertThat(service.snapshot().rates()).contains(Rates.ZERO);
            for (int i = 0; i < 8; i++) {
                try (Lease lease = backend.acquire(service.key(), new InetSocketAddress("10.2.0.1", 1000 + i))
                        .orElseThrow()) {
                    lease.established();
                    lease.countIn(100);
                    lease.countOut(1_000);
                }
            }
            time.advance(Backend.ESTIMATION_INTERVAL);
            ServiceSnapshot after = service.snapshot();
            Rates aQuarter = new Rates(1, 0, 0, 100, 1_000); // of 4 connections a second
            assertThat(after.rates()).contains(aQuarter);
            assertThat(after.servers().get(0).rates()).contains(aQuarter);
            time.advance(Backend.ESTIMATION_INTERVAL);
            assertThat(service.snapshot().rates()).contains(new Rates(0.75, 0, 0, 75, 750));
        }
    }

    @Test
    void aBackendThatWantsNoLooksHasNoRates() {
        try (Director director = Director.builder()
                .backend(new FailingBackend())
                .ticker(time)
                .timers(time)
                .build()) {
            assertThat(serve(director).snapshot().rates()).isEqualTo(Optional.empty());
        }
    }
}
