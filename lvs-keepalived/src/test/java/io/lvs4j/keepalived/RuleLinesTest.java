package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.AddressPrefix;
import io.lvs4j.vrrp.VirtualRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleLinesTest {
    private static String block(String line) {
        return "static_rules {\n" + line + "\n}\n";
    }

    private static VirtualRule rule(KeepalivedConfig config) {
        assertThat(config.hasErrors()).as("%s", config.diagnostics()).isFalse();
        return config.vrrp().staticRules().get(0);
    }

    private static String shown(VirtualRule each) {
        return each.family()
                + each.from()
                        .map(AddressPrefix::toString)
                        .map(text -> " from " + text)
                        .orElse("")
                + each.to()
                        .map(AddressPrefix::toString)
                        .map(text -> " to " + text)
                        .orElse("")
                + each.inputDevice().map(text -> " iif " + text).orElse("")
                + each.outputDevice().map(text -> " oif " + text).orElse("")
                + (each.mark().isPresent() ? " fwmark " + each.mark().getAsLong() : "")
                + (each.table().isPresent() ? " table " + each.table().getAsLong() : "")
                + (each.priority().isPresent()
                        ? " preference " + each.priority().getAsLong()
                        : "")
                + (each.tracked() ? "" : " no_track");
    }

    @ParameterizedTest
    @CsvSource({
        "from 10.0.0.0/8 table 100 preference 7, inet from 10.0.0.0/8 table 100 preference 7",
        "to fd00::/8 lookup main order 0x10, inet6 to fd00::/8 table 254 preference 16",
        "from all to 10.0.0.1 dev eth0 oif eth1 table 1 priority 1, inet to 10.0.0.1 iif eth0 oif eth1 table 1 preference 1",
        "fwmark 0x10/0xff table 1 preference 1 no_track, inet fwmark 16 table 1 preference 1 no_track",
        "not from 10.0.0.0/8 blackhole preference 1, inet from 10.0.0.0/8 preference 1",
        "type prohibit preference 1, inet preference 1",
        "preference 1 goto 2, inet preference 1",
        "nop preference 1, inet preference 1",
        "l3mdev preference 1000, inet preference 1000",
    })
    void aLineIsRead(String line, String expected) {
        VirtualRule rule = rule(ConfigTexts.strict(block(line)));

        assertThat(shown(rule)).isEqualTo(expected);
        assertThat(rule.toString()).isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tos 0x10",
                "realms 1/2",
                "suppress_prefixlength 0",
                "suppress_ifgroup 0",
                "tunnel-id 18446744073709551615",
                "uidrange 0-1000",
                "protocol 18",
                "ipproto udp",
                "ipproto 47",
                "sport 1-1024 dport 80-80",
            })
    void whatRulesMaySayIsTaken(String words) {
        assertThat(rule(ConfigTexts.strict(block("table 1 preference 1 " + words)))
                        .words())
                .endsWith(words.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "from 10.0.0.0/8 preference 1, 2:1 missing-value",
        "from 10.0.0.0/8 table, 2:17 missing-value",
        "from 10.0.0.0/8 table 1, 2:1 missing-value",
        "from 10.0.0.0/8 tabel 1 table 1 preference 1, 2:17 unknown-keyword",
        "from 10.0.0 table 1 preference 1, 2:6 not-an-address",
        "from 10.0.0.0/8 to fd00::/8 table 1 preference 1, 2:20 family-mismatch",
        "to 10.0.0.0/8 from all table 1 preference 1, 2:20 family-mismatch",
        "table 0 preference 1, 2:7 out-of-range",
        "table 1 blackhole preference 1, 2:9 conflict",
        "type local preference 1, 2:6 unknown-keyword",
        "blackhole preference 1 realms 5, 2:24 conflict",
        "goto 2, 2:1 conflict",
        "goto 2 preference 2, 2:1 conflict",
        "table 1 preference 1 fwmark 1/x, 2:29 not-a-number",
        "table 1 preference 1 sport 80, 2:28 not-a-range",
        "table 1 preference 1 uidrange 5, 2:31 not-a-range",
        "table 1 preference 1 protocol 4, 2:22 conflict",
        "table 1 preference 1 ipproto bogus, 2:30 not-a-number",
        "table 1 preference 1 track_group G, 2:22 unknown-name",
    })
    void whatIsWrongIsToldWhereItIs(String line, String expected) {
        KeepalivedConfig config = ConfigTexts.strict(block(line));

        assertThat(ConfigTexts.errors(config)).containsExactly(expected);
        assertThat(config.vrrp()).isEqualTo(VrrpConfig.none());
    }

    @Test
    void aRuleWithoutAPreferenceIsTakenInLenientMode() {
        KeepalivedConfig config = ConfigTexts.lenient(block("from 10.0.0.0/8 table 1 protocol 4"));

        assertThat(shown(rule(config))).isEqualTo("inet from 10.0.0.0/8 table 1");
    }
}
