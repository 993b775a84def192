package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulingTest {

    @Test
    void settingsReadAsAnOperatorWouldTypeThem() {
        assertThat(Scheduling.of("wlc")).hasToString("wlc");
        assertThat(Scheduling.of("sh").withFlags(SchedulerFlag.SH_PORT, SchedulerFlag.SH_FALLBACK))
                .hasToString("sh sh-fallback sh-port");
        assertThat(Scheduling.of("mh").withTableSize(65521).withFlags(SchedulerFlag.MH_PORT))
                .hasToString("mh mh-port table 65521");
        assertThat(Scheduling.of("lblcr").withExpiry(Duration.ofHours(1))).hasToString("lblcr expiry 3600");
    }

    @Test
    void equalSettingsAreEqual() {
        assertThat(Scheduling.of("sh").withFlags(SchedulerFlag.SH_PORT, SchedulerFlag.SH_FALLBACK))
                .isEqualTo(Scheduling.of("sh").withFlags(SchedulerFlag.SH_FALLBACK, SchedulerFlag.SH_PORT))
                .isNotEqualTo(Scheduling.of("sh"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 250, 4096, 65537, 131072})
    void aTableSizeThatIsNoSupportedPrimeIsRefused(int size) {
        assertThatThrownBy(() -> Scheduling.of("mh").withTableSize(size))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("table size: " + size
                        + " (expected: one of 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071)");
    }

    @Test
    void settingsOfAnotherSchedulerAreRefused() {
        assertThatThrownBy(() -> Scheduling.of("rr").withTableSize(4093))
                .hasMessage("table size: 4093 (expected: none, only mh has a table size)");
        assertThatThrownBy(() -> Scheduling.of("mh").withFlags(SchedulerFlag.SH_PORT))
                .hasMessage("scheduler flag: sh-port (expected: mh-fallback, mh-port for mh)");
        assertThatThrownBy(() -> Scheduling.of("wlc").withFlags(SchedulerFlag.SH_PORT))
                .hasMessage("scheduler flag: sh-port (expected: none, wlc has no flags)");
        assertThatThrownBy(() -> Scheduling.of("dh").withExpiry(Duration.ofHours(1)))
                .hasMessageStartingWith("expiry: PT1H (expected: none, only lblc and lblcr");
        assertThatThrownBy(() -> SchedulerFlag.parse("port"))
                .hasMessage(
                        "scheduler flag: port (expected: one of sh-fallback, sh-port, sh-old-hash, dh-old-hash, mh-fallback, mh-port)");
    }

    @ParameterizedTest
    @CsvSource({"0", "999", "-1000", "1500", "2678401000"})
    void anExpiryOutOfRangeIsRefused(long millis) {
        Duration expiry = Duration.ofMillis(millis);
        assertThatThrownBy(() -> Scheduling.of("lblc").withExpiry(expiry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expiry: " + expiry + " (expected: whole seconds, PT1S..PT744H)");
    }

    @Test
    void whatIsHardlyMeantIsWarnedOf() {
        assertThat(service("nq", Protocol.UDP, 1).warnings())
                .singleElement()
                .asString()
                .startsWith("scheduler nq on UDP:");
        assertThat(service("sed", Protocol.UDP, 1).warnings())
                .singleElement()
                .asString()
                .startsWith("scheduler sed on UDP:");
        assertThat(service("sh", Protocol.TCP, 200, 57).warnings())
                .singleElement()
                .asString()
                .startsWith("scheduler sh with weights of 257 in all:");
        assertThat(service("nq", Protocol.TCP, 1).warnings()).isEmpty();
        assertThat(service("sh", Protocol.TCP, 200, 56).warnings()).isEmpty();
        assertThat(service("rr", Protocol.UDP, 1).warnings()).isEmpty();
    }

    private static VirtualService service(String scheduler, Protocol protocol, int... weights) {
        VirtualService.Builder builder = VirtualService.builder()
                .listen("10.0.0.1", 53)
                .protocol(protocol)
                .scheduler(scheduler);
        for (int i = 0; i < weights.length; i++) {
            int weight = weights[i];
            builder.realServer("10.0.1." + (i + 1), 53, server -> server.weight(weight));
        }
        return builder.build();
    }

    @Test
    void thereAreFourteen() {
        assertThat(Scheduling.names()).hasSize(14).allSatisfy(name -> {
            assertThat(Scheduling.of(name).isKernels()).isTrue();
            assertThat(Scheduling.of(name).flags()).isEqualTo(java.util.Set.of());
        });
        assertThat(List.copyOf(Scheduling.names())).doesNotHaveDuplicates();
    }
}
