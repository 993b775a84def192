package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.AddressPrefix;
import io.lvs4j.vrrp.VirtualRoute;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteLinesTest {
    private static String block(String line) {
        return "static_routes {\n" + line + "\n}\n";
    }

    private static VirtualRoute route(KeepalivedConfig config) {
        assertThat(config.hasErrors()).as("%s", config.diagnostics()).isFalse();
        return config.vrrp().staticRoutes().get(0);
    }

    private static String shown(VirtualRoute each) {
        return each.type().word() + " " + each.family() + " "
                + each.destination().map(AddressPrefix::toString).orElse("default")
                + each.gateway()
                        .map(InetAddress::getHostAddress)
                        .map(text -> " via " + text)
                        .orElse("")
                + each.device().map(text -> " dev " + text).orElse("")
                + each.source()
                        .map(InetAddress::getHostAddress)
                        .map(text -> " src " + text)
                        .orElse("")
                + (each.scope().isPresent() ? " scope " + each.scope().getAsInt() : "")
                + (each.table().isPresent() ? " table " + each.table().getAsLong() : "")
                + (each.metric().isPresent() ? " metric " + each.metric().getAsLong() : "")
                + (each.tracked() ? "" : " no_track");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8 dev eth0, unicast inet 10.0.0.0/8 dev eth0",
        "to 10.0.0.0/8 via 10.1.0.1 dev eth0, unicast inet 10.0.0.0/8 via 10.1.0.1 dev eth0",
        "default via inet 10.1.0.1 oif eth0, unicast inet default via 10.1.0.1 dev eth0",
        "src 10.1.0.5 10.0.0.0/8 dev eth0, unicast inet 10.0.0.0/8 dev eth0 src 10.1.0.5",
        "blackhole 10.0.0.0/8 no_track, blackhole inet 10.0.0.0/8 no_track",
        "8 10.0.0.0/8 no_track, prohibit inet 10.0.0.0/8 no_track",
        "10.0.0.0/8 dev eth0 scope link table 0x10 metric 7, unicast inet 10.0.0.0/8 dev eth0 scope 253 table 16 metric 7",
        "10.0.0.0/8 dev eth0 table local priority 1, unicast inet 10.0.0.0/8 dev eth0 table 255 metric 1",
        "default6 via fe80::1 dev eth0, unicast inet6 default via fe80:0:0:0:0:0:0:1 dev eth0",
        "inet6 to fd00::/8 dev eth0 pref high expires 10, unicast inet6 fd00::/8 dev eth0",
        "10.0.0.0/8 no_track nexthop via 10.1.0.1 weight 2 onlink nexthop dev eth0 realms 1/2, unicast inet 10.0.0.0/8 no_track",
        "10.0.0.7/8 dev eth0, unicast inet 10.0.0.0/8 dev eth0",
    })
    void aLineIsRead(String line, String expected) {
        VirtualRoute route = route(ConfigTexts.strict(block(line)));

        assertThat(shown(route)).isEqualTo(expected);
        assertThat(route.toString()).isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mtu 1400",
                "mtu lock 1400",
                "advmss 1360 hoplimit 64 window 1000",
                "rtt 250ms rttvar lock 1.5s rto_min 400 rto_min .2s",
                "reordering lock 3 cwnd 10 ssthresh 5 initcwnd 10 initrwnd 10",
                "features ecn quickack 1 fastopen_no_cookie 0",
                "congctl lock cubic",
                "ttl-propagate enabled",
                "tos 0x10 protocol 18 realms 1/2",
                "add prepend append onlink",
                "encap ip id 5 dst 10.2.0.1 src 10.2.0.2 tos 4 ttl 9 flags 1",
                "encap ip6 dst fd00::1 tc 0 hoplimit 4",
                "encap mpls 100/200",
                "encap ila 2001:db8:0:1",
            })
    void whatRoutesMaySayIsTaken(String words) {
        assertThat(route(ConfigTexts.strict(block("10.0.0.0/8 dev eth0 " + words)))
                        .words())
                .endsWith(words.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8 via, 2:12 missing-value",
        "10.0.0.0/8 via 10.0.0.0/8 dev eth0, 2:16 not-an-address",
        "10.0.0.0/8 vai 10.1.0.1 dev eth0, 2:12 unknown-keyword",
        "10.0.0.0/8 via 10.1.0.1, 2:1 missing-value",
        "via 10.1.0.1 dev eth0, 2:1 missing-value",
        "inet6 default via fe80::1 dev eth0, 2:1 missing-value",
        "via 10.1.0.1 default dev eth0, 2:14 family-mismatch",
        "10.0.0.0/8 via fe80::1 dev eth0, 2:16 family-mismatch",
        "10.0.0.0/8 from fd00::/8 dev eth0, 2:17 family-mismatch",
        "from default fd00::/8 dev eth0, 2:6 family-mismatch",
        "10.0.0.0/8 gw 10.1.0.1 dev eth0, 2:12 deprecated-keyword",
        "10.0.0.0/8 dev eth0 via 10.1.0.1 or 10.1.0.2, 2:34 deprecated-keyword",
        "10.0.0.0/8 dev eth0 as to 10.1.0.1, 2:21 unsupported",
        "10.0.0.0/8 dev eth0 metric 0x10, 2:28 not-a-number",
        "10.0.0.0/8 dev eth0 table nowhere, 2:27 unknown-value",
        "10.0.0.0/8 dev eth0 protocol static, 2:21 conflict",
        "10.0.0.0/8 dev eth0 expires 10, 2:21 family-mismatch",
        "10.0.0.0/8 dev eth0 rtt 961s, 2:25 out-of-range",
        "10.0.0.0/8 dev eth0 rtt 1.5ms, 2:25 not-a-time",
        "10.0.0.0/8 dev eth0 quickack 2, 2:30 out-of-range",
        "10.0.0.0/8 dev eth0 features sack, 2:30 unknown-value",
        "10.0.0.0/8 dev eth0 encap ip ttl 5, 2:27 missing-value",
        "10.0.0.0/8 dev eth0 encap mpls 1/2/3, 2:32 not-a-label",
        "10.0.0.0/8 dev eth0 encap gre, 2:27 unknown-value",
        "10.0.0.0/8 no_track nexthop via 10.1.0.1 weight 0, 2:49 out-of-range",
        "10.0.0.0/8 nexthop dev eth0 no_track, 2:29 unknown-keyword",
        "10.0.0.0/8 track_group G dev eth0, 2:12 unknown-name",
    })
    void whatIsWrongIsToldWhereItIs(String line, String expected) {
        KeepalivedConfig config = ConfigTexts.strict(block(line));

        assertThat(ConfigTexts.errors(config)).containsExactly(expected);
        assertThat(config.vrrp()).isEqualTo(VrrpConfig.none());
    }

    @Test
    void theFamilyBeforeADestinationIsReadAsMeantInLenientMode() {
        KeepalivedConfig config = ConfigTexts.lenient(block("inet6 fd00::/8 via fe80::1 dev eth0"));

        assertThat(shown(route(config))).isEqualTo("unicast inet6 fd00::/8 via fe80:0:0:0:0:0:0:1 dev eth0");
    }

    @Test
    void aRouteThatCannotBeTrackedIsTakenInLenientMode() {
        KeepalivedConfig config = ConfigTexts.lenient(block("10.0.0.0/8 gw 10.1.0.1"));

        assertThat(shown(route(config))).isEqualTo("unicast inet 10.0.0.0/8 via 10.1.0.1 no_track");
        assertThat(config.diagnostics())
                .extracting(each -> each.code())
                .containsExactly("not-carried-out", "deprecated-keyword", "missing-value");
    }

    @Test
    void aTrackGroupIsKept() {
        KeepalivedConfig config =
                ConfigTexts.strict("track_group G {\ngroup {\nV\n}\n}\n" + block("default dev eth0 track_group G"));

        assertThat(route(config).trackGroup()).isEqualTo(Optional.of("G"));
    }
}
