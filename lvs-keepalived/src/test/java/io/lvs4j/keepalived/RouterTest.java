package io.lvs4j.keepalived;

import static io.lvs4j.keepalived.ConfigTexts.lenient;
import static io.lvs4j.keepalived.ConfigTexts.strict;
import static io.lvs4j.keepalived.ConfigTexts.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.vrrp.Authentication;
import io.lvs4j.vrrp.SyncGroup;
import io.lvs4j.vrrp.TrackScript;
import io.lvs4j.vrrp.Tracked;
import io.lvs4j.vrrp.Tracking;
import io.lvs4j.vrrp.VirtualRouter;
import io.lvs4j.vrrp.VirtualRouter.Option;
import io.lvs4j.vrrp.VirtualRouter.State;
import io.lvs4j.vrrp.VrrpVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RouterTest {
    private static VirtualRouter router(String text) {
        KeepalivedConfig config = strict(text);
        assertThat(config.hasErrors()).as("%s", config.diagnostics()).isFalse();
        assertThat(config.routers()).hasSize(1);
        return config.routers().get(0).router();
    }

    @Test
    void aPairsRouterIsReadAsItWouldBeBuilt() {
        String text = """
                vrrp_instance web {
                    state MASTER
                    interface br0
                    virtual_router_id 100
                    priority 150
                    advert_int 2
                    authentication {
                        auth_type PASS
                        auth_pass lvs4j
                    }
                    virtual_ipaddress {
                        10.100.5.11/21
                    }
                }
                """;

        assertThat(router(text))
                .isEqualTo(VirtualRouter.builder()
                        .name("web")
                        .initialState(State.MASTER)
                        .networkInterface("br0")
                        .virtualRouterId(100)
                        .priority(150)
                        .advertisementInterval(Duration.ofSeconds(2))
                        .authentication(new Authentication(Authentication.Type.PASS, "lvs4j"))
                        .address("10.100.5.11/21")
                        .build());
    }

    @ParameterizedTest
    @MethodSource("io.lvs4j.keepalived.RouterTexts#all")
    void whatIsWrongIsToldByItsCode(String text, List<String> codes) {
        List<String> errors = strict(text).diagnostics().stream()
                .filter(each -> each.severity() == Diagnostic.Severity.ERROR)
                .map(Diagnostic::code)
                .toList();

        assertThat(errors).containsExactlyInAnyOrderElementsOf(codes);
    }

    /** Interfaces need not be there for keepalived either if they are dynamic. */
    @Test
    void theInstalledKeepalivedHasTheSameVerdicts(@TempDir Path directory) throws Exception {
        List<String> different = new ArrayList<>();
        for (var row : RouterTexts.all().toList()) {
            String text =
                    ((org.junit.jupiter.api.Named<?>) row.get()[0]).getPayload().toString();
            Path file = Files.writeString(
                    directory.resolve("keepalived.conf"), "global_defs {\n dynamic_interfaces\n}\n" + text);
            InstalledKeepalived.Verdict verdict = InstalledKeepalived.test(file);
            boolean ours = !((List<?>) row.get()[1]).isEmpty();
            if (ours == verdict.ok()) {
                different.add(text + "\n" + verdict.status() + " " + verdict.output());
            }
        }

        assertThat(different).isEmpty();
    }

    @Test
    void scriptsAndGroupsAreReadWithWhatTheyTrack() {
        String text = """
                vrrp_script check {
                    script "/usr/bin/check --fast 'a b'"
                    interval 2
                    weight -20
                    rise 2
                    fall 3
                    user nobody
                }
                vrrp_instance a {
                    interface eth0
                    virtual_router_id 1
                    virtual_ipaddress {
                        10.0.1.1
                    }
                    track_interface {
                        eth2 weight 5
                    }
                    notify_master "/usr/bin/notify master" root
                }
                vrrp_instance c {
                    interface eth1
                    virtual_router_id 2
                    virtual_ipaddress {
                        10.0.2.1
                    }
                }
                vrrp_sync_group both {
                    group {
                        a
                        c
                    }
                    track_script {
                        check
                    }
                    sync_group_tracking_weight
                    notify_fault /usr/bin/alarm
                }
                """;
        KeepalivedConfig config = strict(text);

        assertThat(config.diagnostics()).isEmpty();
        TrackScript script = config.trackScripts().get(0);
        assertThat(script.command()).containsExactly("/usr/bin/check", "--fast", "a b");
        assertThat(script.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(script.user()).contains("nobody");
        assertThat(config.syncGroups().get(0).group())
                .isEqualTo(new SyncGroup(
                        "both", List.of("a", "c"), Tracking.none().withScript(new Tracked("check", -20, false)), true));
        assertThat(config.syncGroups().get(0).scripts().scripts()).containsOnlyKeys(RouterEvent.FAULT);
        ConfiguredRouter a = config.routers().get(0);
        assertThat(a.router().tracking().interfaces()).containsExactly(new Tracked("eth2", 5, false));
        assertThat(a.at().line()).isEqualTo(9);
        assertThat(a.scripts().scripts().get(RouterEvent.MASTER).command())
                .containsExactly("/usr/bin/notify", "master");
    }

    @Test
    void whatGlobalDefsSayIsInherited() {
        VirtualRouter router = router("""
                global_defs {
                    vrrp_version 3
                    vrrp_garp_master_repeat 7
                    vrrp_garp_master_delay 2
                    vrrp_garp_master_refresh 60
                    vrrp_down_timer_adverts 5
                    vrrp_skip_check_adv_addr
                    vrrp_mcast_group4 224.0.0.99
                }
                """ + RouterTexts.instance("garp_master_refresh 30"));

        assertThat(router.version()).isEqualTo(VrrpVersion.V3);
        assertThat(router.announcements().repeat()).isEqualTo(7);
        assertThat(router.announcements().lowerPriorityRepeat()).isEqualTo(7);
        assertThat(router.announcements().delay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(router.announcements().refresh()).isEqualTo(Duration.ofSeconds(30));
        assertThat(router.downAfterAdverts()).isEqualTo(5);
        assertThat(router.has(Option.SKIP_ADDRESS_CHECK)).isTrue();
        assertThat(router.transport().group()).get().hasToString("/224.0.0.99");
    }

    @Test
    void strictRoutersDoNoMoreThanTheRfcsHave() {
        VirtualRouter router = router("global_defs {\n vrrp_strict\n}\n" + RouterTexts.instance(""));

        assertThat(router.options()).containsExactlyInAnyOrder(Option.STRICT, Option.LOWER_PRIORITY_NO_ADVERT);
        assertThat(router.announcements().lowerPriorityRepeat()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # global_defs | in the router        | what is told
                      | accept               |
                      | no_accept            | 13:1 NOTE not-carried-out
                      | strict_mode          | 7:1 NOTE not-carried-out
        vrrp_strict   |                      | 10:1 NOTE not-carried-out
        vrrp_strict   | no_accept            | 16:1 NOTE not-carried-out
        vrrp_strict   | version 3;accept     |
        vrrp_strict   | priority 255         |
        """)
    void aMasterThatWouldNotAcceptIsToldOnce(String global, String lines, String expected) {
        String text = (global == null ? "" : "global_defs {\n" + global + "\n}\n")
                + RouterTexts.instance(lines == null ? "" : lines);
        KeepalivedConfig config = strict(text);

        assertThat(config.hasErrors()).as("%s", config.diagnostics()).isFalse();
        assertThat(told(config)).containsExactlyElementsOf(expected == null ? List.of() : List.of(expected));
        assertThat(config.routers()).hasSize(1);
    }

    @Test
    void ofSeveralStrictRoutersTheFirstIsTold() {
        String one = RouterTexts.instance("");
        String two = one.substring(one.indexOf("vrrp_instance"))
                .replace("one", "two")
                .replace("51", "52");

        assertThat(told("global_defs {\nvrrp_strict\n}\n" + one + two)).containsExactly("10:1 NOTE not-carried-out");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # what is written         | what keepalived makes of it
        advert_int 1.4            | PT1S
        advert_int 1.5            | PT2S
        advert_int .2             | PT1S
        version 3;advert_int .014 | PT0.01S
        version 3;advert_int 100  | PT40.95S
        """)
    void lenientModeCorrectsAsKeepalivedDoes(String lines, Duration interval) {
        KeepalivedConfig config = lenient(RouterTexts.instance(lines));

        assertThat(config.hasErrors()).isFalse();
        assertThat(config.routers().get(0).router().advertisementInterval()).isEqualTo(interval);
    }

    @Test
    void aRouterWithAnErrorIsLeftOutAndTheOthersAreThere() {
        String text =
                RouterTexts.instance("").replace("one", "two").replace("51", "52") + RouterTexts.instance("priority 0");

        assertThat(strict(text).routers()).isEmpty();
        assertThat(lenient(text).routers())
                .extracting(each -> each.router().name())
                .containsExactly("two");
    }

    @Test
    void versionTwoWithIpv6IsLeftOutAndSaidSo() {
        KeepalivedConfig config = strict("""
                vrrp_instance six {
                    version 2
                    interface eth0
                    virtual_router_id 6
                    virtual_ipaddress {
                        fe80::6/64
                    }
                }
                """);

        assertThat(config.hasErrors()).isFalse();
        assertThat(config.routers()).isEmpty();
        assertThat(told(config)).containsExactly("1:1 WARNING router-left-out");
        assertThat(config.diagnostics().get(0).message()).contains("version: 2 (expected: 3 for IPv6");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # what keepalived takes and cannot work                                     | what is said
        unicast_peer {;224.0.0.18;}                                                 | unicast peer: 224.0.0.18
        unicast_peer {;0.0.0.0;}                                                    | unicast peer: 0.0.0.0
        unicast_peer {;255.255.255.255;}                                            | unicast peer: 255.255.255.255
        unicast_src_ip 10.0.0.1;unicast_peer {;10.0.0.1;}                           | unicast peer: 10.0.0.1
        unicast_peer {;10.0.0.77;};virtual_ipaddress_excluded {;10.0.0.77;}         | unicast peer: 10.0.0.77
        mcast_src_ip 224.0.0.9                                                      | source: 224.0.0.9
        virtual_ipaddress_excluded {;255.255.255.255;}                              | address: 255.255.255.255/32
        virtual_ipaddress_excluded {;127.0.0.1;}                                    | address: 127.0.0.1/32
        virtual_ipaddress_excluded {;::1;}                                          | address: 0:0:0:0:0:0:0:1/128
        virtual_ipaddress_excluded {;10.0.0.9 label "eth0 1";}                      | label: eth0 1 of 10.0.0.9
        """)
    void aRouterThatCannotWorkIsLeftOutAndSaidSo(String lines, String message) {
        KeepalivedConfig config = strict(RouterTexts.instance(lines));

        assertThat(config.hasErrors()).isFalse();
        assertThat(config.routers()).isEmpty();
        assertThat(messages(config, "router-left-out"))
                .singleElement()
                .asString()
                .contains(message + " (expected: ");
    }

    @Test
    void aPeerThatIsThereTwiceOrThisHostIsAPeerLess() {
        KeepalivedConfig config = strict(
                RouterTexts.instance("unicast_src_ip 10.0.0.1;unicast_peer {;10.0.0.1;10.0.0.2;10.0.0.3;10.0.0.2;}"));

        assertThat(config.hasErrors()).isFalse();
        assertThat(messages(config, "duplicate")).hasSize(1);
        assertThat(config.routers().get(0).router().transport().peers())
                .extracting(each -> each.address().getHostAddress())
                .containsExactly("10.0.0.2", "10.0.0.3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the second member        | what is said of the group
        version 2                  | not all of its members are there
        priority 0                 | not all of its members are there
        """)
    void aGroupWithoutOneOfItsMembersIsLeftOutAndItsOtherMembersAreNamed(String fault, String why) {
        KeepalivedConfig config = lenient(groupOfThree(fault, ""));

        assertThat(config.routers()).extracting(each -> each.router().name()).containsExactly("one", "three");
        assertThat(config.syncGroups()).isEmpty();
        assertThat(messages(config, "router-left-out"))
                .last()
                .isEqualTo("vrrp_sync_group all is left out: " + why + ", and these are not in a group: one, three");
    }

    @Test
    void theMembersOfAGroupWithAnErrorAreNamed() {
        KeepalivedConfig config = lenient(groupOfThree("", "nonsense"));

        assertThat(config.routers()).hasSize(3);
        assertThat(messages(config, "router-left-out"))
                .containsExactly("vrrp_sync_group all is left out: there is an error in it, and these are not in a"
                        + " group: one, two, three");
    }

    private static List<String> messages(KeepalivedConfig config, String code) {
        return config.diagnostics().stream()
                .filter(each -> each.code().equals(code))
                .map(Diagnostic::message)
                .toList();
    }

    /** {@return a group of IPv6 routers, with more in the second and in the group} */
    private static String groupOfThree(String second, String group) {
        String router = """
                vrrp_instance NAME {
                    interface eth0
                    virtual_router_id ID
                    MORE
                    virtual_ipaddress {
                        fe80::ID/64
                    }
                }
                """;
        return router.replace("NAME", "one").replace("ID", "1").replace("MORE", "")
                + router.replace("NAME", "two").replace("ID", "2").replace("MORE", second)
                + router.replace("NAME", "three").replace("ID", "3").replace("MORE", "")
                + "vrrp_sync_group all {\n group {\n one\n two\n three\n }\n " + group + "\n}\n";
    }

    /** keepalived 2.2.7 never ends if it reads this beside a track_file with another name. */
    @Test
    void aFileThatIsNotThereIsTold() {
        assertThat(ConfigTexts.told(RouterTexts.instance("track_file {;nope;}")))
                .containsExactly("14:1 ERROR unknown-name");
    }

    @Test
    void anOwnersWeightsAreTakenAway() {
        KeepalivedConfig config = lenient(
                RouterTexts.instance("priority 255;track_interface {;eth1 weight 5;eth2;};track_file {;file;}"));

        Tracking tracking = config.routers().get(0).router().tracking();
        assertThat(tracking.interfaces()).containsExactly(Tracked.of("eth2"));
        assertThat(tracking.files()).containsExactly(Tracked.of("file"));
    }
}
