package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Director;
import io.lvs4j.netlink.SyncDaemon.Role;
import io.lvs4j.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The sync daemons that a director runs, as ipvsadm sees them. */
@Isolated // there is one of each role
class SyncDaemonsKernelTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final SyncDaemon MASTER =
            new SyncDaemon(Role.MASTER, "lo", 6, 1400, TestEntries.ip("224.0.0.82"), 8849, 2);
    private static final SyncDaemon BACKUP = SyncDaemon.of(Role.BACKUP, "lo", 7);
    private static final String MASTER_RUNS =
            "master sync daemon (mcast=lo, syncid=6, maxlen=1400, group=224.0.0.82, port=8849, ttl=2)";

    private final ManualTime time = new ManualTime();

    @AfterEach
    void stopWhatIsLeft() {
        try (Ipvs ipvs = Ipvs.open()) {
            ipvs.daemons().forEach(daemon -> ipvs.stop(daemon.role()));
        }
    }

    private static IpvsBackend.Builder backend() {
        return IpvsBackend.builder().repairInterval(INTERVAL);
    }

    private Director director(IpvsBackend backend) {
        return Director.builder().backend(backend).ticker(time).timers(time).build();
    }

    private static List<String> running() throws Exception {
        return Command.run("ipvsadm", "-l", "--daemon").lines().sorted().toList();
    }

    @Test
    void daemonsRunFromStartToClose() throws Exception {
        Director director =
                director(backend().syncDaemon(MASTER).syncDaemon(BACKUP).build());
        assertThat(running()).hasSize(2).contains(MASTER_RUNS).anyMatch(line -> line.startsWith("backup sync daemon"));
        director.close();
        assertThat(running()).isEmpty();
    }

    @Test
    void aDaemonThatRunsAlreadyGoesOnOrIsReplaced() throws Exception {
        try (Ipvs ipvs = Ipvs.open()) {
            ipvs.start(BACKUP);
            ipvs.start(SyncDaemon.of(Role.MASTER, "lo", 9));
        }
        String backup = thread("ipvs-b");
        try (Director director =
                director(backend().syncDaemon(MASTER).syncDaemon(BACKUP).build())) {
            time.advance(INTERVAL);
            assertThat(director.snapshot().services()).isEmpty();
            assertThat(running()).contains(MASTER_RUNS);
            assertThat(thread("ipvs-b")).isEqualTo(backup);
        }
    }

    /** Returns the process id of the kernel's thread whose name begins so. */
    private static String thread(String name) throws Exception {
        return Command.run("pgrep", "^" + name).trim();
    }

    @Test
    void daemonsThatNobodyAskedForAreLeftAlone() throws Exception {
        try (Ipvs ipvs = Ipvs.open()) {
            ipvs.start(BACKUP);
        }
        try (Director director = director(backend().syncDaemon(MASTER).build())) {
            assertThat(director.snapshot().services()).isEmpty();
            assertThat(running()).hasSize(2);
        }
        assertThat(running()).singleElement().asString().startsWith("backup sync daemon");
    }

    @Test
    void aDirectorChangesItsRole() throws Exception {
        IpvsBackend backend = backend().syncDaemon(BACKUP).build();
        try (Director director = director(backend)) {
            backend.syncDaemons(List.of(MASTER));
            assertThat(running()).containsExactly(MASTER_RUNS);
            backend.syncDaemons(List.of(BACKUP));
            assertThat(running()).singleElement().asString().startsWith("backup sync daemon");
            backend.syncDaemons(List.of());
            time.advance(INTERVAL);
            assertThat(director.snapshot().services()).isEmpty();
            assertThat(running()).isEmpty();
        }
    }

    @Test
    void aRoleThatCannotBeTakenLeavesTheDaemonsAsTheyWere() throws Exception {
        IpvsBackend backend = backend().syncDaemon(MASTER).build();
        try (Director director = director(backend)) {
            assertThatThrownBy(() -> backend.syncDaemons(List.of(SyncDaemon.of(Role.MASTER, "nothere", 1))))
                    .isInstanceOf(IpvsException.class)
                    .hasMessageContaining("start sync daemon master on nothere")
                    .hasMessageContaining("ENODEV");
            assertThat(running()).containsExactly(MASTER_RUNS);
            assertThatThrownBy(() -> backend.syncDaemons(List.of(BACKUP, SyncDaemon.of(Role.BACKUP, "lo", 8))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected: at most one of each role");
            time.advance(INTERVAL);
            assertThat(director.snapshot().services()).isEmpty();
            assertThat(running()).containsExactly(MASTER_RUNS);
        }
    }

    @Test
    void aDirectorWhoseDaemonCannotBeStartedDoesNotStart() throws Exception {
        assertThatThrownBy(() -> director(backend()
                        .syncDaemon(MASTER)
                        .syncDaemon(SyncDaemon.of(Role.BACKUP, "nothere", 1))
                        .build()))
                .isInstanceOf(IpvsException.class)
                .hasMessageContaining("nothere");
        assertThat(running()).isEmpty();
    }

    @Test
    void aDaemonThatSomebodyElseStopsIsStartedAgain() throws Exception {
        try (Director director = director(backend().syncDaemon(MASTER).build())) {
            Command.run("ipvsadm", "--stop-daemon", "master");
            assertThat(running()).isEmpty();
            time.advance(INTERVAL);
            assertThat(director.snapshot().services()).isEmpty();
            assertThat(running()).containsExactly(MASTER_RUNS);
        }
    }

    @Test
    void theBuilderTakesOneOfEachRole() {
        assertThatThrownBy(() -> backend().syncDaemon(BACKUP).syncDaemon(SyncDaemon.of(Role.BACKUP, "lo", 8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("syncDaemon: sync daemon backup on lo id 8")
                .hasMessageContaining("there is sync daemon backup on lo id 7");
    }
}
