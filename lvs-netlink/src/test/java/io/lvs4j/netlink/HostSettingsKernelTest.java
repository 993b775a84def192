package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Director;
import io.lvs4j.VirtualService;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of the kernel that were asked for by name. */
@Isolated // they are the whole guest's
class HostSettingsKernelTest {
    private static final VirtualService WEB =
            VirtualService.builder().listen("10.0.0.1", 80).build();

    private final Sysctl sysctl = new Sysctl(Optional.empty());

    private static IpvsBackend.Builder asking() {
        return IpvsBackend.builder()
                .hostSetting("net.ipv4.vs.sloppy_tcp", "1")
                .hostSetting("net.ipv4.vs.sync_threshold", "4 60")
                .hostSetting("net.ipv4.vs.expire_nodest_conn", "0");
    }

    @Test
    void whatIsAskedForIsReportedInPlaceOfWhatServicesWantAndSetWhenAsked() {
        sysctl.set("net.ipv4.vs.sloppy_tcp", "0");
        sysctl.set("net.ipv4.vs.sync_threshold", "3 50");
        sysctl.set("net.ipv4.vs.expire_nodest_conn", "1");
        IpvsBackend backend = asking().prepareHost(true).build();
        assertThat(backend.prerequisites(List.of(WEB)))
                .filteredOn(wanted -> !wanted.met())
                .extracting(wanted -> wanted.name() + " " + wanted.actual() + " " + wanted.expected())
                .containsExactly(
                        "net.ipv4.vs.expire_nodest_conn 1 0",
                        "net.ipv4.vs.sloppy_tcp 0 1",
                        "net.ipv4.vs.sync_threshold 3 50 4 60");
        try (Director director = Director.builder().backend(backend).build()) {
            assertThat(director.snapshot().services()).isEmpty();
            assertThat(sysctl.get("net.ipv4.vs.sync_threshold")).contains("4 60");
            assertThat(backend.prerequisites(List.of(WEB))).allMatch(Prerequisite::met);
        } finally {
            sysctl.set("net.ipv4.vs.sloppy_tcp", "0");
            sysctl.set("net.ipv4.vs.sync_threshold", "3 50");
        }
    }

    @Test
    void withoutBeingAskedItSetsNothing() {
        sysctl.set("net.ipv4.vs.sloppy_tcp", "0");
        try (Director director = Director.builder().backend(asking().build()).build()) {
            director.add(WEB);
            assertThat(sysctl.get("net.ipv4.vs.sloppy_tcp")).contains("0");
        }
    }

    @Test
    void aSyncMasterWantsTheVersionThatKnowsIpv6() {
        sysctl.set("net.ipv4.vs.sync_version", "0");
        IpvsBackend backend = IpvsBackend.builder()
                .syncDaemon(SyncDaemon.of(SyncDaemon.Role.MASTER, "lo", 1))
                .prepareHost(true)
                .build();
        assertThat(backend.prerequisites(List.of()))
                .singleElement()
                .hasToString(
                        "net.ipv4.vs.sync_version: 0 (expected: 1; otherwise backups do not hear of connections over"
                                + " IPv6; sysctl -w net.ipv4.vs.sync_version=1)");
        try (Director director = Director.builder().backend(backend).build()) {
            assertThat(director.snapshot().services()).isEmpty();
            assertThat(sysctl.get("net.ipv4.vs.sync_version")).contains("1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kernel.panic, 1, expected: net.ipv4.vs.*",
        "net.ipv4.vs.../../../kernel.panic, 1, expected: net.ipv4.vs.*",
        "net.ipv4.vs.sloppy_tcp, yes, 'expected: a number, or two with a blank between'"
    })
    void whatHasNothingToDoWithIpvsIsRefused(String name, String value, String message) {
        assertThatThrownBy(() -> IpvsBackend.builder().hostSetting(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hostSetting")
                .hasMessageContaining(message);
    }
}
