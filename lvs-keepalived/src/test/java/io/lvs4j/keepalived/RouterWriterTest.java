package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.vrrp.Tracked;
import io.lvs4j.vrrp.Tracking;
import io.lvs4j.vrrp.VirtualRouter;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RouterWriterTest {
    @Property
    void routersAreReadAsTheyWereWritten(@ForAll long seed, @ForAll @IntRange(max = 4) int count) {
        VrrpConfig config = new RouterGenerator(seed).config(count);

        String text = KeepalivedWriter.of(List.of(), config).text();

        KeepalivedConfig read = KeepalivedConfig.read("written", text, ReadOptions.STRICT);
        assertThat(read.hasErrors()).as("%s", read.diagnostics()).isFalse();
        assertThat(RouterWriter.plain(read.vrrp())).isEqualTo(RouterWriter.plain(config));
        assertThat(KeepalivedWriter.of(List.of(), read.vrrp()).text()).isEqualTo(text);
    }

    @Example
    void aTrackedServiceIsRefusedBecauseKeepalivedHasNoWordForIt() {
        VirtualRouter router = VirtualRouter.builder()
                .name("VI_1")
                .virtualRouterId(51)
                .networkInterface("eth0")
                .address("10.0.0.5/24")
                .tracking(Tracking.none().withService(Tracked.of("tcp 10.0.0.5:80")))
                .build();

        assertThatThrownBy(() -> KeepalivedWriter.of(List.of(), only(router)))
                .hasMessageContaining("what keepalived can say");
    }

    @Example
    void routesAndRulesAreWrittenAsTheirUserSaysThem() {
        String text = RouterTexts.instance("""
                virtual_routes {
                10.1.0.0/16 via 10.0.0.254 dev eth0 no_track
                }
                virtual_rules {
                from 10.1.0.0/16 table 100 preference 100 no_track
                }
                """);
        KeepalivedConfig config = ConfigTexts.strict(text);
        assertThat(config.hasErrors()).as("%s", config.diagnostics()).isFalse();

        assertThat(KeepalivedWriter.of(List.of(), config.vrrp()).text())
                .contains("10.1.0.0/16 via 10.0.0.254 dev eth0 no_track")
                .contains("from 10.1.0.0/16 table 100 preference 100 no_track");
    }

    private static VrrpConfig only(VirtualRouter router) {
        return new VrrpConfig(
                List.of(ConfiguredRouter.of(router)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of());
    }

    @Example
    void aRouterThatNamesAScriptThatIsNotThereIsRefused() {
        VirtualRouter router = VirtualRouter.builder()
                .name("one")
                .virtualRouterId(1)
                .networkInterface("eth0")
                .address("10.0.0.5/24")
                .tracking(Tracking.none().withScript(Tracked.of("nope")))
                .build();

        assertThatThrownBy(() -> KeepalivedWriter.of(List.of(), only(router)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("track_script: nope");
    }
}
