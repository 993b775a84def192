package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressPrefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host's routing looks like while its routers are masters and while they are not, beside what the host has itself. */
class RoutesAndRulesTest {
    private static final String NAME = "VI_1";
    private static final String OTHER = "VI_2";

    private final List<VrrpSpeaker> speakers = new ArrayList<>();
    private final Diary diary = new Diary();
    private Lan lan;

    @BeforeEach
    void plug() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
        lan = new Lan(2);
    }

    @AfterEach
    void unplug() {
        speakers.forEach(VrrpSpeaker::close);
        if (lan != null) {
            lan.close();
        }
    }

    private static VirtualRouterBuilder router(int id, String name) {
        return VirtualRouter.builder()
                .version(VrrpVersion.V3)
                .networkInterface("eth0")
                .advertisementInterval(Duration.ofMillis(200))
                .priority(150)
                .virtualRouterId(id)
                .name(name)
                .address("10.77.0." + id + "/24");
    }

    private static VirtualRouterBuilder router() {
        return router(51, NAME);
    }

    /** Routers, of which the first is called {@link #NAME}. */
    private static VirtualRouters all(VirtualRouterBuilder... routers) {
        VirtualRouters.Builder all = VirtualRouters.builder();
        Stream.of(routers).forEach(each -> all.router(each.build()));
        return all.build();
    }

    private VrrpSpeaker start(int host, VirtualRouters routers, Diary told) {
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .routers(routers)
                .namespace(lan.namespace(host))
                .listener(told)
                .build();
        speakers.add(speaker);
        speaker.start();
        return speaker;
    }

    /** Starts on host 1, whose routers are masters when this returns. */
    private VrrpSpeaker master(VirtualRouterBuilder... routers) {
        VrrpSpeaker speaker = start(1, all(routers), diary);
        Stream.of(routers).forEach(each -> diary.await(each.build().name(), RouterState.MASTER));
        return speaker;
    }

    /** Waits until what masters have has been renewed several times: adverts are sent twice as often. */
    private static void awaitRenewals(VrrpSpeaker master) {
        long before = master.snapshot().get(0).sent();
        Diary.until(() -> master.snapshot().get(0).sent() >= before + 10);
    }

    private static VirtualRoute defaultRoute(String gateway) {
        return new VirtualRoute(
                List.of("default", "via", gateway, "dev", "eth0"),
                VirtualRoute.Type.UNICAST,
                AddressFamily.of(Packets.address(gateway)),
                Optional.empty(),
                Optional.of(Packets.address(gateway)),
                Optional.of("eth0"),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                true,
                Optional.empty());
    }

    private static VirtualRule rule(String from, int table) {
        return rule(Optional.of(AddressPrefix.parse(from)), Optional.empty(), table, OptionalLong.empty());
    }

    private static VirtualRule rule(
            Optional<AddressPrefix> from, Optional<String> inputDevice, int table, OptionalLong preference) {
        return new VirtualRule(
                List.of("from", from.map(AddressPrefix::toString).orElse("all"), "table", Integer.toString(table)),
                from.map(network -> AddressFamily.of(network.address())).orElse(AddressFamily.INET),
                from,
                Optional.empty(),
                inputDevice,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.of(table),
                preference,
                true,
                Optional.empty());
    }

    private String routes(String option) {
        return lan.ip(1, option + " route show default").strip();
    }

    /** Returns the rules of host 1 but the kernel's own three. */
    private List<String> rules(String option) {
        return lan.ip(1, option + " rule show")
                .lines()
                .filter(line -> !line.matches("(0|32766|32767):.*"))
                .map(line -> line.replaceAll("\\s+", " ").strip())
                .toList();
    }

    private List<VrrpEvent> failures() {
        return diary.all().stream().filter(VrrpEvent.Failed.class::isInstance).toList();
    }

    @Test
    void whatTheHostHasItselfStaysWhenItBeginsAsBackupAndAfterItHasBeenMaster() {
        lan.ip(1, "route add default via 10.77.0.2 dev eth0 proto dhcp metric 100");
        lan.ip(1, "-6 route add default via fd77::2 dev eth0 proto static metric 100");
        lan.ip(1, "rule add from 10.5.0.0/16 table 100 preference 16384");
        lan.ip(1, "-6 rule add from fd05::/64 table 100 preference 1000");
        VrrpSpeaker high = start(2, all(router(51, NAME).priority(200).address("10.77.0.61/24")), new Diary());
        VirtualRouterBuilder router = router().route(defaultRoute("10.77.0.2"))
                .route(defaultRoute("fd77::2"))
                .rule(rule("10.5.0.0/16", 100))
                .rule(rule(
                        Optional.of(AddressPrefix.parse("fd05::/64")), Optional.empty(), 100, OptionalLong.of(1000)));
        Diary.until(() -> lan.has(2, "10.77.0.51"));
        VrrpSpeaker low = start(1, all(router), diary);
        diary.await(NAME, RouterState.BACKUP);
        assertThat(routes("-4")).contains("via 10.77.0.2 dev eth0 proto dhcp metric 100");
        assertThat(routes("-6")).contains("via fd77::2 dev eth0 proto static metric 100");
        assertThat(rules("-4")).contains("16384: from 10.5.0.0/16 lookup 100");
        assertThat(rules("-6")).contains("1000: from fd05::/64 lookup 100");

        high.close();
        diary.await(NAME, RouterState.MASTER);
        assertThat(routes("-4"))
                .contains("via 10.77.0.2 dev eth0 proto keepalived", "via 10.77.0.2 dev eth0 proto dhcp metric 100");
        assertThat(routes("-6")).contains("proto keepalived metric 1024", "proto static metric 100");
        assertThat(rules("-4"))
                .containsExactly(
                        "16384: from 10.5.0.0/16 lookup 100", "16384: from 10.5.0.0/16 lookup 100 proto keepalived");

        low.close();
        assertThat(routes("-4")).isEqualTo("default via 10.77.0.2 dev eth0 proto dhcp metric 100");
        assertThat(routes("-6")).matches("default via fd77::2 dev eth0 proto static metric 100.*");
        assertThat(rules("-4")).containsExactly("16384: from 10.5.0.0/16 lookup 100");
        assertThat(rules("-6")).containsExactly("1000: from fd05::/64 lookup 100");
        assertThat(failures()).isEmpty();
    }

    @Test
    void rulesWithoutAPreferenceAreThereOnceAsKeepalivedCountsThemAndGoAtTheEnd() {
        VrrpSpeaker speaker = master(
                router().rule(rule("10.5.0.0/16", 100))
                        .rule(rule("fd05::/64", 100))
                        .rule(rule("10.6.0.0/16", 100)),
                router(52, OTHER).rule(rule("10.7.0.0/16", 100)).rule(rule("10.6.0.0/16", 100)));
        awaitRenewals(speaker);
        assertThat(rules("-4"))
                .containsExactlyInAnyOrder(
                        "16383: from 10.6.0.0/16 lookup 100 proto keepalived",
                        "16384: from 10.5.0.0/16 lookup 100 proto keepalived",
                        "16384: from 10.7.0.0/16 lookup 100 proto keepalived");
        assertThat(rules("-6")).containsExactly("16384: from fd05::/64 lookup 100 proto keepalived");

        speaker.close();
        assertThat(rules("-4")).isEmpty();
        assertThat(rules("-6")).isEmpty();
        assertThat(failures()).isEmpty();
    }

    @Test
    void rulesThatChangePlacesAreThereOnceAndRoutesThatGoAreGone() {
        VirtualRule first = rule("10.5.0.0/16", 100);
        VirtualRule second = rule("10.6.0.0/16", 100);
        VrrpSpeaker speaker = master(router().rule(first).route(defaultRoute("10.77.0.8")));
        speaker.apply(all(router().rule(second).rule(first).route(defaultRoute("10.77.0.9"))));
        awaitRenewals(speaker);
        assertThat(rules("-4"))
                .containsExactly(
                        "16383: from 10.5.0.0/16 lookup 100 proto keepalived",
                        "16384: from 10.6.0.0/16 lookup 100 proto keepalived");
        assertThat(routes("-4")).isEqualTo("default via 10.77.0.9 dev eth0 proto keepalived");

        speaker.apply(all(router().rule(first)));
        awaitRenewals(speaker);
        assertThat(rules("-4")).containsExactly("16384: from 10.5.0.0/16 lookup 100 proto keepalived");
        assertThat(routes("-4")).isEmpty();
        assertThat(diary.states(NAME)).containsExactly(RouterState.BACKUP, RouterState.MASTER);
    }

    @Test
    void aRuleGoesAlsoWhereTheKernelTakesAnotherRoutersForIt() {
        VirtualRule broad = rule(Optional.empty(), Optional.of("eth0"), 100, OptionalLong.of(1000));
        VirtualRule narrow =
                rule(Optional.of(AddressPrefix.parse("10.5.0.0/16")), Optional.of("eth0"), 100, OptionalLong.of(1000));
        VrrpSpeaker speaker = master(router().rule(narrow));
        speaker.apply(all(router().rule(narrow), router(52, OTHER).rule(broad)));
        diary.await(OTHER, RouterState.MASTER);
        Diary.until(() -> rules("-4").size() == 2); // the kernel refuses the broad one while the narrow one is there

        speaker.apply(all(router().rule(narrow)));
        Diary.until(() -> rules("-4").equals(List.of("1000: from 10.5.0.0/16 iif eth0 lookup 100 proto keepalived")));
        speaker.close();
        assertThat(rules("-4")).isEmpty();
    }

    @Test
    void whatAnEarlierProcessHasLeftIsRemoved() {
        lan.ip(1, "rule add from 10.5.0.0/16 table 100 preference 16384 protocol keepalived");
        lan.ip(1, "route add default via 10.77.0.2 dev eth0 proto keepalived");
        start(2, all(router().priority(200)), new Diary());
        Diary.until(() -> lan.has(2, "10.77.0.51"));
        start(1, all(router().rule(rule("10.5.0.0/16", 100)).route(defaultRoute("10.77.0.2"))), diary);
        Diary.until(() -> rules("-4").isEmpty() && routes("-4").isEmpty());
    }

    @Test
    void aRouteOfIpv4GoesBeforeTheHostsOfTheSameMetric() {
        lan.ip(1, "route add default via 10.77.0.2 dev eth0");
        VrrpSpeaker speaker = master(router().route(defaultRoute("10.77.0.9")));
        awaitRenewals(speaker);
        assertThat(routes("-4").lines().map(String::strip))
                .containsExactly("default via 10.77.0.9 dev eth0 proto keepalived", "default via 10.77.0.2 dev eth0");
        assertThat(lan.ip(1, "route get 192.0.2.1")).contains("via 10.77.0.9");

        speaker.close();
        assertThat(routes("-4")).isEqualTo("default via 10.77.0.2 dev eth0");
        assertThat(failures()).isEmpty();
    }

    @Test
    void aRouteOfIpv6ThatHasAnotherOnesPlaceIsToldAndAddedWhenThatHasGone() {
        lan.ip(1, "-6 route add default via fd77::2 dev eth0 proto static");
        VrrpSpeaker speaker = master(router().route(defaultRoute("fd77::9")));
        awaitRenewals(speaker);
        assertThat(routes("-6")).matches("default via fd77::2 dev eth0 proto static metric 1024.*");
        assertThat(failures())
                .singleElement()
                .isInstanceOfSatisfying(
                        VrrpEvent.Failed.class,
                        failed -> assertThat(failed.what())
                                .isEqualTo(
                                        "route default via fd77::9 dev eth0: another one is there (expected: a metric of its own)"));

        lan.ip(1, "-6 route del default via fd77::2 dev eth0");
        Diary.until(() -> routes("-6").matches("default via fd77::9 dev eth0 proto keepalived metric 1024.*"));
        speaker.close();
        assertThat(routes("-6")).isEmpty();
    }

    @Test
    void aRouteOfIpv6ThatTwoRoutersHaveIsThereWhileOneOfThemIsMaster() {
        VirtualRoute route = defaultRoute("fd77::9");
        VrrpSpeaker speaker = master(router().route(route), router(52, OTHER).route(route));
        awaitRenewals(speaker);
        speaker.apply(all(router().route(route)));
        Diary.until(() -> routes("-6").matches("default via fd77::9 dev eth0 proto keepalived metric 1024.*"));
        assertThat(failures()).isEmpty();
    }
}
