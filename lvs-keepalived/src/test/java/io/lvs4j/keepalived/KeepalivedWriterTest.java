package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.DirectorSnapshot;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Quorum;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceSnapshot;
import io.lvs4j.VirtualService;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.check.TlsCheck;
import io.lvs4j.keepalived.syntax.ConfigWriter;
import io.lvs4j.keepalived.syntax.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class KeepalivedWriterTest {
    private static VirtualService service(UnaryOperator<VirtualService.Builder> more) {
        return more.apply(VirtualService.builder().listen("10.0.0.1", 80).realServer("10.1.0.1", 8080))
                .build();
    }

    @Property
    void servicesAreReadAsTheyWereWritten(@ForAll long seed, @ForAll @IntRange(max = 4) int count) {
        ServiceGenerator generator = new ServiceGenerator(seed);
        List<VirtualService> services =
                IntStream.range(0, count).mapToObj(generator::service).toList();

        KeepalivedWriter written = KeepalivedWriter.of(services);

        assertThat(written.lost()).isEmpty();
        KeepalivedConfig read = KeepalivedConfig.read("written", written.text(), ReadOptions.STRICT);
        assertThat(read.hasErrors()).as("%s", read.diagnostics()).isFalse();
        assertThat(read.virtualServices()).isEqualTo(services);
        assertThat(KeepalivedWriter.of(read.virtualServices()).text()).isEqualTo(written.text());
    }

    @Example
    void aServiceIsWrittenAsItsOwnerWouldWriteIt() {
        HealthCheck check = TcpCheck.builder()
                .delayLoop(Duration.ofSeconds(20))
                .connectTimeout(Duration.ofMillis(1500))
                .build();
        VirtualService service = service(it -> it.listen("10.0.0.2", 80)
                .scheduler("rr")
                .persistence(Duration.ofSeconds(10))
                .healthCheck(check));

        assertThat(KeepalivedWriter.of(List.of(service)).text()).isEqualTo("""
                virtual_server_group group_1 {
                    10.0.0.1 80
                    10.0.0.2 80
                }
                virtual_server group group_1 {
                    lb_algo rr
                    lb_kind NAT
                    protocol TCP
                    persistence_timeout 10
                    real_server 10.1.0.1 8080 {
                        weight 1
                        TCP_CHECK {
                            delay_loop 20
                            connect_timeout 1.5
                            retry 1
                            delay_before_retry 1
                            warmup 20
                            alpha no
                        }
                    }
                }
                """);
    }

    @Example
    void whatKeepalivedHasNotIsLostAndNamed() {
        VirtualService service = service(it -> it.slowStart(Duration.ofSeconds(30))
                .allow("10.0.0.0/8")
                .realServer("10.1.0.2", 80, server -> server.priority(1)));

        KeepalivedWriter written = KeepalivedWriter.of(List.of(service));

        assertThat(written.lost())
                .containsExactly(
                        "tcp 10.0.0.1:80: who is let in",
                        "tcp 10.0.0.1:80: slow start",
                        "tcp 10.0.0.1:80: the priority of 10.1.0.2:80");
        assertThat(KeepalivedConfig.read("written", written.text(), ReadOptions.STRICT)
                        .virtualServices())
                .containsExactly(service(it -> it.realServer("10.1.0.2", 80)));
    }

    @Example
    void aDirectorsServicesAreWrittenAsTheyAreDescribed() {
        ServiceSnapshot snapshot = new ServiceSnapshot(
                service(it -> it),
                List.of(),
                new Quorum(true, 1, 1, 0),
                false,
                Optional.empty(),
                0,
                Map.of(),
                Optional.empty());

        assertThat(KeepalivedWriter.of(new DirectorSnapshot("netty", List.of(snapshot))))
                .isEqualTo(KeepalivedWriter.of(List.of(service(it -> it))));
    }

    @Example
    void whatNothingComesNearIsRefused() {
        assertRefused("listen: 10.0.0.9:80-90 (expected: single ports)", it -> it.listen("10.0.0.9:80-90"));
        assertRefused(
                "forwarding: full-nat (expected: masquerade, direct-routing or tunnel)",
                it -> it.forwarding(ForwardingMethod.fullNat()));
        assertRefused(
                "(expected: one that keepalived has: tcp, http",
                it -> it.healthCheck(TlsCheck.builder().build()));
        assertRefused(
                "(expected: no verified certificate",
                it -> it.healthCheck(HttpCheck.sslGet("/").build()));
        assertRefused(
                "rise: 3 (expected: 1",
                it -> it.healthCheck(TcpCheck.builder().rise(3).build()));
        assertRefused(
                "delay_loop: PT1.0000001S (expected: whole microseconds)",
                it -> it.healthCheck(TcpCheck.builder()
                        .delayLoop(Duration.ofNanos(1_000_000_100))
                        .build()));
        assertRefused("quorum: 2 (expected: ", it -> it.quorum(2, 0));
        assertThatThrownBy(() -> KeepalivedWriter.of(
                        List.of(VirtualService.builder().listen("10.0.0.1", 80).build())))
                .hasMessageContaining("realServers: none (expected: at least one");
    }

    private static void assertRefused(String message, UnaryOperator<VirtualService.Builder> setting) {
        assertThatThrownBy(() -> KeepalivedWriter.of(List.of(service(setting))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Example
    void notifyScriptsAreWrittenWithThoseWhoRunThem() {
        String text = """
                virtual_server 10.0.0.1 80 {
                    lb_algo rr
                    lb_kind NAT
                    protocol TCP
                    quorum_up "/bin/up 'two words' $x" nobody nogroup
                    quorum_down /bin/down
                    real_server 10.1.0.1 8080 {
                        weight 1
                        notify_up "/bin/one \\042said\\042" nobody
                        notify_down "/bin/one # ! 'down it'"
                    }
                    real_server 10.1.0.2 8080 {
                        weight 1
                    }
                }
                """;
        List<ConfiguredService> read =
                KeepalivedConfig.read("a", text, ReadOptions.STRICT).services();
        assertThat(read).hasSize(1);
        assertThat(scripts(read)).hasSize(4).anyMatch(each -> each.contains("two words"));

        String written = KeepalivedWriter.ofConfigured(read, VrrpConfig.none()).text();

        List<ConfiguredService> again =
                KeepalivedConfig.read("b", written, ReadOptions.STRICT).services();
        assertThat(scripts(again)).as(written).isEqualTo(scripts(read));
        assertThat(again.get(0).notifyUp()).containsOnlyKeys(ServerKey.of("10.1.0.1", 8080));
        assertThat(again.get(0).service()).isEqualTo(read.get(0).service());
        assertThat(KeepalivedWriter.ofConfigured(again, VrrpConfig.none()).text())
                .isEqualTo(written);
    }

    private static List<String> scripts(List<ConfiguredService> services) {
        ConfiguredService service = services.get(0);
        return Stream.of(
                        service.quorumUp().stream(),
                        service.quorumDown().stream(),
                        service.notifyUp().values().stream(),
                        service.notifyDown().values().stream())
                .flatMap(each -> each)
                .map(each -> each.command() + " " + each.user() + " " + each.group())
                .toList();
    }

    @Example
    void aScriptOfAnUnknownServerIsRefused() {
        Script script = new Script(List.of("/bin/up"), Optional.empty(), Optional.empty(), new Position("a", 1, 1));
        ConfiguredService service = new ConfiguredService(
                service(it -> it),
                script.at(),
                Optional.empty(),
                Optional.empty(),
                Map.of(ServerKey.of("10.9.9.9", 1), script),
                Map.of());

        assertThatThrownBy(() -> KeepalivedWriter.ofConfigured(List.of(service), VrrpConfig.none()))
                .hasMessageContaining("tcp 10.0.0.1:80: script of: 10.9.9.9:1 (expected: a server of the service)");
    }

    @Example
    void aFilesTreeIsWrittenWithItsCommentsAndMeansTheSame() {
        String text = """
                ! the pair
                virtual_server 10.0.0.1 80 { # web
                    lb_algo rr
                    lb_kind NAT
                    protocol TCP
                    # the first
                    real_server 10.1.0.1 80 {
                        notify_up "/bin/up 'a b'" # told
                    }
                    # no more
                }
                """;
        KeepalivedConfig read = KeepalivedConfig.read("a", text, ReadOptions.STRICT);

        String written = ConfigWriter.write(read.tree());

        assertThat(written).contains("! the pair", "# web", "# the first", "# told", "# no more");
        KeepalivedConfig again = KeepalivedConfig.read("a", written, ReadOptions.STRICT);
        assertThat(again.virtualServices()).hasSize(1).isEqualTo(read.virtualServices());
        assertThat(scripts(again.services())).isEqualTo(scripts(read.services()));
        assertThat(ConfigWriter.write(again.tree())).isEqualTo(written);
    }
}
