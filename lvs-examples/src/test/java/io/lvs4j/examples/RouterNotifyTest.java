package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.keepalived.KeepalivedConfig;
import io.lvs4j.keepalived.ReadOptions;
import io.lvs4j.vrrp.RouterState;
import io.lvs4j.vrrp.VrrpEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real scripts, each of which appends its arguments to a file. They run beside each other, so that the lines' order is not that of the events. */
class RouterNotifyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NOW = Instant.EPOCH;
    private static final List<String> EVENTS =
            List.of("master", "backup", "fault", "stop", "deleted", "master_rx_lower_pri");

    @TempDir
    private Path directory;

    private final StringWriter messages = new StringWriter();
    private final RouterNotify notify = new RouterNotify(new PrintWriter(messages, true));
    private Path told;
    private Path script;

    @BeforeEach
    void writeScript() throws IOException {
        told = Files.createFile(directory.resolve("told"));
        script = Files.writeString(directory.resolve("script"), "echo \"[$*]\" >>'" + told + "'\n");
    }

    private String run(String argument) {
        return "\"/bin/sh " + script + " " + argument + "\"";
    }

    /** One script for each event, which is told which, and the one for all. */
    private String scripts(String whose, List<String> events) {
        StringBuilder text = new StringBuilder(" notify " + run(whose) + "\n");
        events.forEach(event -> text.append(" notify_" + event + " " + run(whose + "-" + event) + "\n"));
        return text.toString();
    }

    private static String router(String name, int id, String lines) {
        return "vrrp_instance " + name + " {\n interface lo\n virtual_router_id " + id
                + "\n virtual_ipaddress {\n  192.0.2." + id + "\n }\n" + lines + "}\n";
    }

    private KeepalivedConfig use(String text) {
        KeepalivedConfig config = KeepalivedConfig.read("k.conf", text, ReadOptions.STRICT);
        assertThat(config.hasErrors()).as("%s", config.diagnostics()).isFalse();
        notify.use(config.routers(), config.syncGroups());
        return config;
    }

    private void entered(String router, RouterState state, int priority) {
        notify.onEvent(new VrrpEvent.RouterEntered(NOW, router, state, priority));
    }

    /** Waits until that has been told, lets all end, and sees that no more has been. */
    private void assertTold(String... lines) throws IOException {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Files.readAllLines(told)).contains(lines));
        notify.finish();
        assertThat(Files.readAllLines(told)).containsExactlyInAnyOrder(lines);
        assertThat(messages.toString()).doesNotContain("notify script ");
    }

    @Test
    void aRoutersScriptsHearOfItsStateItsNameAndItsPriority() throws IOException {
        use(router("VI_1", 51, scripts("r", EVENTS)));

        entered("VI_1", RouterState.BACKUP, 100);
        entered("VI_1", RouterState.MASTER, 150);
        entered("VI_1", RouterState.FAULT, 90);
        entered("VI_1", RouterState.INITIALIZE, 100);

        assertTold(
                "[r-backup]",
                "[r INSTANCE VI_1 BACKUP 100]",
                "[r-master]",
                "[r INSTANCE VI_1 MASTER 150]",
                "[r-fault]",
                "[r INSTANCE VI_1 FAULT 90]",
                "[r-stop]",
                "[r INSTANCE VI_1 STOP 100]");
    }

    @Test
    void aGroupHasNoPriority() throws IOException {
        use(router("a", 51, "") + router("b", 52, "") + "vrrp_sync_group G {\n group {\n  a\n  b\n }\n"
                + scripts("g", List.of("master", "backup", "fault", "stop")) + "}\n");

        for (RouterState state : List.of(RouterState.MASTER, RouterState.BACKUP, RouterState.FAULT)) {
            notify.onEvent(new VrrpEvent.GroupEntered(NOW, "G", state));
        }
        notify.onEvent(new VrrpEvent.GroupEntered(NOW, "G", RouterState.INITIALIZE));
        entered("a", RouterState.MASTER, 150);
        entered("G", RouterState.MASTER, 150);

        assertTold(
                "[g-master]",
                "[g GROUP G MASTER 0]",
                "[g-backup]",
                "[g GROUP G BACKUP 0]",
                "[g-fault]",
                "[g GROUP G FAULT 0]",
                "[g-stop]",
                "[g GROUP G STOP 0]");
    }

    @Test
    void aMasterThatHearsALowerOneHasAScriptOfItsOwn() throws IOException {
        use(router("VI_1", 51, scripts("r", EVENTS)));

        notify.onEvent(new VrrpEvent.LowerMasterHeard(NOW, "VI_1", InetAddress.getLoopbackAddress(), 90));

        assertTold("[r-master_rx_lower_pri]");
    }

    @Test
    void otherEventsRunNothingAndChangesOfThePriorityNeitherAsTheyConcernKeepalivedsFifoAlone() throws IOException {
        use(router("VI_1", 51, " notify_priority_changes\n" + scripts("r", EVENTS)));

        notify.onEvent(new VrrpEvent.PriorityChanged(NOW, "VI_1", 90));
        notify.onEvent(new VrrpEvent.FaultsChanged(NOW, "VI_1", List.of("interface eth0")));
        notify.onEvent(new VrrpEvent.OwnerConflict(NOW, "VI_1", InetAddress.getLoopbackAddress()));
        notify.onEvent(new VrrpEvent.Failed(NOW, "VI_1", "x"));
        entered("unknown", RouterState.MASTER, 100);

        assertTold();
    }

    @Test
    void aRouterThatAReloadTakesAwayIsDeletedAndNotStopped() throws IOException {
        use(router("a", 51, scripts("a", EVENTS)) + router("b", 52, scripts("b", EVENTS)));

        use(router("b", 52, scripts("b2", EVENTS)));
        entered("a", RouterState.INITIALIZE, 100);
        entered("b", RouterState.INITIALIZE, 101);
        entered("a", RouterState.MASTER, 100);

        assertTold("[a-deleted]", "[a INSTANCE a DELETED 100]", "[b2-stop]", "[b2 INSTANCE b STOP 101]");
    }

    @Test
    void withoutAScriptForItsEndARouterThatIsTakenAwayIsInFault() throws IOException {
        use(router("a", 51, scripts("a", List.of("fault", "stop"))));

        use(router("b", 52, ""));
        entered("a", RouterState.INITIALIZE, 100);

        assertTold("[a INSTANCE a FAULT 100]");
    }

    @Test
    void aRouterThatIsTakenAwayAndComesBackIsNotDeleted() throws IOException {
        String a = router("a", 51, scripts("a", EVENTS));
        use(a);
        use(router("b", 52, ""));
        use(a);
        entered("a", RouterState.INITIALIZE, 100);

        assertTold("[a-stop]", "[a INSTANCE a STOP 100]");
    }

    @Test
    void faultsOfScriptsAreTold() {
        KeepalivedConfig config =
                use("vrrp_sync_group G {\n group {\n  a\n  b\n }\n notify_stop /bin/true nobody-of-ours\n}\n"
                        + router("a", 51, " notify_master /nowhere/x\n notify_backup /nowhere/x\n")
                        + router("b", 52, ""));

        notify.tellFaults(config.routers(), config.syncGroups(), Optional.empty());

        assertThat(messages.toString().lines())
                .hasSize(3)
                .anyMatch(line ->
                        line.startsWith("k.conf:14:2: warning: the script will not be run: program: /nowhere/x"))
                .anyMatch(line -> line.startsWith("k.conf:6:2: warning: the script is run by ")
                        && line.endsWith(", not by nobody-of-ours"));
    }

    @Test
    void aScriptThatFailsIsTold() {
        use(router("a", 51, " notify_master /bin/false\n"));
        entered("a", RouterState.MASTER, 100);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages).hasToString("notify script /bin/false: exit status 1\n"));
        notify.finish();
    }
}
