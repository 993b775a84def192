package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lvs run} in a network namespace, when its file has other virtual routers, and what it says of them. */
class RouterReloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String VIP = "10.77.1.100";
    private static final String OTHER_VIP = "10.77.1.200";
    private static final List<String> HERE = List.of("one");

    @TempDir
    private Path directory;

    private Path config;
    private PairNetwork network;
    private ChildProcess lvs;

    @BeforeEach
    void becomeMaster() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
        network = new PairNetwork(Map.of("one", "10.77.1.1/24"));
        config = directory.resolve("keepalived.conf");
        write(router("VI_1", 51, 150, "br0", VIP));
        lvs = ChildProcess.start(network.on("one", ChildProcess.lvsCommand("run", "--config", config.toString())));
        lvs.awaitErr(line -> line.endsWith("router-entered VI_1: MASTER, priority 150"));
    }

    @AfterEach
    void end() throws Exception {
        if (network != null) {
            if (lvs != null) {
                lvs.close();
            }
            network.close();
        }
    }

    /** A router and a service of its address. */
    private static String router(String name, int id, int priority, String networkInterface, String vip) {
        return """
                vrrp_instance %s {
                    interface %s
                    virtual_router_id %d
                    priority %d
                    advert_int 0.2
                    virtual_ipaddress {
                        %s/24
                    }
                }
                virtual_server %5$s 80 {
                    lb_algo rr
                    lb_kind NAT
                    protocol TCP
                    real_server 10.77.1.11 80 {
                    }
                }
                """.formatted(name, networkInterface, id, priority, vip);
    }

    /** In one step, so that nobody reads a half of it. */
    private void write(String... parts) throws IOException {
        Path next = directory.resolve("next");
        Files.writeString(next, "global_defs {\nvrrp_version 3\n}\n" + String.join("", parts));
        Files.move(next, config, StandardCopyOption.REPLACE_EXISTING);
    }

    private void reload(Predicate<String> end) {
        lvs.signal("HUP");
        lvs.awaitOut(end);
    }

    private void awaitHere(String address) {
        await().atMost(PATIENCE).until(() -> network.holders(address).equals(HERE));
    }

    private List<String> states(String router) {
        return lvs.err().stream()
                .filter(line -> line.contains("router-entered " + router + ": "))
                .map(line -> line.replaceAll(".*: |, priority.*", ""))
                .toList();
    }

    @Test
    void aMasterThatIsDescribedOtherwiseStaysAndOthersComeWithTheirServices() throws IOException {
        write(router("VI_1", 51, 140, "br0", VIP), router("VI_2", 52, 90, "br0", OTHER_VIP));
        reload("reload: done"::equals);

        lvs.awaitErr(line -> line.endsWith("router-entered VI_2: MASTER, priority 90"));
        awaitHere(OTHER_VIP);
        assertThat(lvs.out())
                .containsSequence(
                        "reload: 3 changes",
                        "~ virtual router VI_1 id 51 on br0 priority 140 [10.77.1.100/24]",
                        "+ virtual router VI_2 id 52 on br0 priority 90 [10.77.1.200/24]",
                        "+ tcp 10.77.1.200:80 rr [10.77.1.11:80 weight 1]",
                        "reload: done");
        assertThat(network.holders(VIP)).isEqualTo(HERE);
        assertThat(states("VI_1")).containsExactly("BACKUP", "MASTER");
        assertThat(lvs.err()).anyMatch(line -> line.endsWith("priority-changed VI_1: priority 140"));
    }

    @Test
    void oneThatIsNotInTheFileAnyMoreEndsWithItsService() throws IOException {
        write(router("VI_2", 52, 90, "br0", OTHER_VIP));
        reload("reload: done"::equals);

        lvs.awaitErr(line -> line.contains("router-entered VI_1: INITIALIZE"));
        awaitHere(OTHER_VIP);
        assertThat(network.holders(VIP)).isEmpty();
        assertThat(lvs.err()).noneMatch(line -> line.contains("cannot be"));
    }

    @Test
    void howRoutersAreIsPrintedOnRequest() {
        lvs.signal("USR1");
        lvs.awaitOut(line ->
                line.matches("virtual router VI_1: MASTER, priority 150, adverts: [1-9][0-9]* sent, 0 accepted"));
    }

    @Test
    void anInterfaceThatIsNotThereChangesNothing() throws IOException {
        write(router("VI_1", 51, 140, "br0", VIP), router("VI_2", 52, 90, "br9", OTHER_VIP));
        reload(line -> line.startsWith("reload: nothing has changed"));

        lvs.awaitErr(line -> line.equals(config + ":20:1: error: interface of VI_2: br9 (expected: one of [br0, lo])")
                || line.equals(config + ":20:1: error: interface of VI_2: br9 (expected: one of [lo, br0])"));
        assertThat(network.holders(VIP)).isEqualTo(HERE);
        assertThat(states("VI_1")).containsExactly("BACKUP", "MASTER");
    }
}
