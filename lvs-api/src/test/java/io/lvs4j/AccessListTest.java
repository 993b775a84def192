package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessListTest {

    @Test
    void whatIsDeniedIsDeniedWhateverIsAllowed() throws Exception {
        AccessList list = AccessList.everybody()
                .withAllowed("10.0.0.0/8", "fd00::/8")
                .withDenied("10.1.0.0/16")
                .withDenied("fd00:1::1");
        assertThat(list.permits(InetAddress.getByName("10.2.0.1"))).isTrue();
        assertThat(list.permits(InetAddress.getByName("10.1.0.1"))).isFalse();
        assertThat(list.permits(InetAddress.getByName("11.0.0.1"))).isFalse();
        assertThat(list.permits(InetAddress.getByName("fd00:1::2"))).isTrue();
        assertThat(list.permits(InetAddress.getByName("fd00:1::1"))).isFalse();
        assertThat(list.permits(InetAddress.getByName("::ffff:10.1.0.1"))).isFalse();
        assertThat(list).hasToString("allow 10.0.0.0/8,fd00::/8 deny 10.1.0.0/16,fd00:1::1");
    }

    @Test
    void withoutAnAllowedNetworkEverybodyIsAllowedWhoIsNotDenied() throws Exception {
        AccessList list = AccessList.everybody().withDenied("::/0");
        assertThat(list.permits(InetAddress.getByName("10.1.0.1"))).isTrue();
        assertThat(list.permits(InetAddress.getByName("2001:db8::1"))).isFalse();
        assertThat(AccessList.everybody()).hasToString("everybody");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8, 10.0.0.0/8",
        "10.1.0.0/16, 10.0.0.0/8, 10.0.0.0/8",
        "10.1.0.0/16, 0.0.0.0/0, 0.0.0.0/0",
        "10.200.0.1, '10.1.0.0/16,10.0.0.0/8,11.0.0.0/8', 10.0.0.0/8",
        "fd00::1, 'fc00::/7,fd00::/16', fc00::/7",
    })
    void whatIsDeniedCannotBeAllowed(String allow, String deny, String around) {
        AccessList allowed = AccessList.everybody().withAllowed(allow, "192.0.2.1");
        assertThatThrownBy(() -> allowed.withDenied(deny.split(",")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("allow: " + allow + " (expected: no network that is denied, it is within " + around + ")");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8, 10.0.0.0/9", "10.0.0.0/8, 11.0.0.0/8", "::/0, 0.0.0.0/0", "10.2.0.0/16, 10.1.0.0/16"})
    void aPartOrAnotherNetworkMayBeDenied(String allow, String deny) {
        AccessList list = AccessList.everybody().withAllowed(allow).withDenied(deny);
        assertThat(list.deny()).containsExactly(AddressPrefix.parse(deny));
    }
}
