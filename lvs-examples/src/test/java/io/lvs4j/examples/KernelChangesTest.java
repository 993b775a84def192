package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.ipvsadm.Rules;
import io.lvs4j.ipvsadm.ServiceListing;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelChangesTest {
    private static final String BEFORE = """
            -A -t 10.0.0.1:80 -s rr
            -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 1
            -a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 1
            -A -f 5 -s rr
            """;

    private static ServiceListing table(String rules) {
        return Rules.read("rules", rules).services().table();
    }

    private static List<String> changes(String after) {
        return KernelChanges.between(table(BEFORE), table(after)).stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void whatIsTheSameStays() {
        assertThat(changes(BEFORE)).isEmpty();
        assertThat(changes(BEFORE + "-C\n" + BEFORE))
                .as("it is not even cleared")
                .isEmpty();
    }

    @Test
    void whatDiffersIsChangedAddedAndRemoved() {
        assertThat(changes("""
                        -A -t 10.0.0.1:80 -s wrr -p 60 -M 255.255.255.0
                        -a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 5 -x 9
                        -a -t 10.0.0.1:80 -r 10.1.0.3:80 -i --tun-type gue --tun-port 6080
                        -A -t [fd00::1]:443 -s mh -b mh-port -p 9 -M 64
                        -a -t [fd00::1]:443 -r [fd00::2]:443 -g
                        """))
                .containsExactly(
                        "remove service fwmark 5 inet",
                        "edit service tcp 10.0.0.1:80 wrr persistent 60 s /24",
                        "remove destination 10.1.0.1:80 of tcp 10.0.0.1:80",
                        "edit destination 10.1.0.2:80 masquerade weight 5 threshold 0..9 of tcp 10.0.0.1:80",
                        "add destination 10.1.0.3:80 tunnel gue 6080 weight 1 to tcp 10.0.0.1:80",
                        "add service tcp [fd00:0:0:0:0:0:0:1]:443 mh flags 2 persistent 9 s /64",
                        "add destination [fd00:0:0:0:0:0:0:2]:443 direct-routing weight 1 to tcp"
                                + " [fd00:0:0:0:0:0:0:1]:443");
    }

    @Test
    void aMaskWithHolesIsRefused() {
        assertThatThrownBy(() -> changes("-A -t 10.0.0.1:80 -p 60 -M 255.0.255.0\n"))
                .hasMessage("-t 10.0.0.1:80 netmask: ff00ff00 (expected: ones before zeros)");
    }
}
