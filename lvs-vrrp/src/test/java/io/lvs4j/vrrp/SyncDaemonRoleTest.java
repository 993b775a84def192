package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.BackendException;
import io.lvs4j.netlink.IpvsBackend;
import io.lvs4j.netlink.SyncDaemon;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's part is in the guest's tests; here daemons are words. */
class SyncDaemonRoleTest {
    private static final SyncDaemon SETTINGS =
            new SyncDaemon(SyncDaemon.Role.MASTER, "eth1", 7, 1400, Packets.address("224.0.0.90"), 8849, 3);

    private final List<String> run = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private boolean broken;
    private final SyncDaemonRole role = new SyncDaemonRole(this::run, "VI_1", SETTINGS, this::failed);

    private void run(Collection<SyncDaemon> daemons) {
        run.add(daemons.toString());
        if (broken) {
            throw new BackendException("start", "sync daemon", "no such interface", null);
        }
    }

    private void failed(VrrpEvent.Failed failed) {
        failures.add(failed.name() + ": " + failed.what());
    }

    private static String daemon(String word) {
        return "[sync daemon " + word + " on eth1 id 7 length 1400 to 224.0.0.90:8849 ttl 3]";
    }

    private static VrrpEvent entered(String router, RouterState state) {
        return new VrrpEvent.RouterEntered(Instant.EPOCH, router, state, 100);
    }

    @Test
    void itHearsFirstTellsAsMasterAndEnds() {
        role.begin();
        role.onEvent(entered("VI_1", RouterState.BACKUP));
        role.onEvent(entered("VI_1", RouterState.MASTER));
        role.onEvent(entered("VI_1", RouterState.FAULT));
        role.close();

        assertThat(run).containsExactly(daemon("backup"), daemon("backup"), daemon("master"), daemon("backup"), "[]");
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"INITIALIZE, none", "BACKUP, backup", "MASTER, master", "FAULT, backup"})
    void aGroupIsFollowedAsARouterIs(RouterState state, String daemon) {
        role.onEvent(new VrrpEvent.GroupEntered(Instant.EPOCH, "VI_1", state));
        role.onEvent(entered("VI_1", state));

        assertThat(run).hasSize(2).containsOnly(daemon.equals("none") ? "[]" : daemon(daemon));
    }

    @Test
    void othersAndOtherEventsAreNotFollowed() {
        role.onEvent(entered("VI_2", RouterState.MASTER));
        role.onEvent(new VrrpEvent.GroupEntered(Instant.EPOCH, "G", RouterState.MASTER));
        role.onEvent(new VrrpEvent.PriorityChanged(Instant.EPOCH, "VI_1", 90));

        assertThat(run).isEmpty();
    }

    @Test
    void whatFailsIsToldAndTriedAgainWithTheNextChange() {
        broken = true;
        role.begin();
        assertThat(failures)
                .containsExactly("VI_1: sync daemon backup on eth1 id 7 length 1400 to 224.0.0.90:8849 ttl 3: "
                        + "start sync daemon: no such interface");
        broken = false;
        role.onEvent(entered("VI_1", RouterState.FAULT));

        assertThat(run).containsExactly(daemon("backup"), daemon("backup"));
        broken = true;
        role.close();
        assertThat(failures).hasSize(2).last().asString().startsWith("VI_1: no sync daemon: ");
    }

    @Test
    void aBackendThatDoesNotRunIsToldButNotAtTheEnd() {
        IpvsBackend notStarted = IpvsBackend.create();
        SyncDaemonRole early = new SyncDaemonRole(notStarted::syncDaemons, "VI_1", SETTINGS, this::failed);

        early.begin();
        assertThat(failures)
                .hasSize(1)
                .first()
                .asString()
                .endsWith(": ipvs backend: not started, or closed (expected: running)");

        early.close();
        assertThat(failures).hasSize(1);
    }
}
