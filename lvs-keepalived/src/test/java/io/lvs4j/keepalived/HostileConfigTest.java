package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.ParseLimits;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a text means is found in time and memory that do not grow faster than the text, whatever multiplies with what in it. */
class HostileConfigTest {
    private static final int MOST_PARTS = 200_000;
    private static final String GROUP = "virtual_server group G {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n";

    private static String many(int count, IntFunction<String> piece) {
        return IntStream.range(0, count).mapToObj(piece).collect(Collectors.joining());
    }

    private static String address(int i) {
        return "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255);
    }

    private static String group(String lines) {
        return "virtual_server_group G {\n" + lines + "}\n";
    }

    private static String servers(int count, String port) {
        return many(count, i -> "real_server " + address(i + 1) + port + " {\n}\n");
    }

    static Stream<Named<String>> texts() {
        return Stream.of(
                Named.of(
                        "marks and servers",
                        group(many(20_000, i -> "fwmark " + (i + 1) + "\n")) + GROUP.replace("protocol TCP\n", "")
                                + servers(20_000, " 1") + "}\n"),
                Named.of(
                        "ports and servers",
                        group(many(1000, i -> address(i) + " " + (i + 1) + "\n")) + GROUP + servers(20_000, "")
                                + "}\n"),
                Named.of(
                        "addresses and servers of their ports",
                        group(many(50_000, i -> address(i) + " 80\n")) + GROUP.replace("NAT", "DR")
                                + servers(20_000, " 80") + "}\n"),
                Named.of(
                        "addresses and servers",
                        group(many(1000, i -> "11" + address(i).substring(2) + " 80\n")) + GROUP
                                + servers(40_000, " 80") + "}\n"),
                Named.of(
                        "a group and its users",
                        group(many(1000, i -> address(i) + " 80\n"))
                                + many(15_000, i -> GROUP + "real_server 10.9.9.9 80 {\n}\n}\n")),
                Named.of(
                        "groups and users of others",
                        many(15_000, i -> "virtual_server_group G" + i + " {\n10.0.0.1 1\n}\n")
                                + many(15_000, i -> "virtual_server group X {\nreal_server 10.9.9.9 80 {\n}\n}\n")),
                Named.of(
                        "servers of one hash",
                        "virtual_server fd00::1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n"
                                + many(
                                        40_000,
                                        i -> String.format(
                                                "real_server fd00:0:%x:%x:%x:%x:0:1 80 {\n}\n",
                                                i >> 8, i & 255, 0xffff - (i >> 8), 0xffff - (i & 255)))
                                + "}\n"),
                Named.of(
                        "options of a pattern",
                        ConfigTexts.realServer("HTTP_GET {\nurl {\npath /\nregex a\n"
                                + many(100_000, i -> "regex_options caseless\n") + "}\n}\n")),
                Named.of(
                        "addresses of a router",
                        "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n"
                                + many(200_000, i -> address(i) + "\n") + "}\n}\n"),
                Named.of("surplus braces", many(2000, i -> "}\n") + many(10_000, i -> ConfigTexts.virtualServer(""))));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void whatComesOfATextIsBounded(String text) {
        KeepalivedConfig read = ConfigTexts.lenient(text);
        int servers = read.virtualServices().stream()
                .map(VirtualService::realServers)
                .mapToInt(list -> list.size())
                .sum();

        assertThat(read.diagnostics()).hasSizeLessThanOrEqualTo(2 * (ParseLimits.DEFAULT.diagnostics() + 1));
        assertThat(servers + read.services().size()).isLessThanOrEqualTo(MOST_PARTS);
        assertThat(read.diagnostics())
                .allSatisfy(each -> assertThat(each.message()).hasSizeLessThan(500));
    }

    @Test
    void whatGroupsMultiplyTooOftenIsTold() {
        KeepalivedConfig read = ConfigTexts.lenient(group(many(300, i -> "fwmark " + (i + 1) + "\n"))
                + GROUP.replace("protocol TCP\n", "") + servers(1000, " 1") + "}\n");

        assertThat(read.services()).hasSize(MOST_PARTS / 1005);
        assertThat(read.diagnostics()).extracting(Diagnostic::code).containsExactly("too-large");
    }

    @Test
    void linesOfAddressesBeyondTheLimitAreTold() {
        KeepalivedConfig read =
                ConfigTexts.lenient("static_ipaddress {\n" + many(50_002, i -> address(i) + "\n") + "}\n");

        assertThat(read.diagnostics())
                .filteredOn(each -> each.code().equals("too-large"))
                .singleElement()
                .satisfies(each -> assertThat(each.at().line()).isEqualTo(50_002));
    }

    @Test
    void routersBeyondTheLimitAreToldAndLeftOut() {
        KeepalivedConfig read = ConfigTexts.lenient(many(
                2050,
                i -> "vrrp_instance R" + i + " {\ninterface eth" + i / 255 + "\nvirtual_router_id " + (i % 255 + 1)
                        + "\nvirtual_ipaddress {\n" + address(i) + "\n}\n}\n"));

        assertThat(read.routers()).hasSize(2048);
        assertThat(read.diagnostics()).extracting(Diagnostic::code).containsExactly("too-large", "too-large");
    }

    @Test
    void aUsualFileOfFourThousandServicesIsReadWhole() {
        String text = many(
                4000,
                i -> "virtual_server " + address(i)
                        + " 80 {\n  delay_loop 6\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n"
                        + many(
                                2,
                                j -> "  real_server 192.168.0." + (j + 1)
                                        + " 80 {\n    weight 1\n    TCP_CHECK {\n      connect_timeout 3\n    }\n  }\n")
                        + "}\n");
        KeepalivedConfig read = ConfigTexts.lenient(text);

        assertThat(text).hasSizeGreaterThan(1 << 20);
        assertThat(read.diagnostics()).isEmpty();
        assertThat(read.services()).hasSize(4000);
    }

    @Test
    void anAliasThatIsReadSaysWhatToWrite() {
        assertThat(ConfigTexts.lenient(ConfigTexts.virtualServer("persistent_timeout 5"))
                        .diagnostics())
                .singleElement()
                .satisfies(each -> assertThat(each.hint()).contains("write persistence_timeout"));
    }
}
