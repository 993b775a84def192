package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressFamily;
import io.lvs4j.LvsException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FullNatRulesTest {
    @Test
    void aRuleMatchesWhatIpvsHasRewrittenForItsService() {
        assertThat(String.join(" ", FullNatRules.command("-A", TestEntries.tcp("10.0.0.1", 80))))
                .isEqualTo("iptables -w 5 -t nat -A POSTROUTING -m ipvs --vproto tcp --vaddr 10.0.0.1 --vport 80"
                        + " --vmethod MASQ -m comment --comment lvs4j:tcp 10.0.0.1:80 -j MASQUERADE");
        assertThat(String.join(
                        " ", FullNatRules.command("-D", new IpvsServiceKey.FirewallMark(7, AddressFamily.INET6))))
                .isEqualTo("ip6tables -w 5 -t nat -D POSTROUTING -m mark --mark 7 -m ipvs --ipvs"
                        + " --vmethod MASQ -m comment --comment lvs4j:fwmark 7 inet6 -j MASQUERADE");
    }

    @Test
    void aNamespaceThatIsNotThereIsNamed() {
        FullNatRules rules = new FullNatRules(Optional.of("/nowhere"));
        assertThatThrownBy(() -> rules.install(TestEntries.tcp("10.0.0.1", 80)))
                .isInstanceOf(LvsException.class)
                .hasMessageContaining("/nowhere");
    }
}
