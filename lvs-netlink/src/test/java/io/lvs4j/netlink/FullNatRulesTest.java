package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressRange;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.LvsException;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FullNatRulesTest {
    private static final IpvsServiceKey WEB = TestEntries.tcp("10.0.0.1", 80);

    @Test
    void aRuleMatchesWhatIpvsHasRewrittenForItsService() {
        assertThat(String.join(" ", new FullNatRule(WEB, Optional.empty()).command("-A")))
                .isEqualTo("iptables -w 5 -t nat -A POSTROUTING -m ipvs --vproto tcp --vaddr 10.0.0.1 --vport 80"
                        + " --vmethod MASQ -m comment --comment lvs4j:tcp 10.0.0.1:80 -j MASQUERADE");
        assertThat(String.join(
                        " ",
                        new FullNatRule(
                                        new IpvsServiceKey.FirewallMark(7, AddressFamily.INET6),
                                        Optional.of(AddressRange.parse("fd00::9")))
                                .command("-D")))
                .isEqualTo(
                        "ip6tables -w 5 -t nat -D POSTROUTING -m mark --mark 7 -m ipvs --ipvs"
                                + " --vmethod MASQ -m comment --comment lvs4j:fwmark 7 inet6 -j SNAT --to-source fd00:0:0:0:0:0:0:9");
    }

    @Test
    void severalSourcesAreARangeOfTheRule() {
        FullNatRule rule = new FullNatRule(WEB, Optional.of(AddressRange.parse("10.9.0.1-10.9.0.7")));
        assertThat(String.join(" ", rule.command("-A"))).endsWith("-j SNAT --to-source 10.9.0.1-10.9.0.7");
    }

    @Test
    void rulesAreFoundByTheirCommentAndReadWithTheirSource() {
        String listed = """
                # Warning: iptables-legacy tables present
                -P POSTROUTING ACCEPT
                -A POSTROUTING -m comment --comment lvs4j -j RETURN
                -A POSTROUTING -m ipvs --vaddr 10.0.0.1 --vport 80 -m comment --comment "lvs4j:tcp 10.0.0.1:80" -j MASQUERADE
                -A POSTROUTING -m ipvs --vaddr 10.0.0.1 --vport 80 -m comment --comment "lvs4j:tcp 10.0.0.1:80" -j SNAT --to-source 10.9.0.1
                -A POSTROUTING -m comment --comment "lvs4j:tcp 10.0.0.1:80" -j SNAT --to-source 10.9.0.1-10.9.0.7
                -A POSTROUTING -m comment --comment "lvs4j:tcp 10.0.0.1:80" -j SNAT --to-source example.org
                -A POSTROUTING -m comment --comment "lvs4j:tcp 10.0.0.1:801" -j MASQUERADE
                """;
        assertThat(FullNatRules.parse(listed, List.of(WEB)))
                .containsExactly(
                        new FullNatRule(WEB, Optional.empty()),
                        new FullNatRule(WEB, Optional.of(AddressRange.parse("10.9.0.1"))),
                        new FullNatRule(WEB, Optional.of(AddressRange.parse("10.9.0.1-10.9.0.7"))));
    }

    @Test
    void aNamespaceThatIsNotThereIsNamed() {
        FullNatRules rules = new FullNatRules(Optional.of("/nowhere"));
        assertThatThrownBy(() -> rules.install(List.of(new FullNatRule(WEB, Optional.empty()))))
                .isInstanceOf(LvsException.class)
                .hasMessageContaining("/nowhere");
    }

    @Test
    void aSourceIsOneAndOfTheServicesFamily() {
        VirtualService.Builder service = VirtualService.builder()
                .listen("10.0.0.1", 80)
                .forwarding(ForwardingMethod.fullNat(TestEntries.ip("fd00::9")))
                .realServer("10.0.1.1", 80);
        assertThatThrownBy(() -> KernelSettings.require(service.build(), "ipvs"))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining("full-nat from fd00::9")
                .hasMessageContaining("a source of the family of tcp 10.0.0.1:80, inet");
        VirtualService two = service.forwarding(ForwardingMethod.fullNat(TestEntries.ip("10.9.0.1")))
                .realServer("10.0.1.2", 80, server -> server.forwarding(ForwardingMethod.fullNat()))
                .build();
        assertThatThrownBy(() -> KernelSettings.require(two, "ipvs"))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining("full-nat from 10.9.0.1, full-nat")
                .hasMessageContaining("one source for all servers");
        assertThatThrownBy(() -> ForwardingMethod.fullNat(TestEntries.ip("224.0.0.1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("full-nat source: 224.0.0.1");
    }
}
