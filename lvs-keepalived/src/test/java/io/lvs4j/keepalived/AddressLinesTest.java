package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.vrrp.VirtualAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressLinesTest {
    private static String block(String line) {
        return "static_ipaddress {\n" + line + "\n}\n";
    }

    private static VirtualAddress address(KeepalivedConfig config) {
        assertThat(config.hasErrors()).as("%s", config.diagnostics()).isFalse();
        return config.vrrp().staticAddresses().get(0);
    }

    private static String shown(VirtualAddress each) {
        return each
                + (each.scope() == 0 ? "" : " scope " + each.scope())
                + each.broadcast().map(brd -> " brd " + brd.getHostAddress()).orElse("")
                + each.flags().stream().sorted().map(flag -> " " + flag.word()).reduce("", String::concat)
                + (each.tracked() ? "" : " no_track")
                + each.preferredLifetime()
                        .map(time -> " preferred_lft " + time.toSeconds())
                        .orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.5, 10.0.0.5/32",
        "10.0.0.5/24 dev eth1, 10.0.0.5/24 dev eth1",
        "10.0.0.5/24 label eth0:1 dev eth0, 10.0.0.5/24 dev eth0 label eth0:1",
        "10.0.0.5/24 scope link, 10.0.0.5/24 scope 253",
        "10.0.0.5/24 scope 0xfe, 10.0.0.5/24 scope 254",
        "10.0.0.5/24 brd +, 10.0.0.5/24 brd 10.0.0.255",
        "10.0.0.5/24 broadcast -, 10.0.0.5/24 brd 10.0.0.0",
        "10.0.0.5/0 brd +, 10.0.0.5/0 brd 255.255.255.255",
        "10.0.0.5/24 brd 10.0.0.7, 10.0.0.5/24 brd 10.0.0.7",
        "10.0.0.5 peer 10.9.0.1, 10.0.0.5/32 peer 10.9.0.1",
        "10.0.0.5 home -nodad mngtmpaddr noprefixroute autojoin no_track, "
                + "10.0.0.5/32 home -nodad mngtmpaddr noprefixroute autojoin no_track",
        "10.0.0.5 preferred_lft 60, 10.0.0.5/32 preferred_lft 60",
        "10.0.0.5 preferred_lft forever, 10.0.0.5/32",
        "fd00::5/64, fd00:0:0:0:0:0:0:5/64",
        "fd00::5, fd00:0:0:0:0:0:0:5/128 preferred_lft 0",
        "fd00::5 preferred_lft 4294967295, fd00:0:0:0:0:0:0:5/128",
    })
    void aLineIsRead(String line, String expected) {
        assertThat(shown(address(ConfigTexts.strict(block(line))))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "bogus, 2:1 ERROR not-an-address",
        "300.1.1.1, 2:1 ERROR not-an-address",
        "10.0.0.5/33, 2:1 ERROR out-of-range",
        "10.0.0.5/, 2:1 ERROR out-of-range",
        "10.0.0.5 dev, 2:10 ERROR missing-value",
        "10.0.0.5 dev a/b, 2:14 ERROR not-a-device",
        "10.0.0.5 dev eth0 dev eth1, 2:19 ERROR duplicate",
        "10.0.0.5 DEV eth0, 2:10 ERROR wrong-case",
        "10.0.0.5 dve eth0 scope lnik, 2:10 ERROR unknown-keyword;2:25 ERROR unknown-value",
        "10.0.0.5 scope 256, 2:16 ERROR out-of-range",
        "10.0.0.5 brd 10.0.0, 2:14 ERROR not-an-address",
        "10.0.0.5/31 brd +, 2:13 ERROR out-of-range",
        "fd00::5 brd +, 2:9 ERROR family-mismatch",
        "fd00::5 scope link, 2:1 ERROR family-mismatch",
        "fd00::5 label x, 2:9 ERROR family-mismatch",
        "10.0.0.5 label sixteencharacter, 2:16 ERROR too-long",
        "10.0.0.5 peer fd00::1, 2:15 ERROR family-mismatch",
        "10.0.0.5/24 peer 10.0.0.6, 2:1 ERROR conflict",
        "10.0.0.5 peer 10.0.0.6 brd 10.0.0.7, 2:24 ERROR conflict",
        "10.0.0.5 preferred_lft -1, 2:24 ERROR out-of-range",
        "10.0.0.5 use_vmac, 2:10 ERROR unknown-keyword",
        "10.0.0.5 track_group G, 2:10 ERROR unknown-name",
    })
    void whatIsWrongIsToldWhereItIs(String line, String expected) {
        KeepalivedConfig config = ConfigTexts.strict(block(line));

        assertThat(ConfigTexts.told(config).stream()
                        .filter(each -> each.contains("ERROR"))
                        .toList())
                .containsExactly(expected.split(";"));
        assertThat(config.vrrp()).isEqualTo(VrrpConfig.none());
    }

    @Test
    void theWordThatWasMeantIsNamed() {
        assertThat(ConfigTexts.strict(block("10.0.0.5 lable eth0:1")).diagnostics())
                .anySatisfy(each -> assertThat(each.hint()).contains("did you mean label?"));
    }

    @Test
    void aTrackGroupMustStandBeforeItsAddress() {
        String group = "track_group G {\n group { V }\n}\n";
        KeepalivedConfig config = ConfigTexts.strict(group + block("10.0.0.5 dev eth0 track_group G"));

        assertThat(address(config).trackGroup()).isEqualTo(Optional.of("G"));
        assertThat(ConfigTexts.strict(block("10.0.0.5 track_group G") + group).hasErrors())
                .isTrue();
    }

    @Test
    void whatKeepalivedCorrectsIsCorrectedInLenientMode() {
        KeepalivedConfig config = ConfigTexts.lenient(block("10.0.0.5/24 peer 10.0.0.6 brd 10.0.0.255"));

        assertThat(shown(address(config))).isEqualTo("10.0.0.5/32 peer 10.0.0.6");
    }

    @Test
    void aLineHasNoBlockAndABlockNoValue() {
        assertThat(ConfigTexts.told("static_ipaddress x {\n10.0.0.5 {\n}\n}\n"))
                .contains("1:18 ERROR too-many-values", "2:10 ERROR unexpected-block");
    }
}
