package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ConnectionLimits;
import io.lvs4j.VirtualService;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** What a source is. */
class AdmissionSourceTest {

    private static Admission onePerSource(ConnectionLimits limits) {
        VirtualService service = VirtualService.builder()
                .listen("10.0.0.1", 80)
                .limits(limits.withPerSource(1))
                .build();
        return new Admission(new Refusals(), System::nanoTime, SourceTable.SLOTS, ConnectionLimits.defaults(), service);
    }

    private static boolean admits(Admission admission, String address) throws Exception {
        return admission.admit(InetAddress.getByName(address)) != Admission.REFUSED;
    }

    @Test
    void anIpv6SiteIsOneSourceAndAnIpv4AddressIsOne() throws Exception {
        Admission admission = onePerSource(ConnectionLimits.defaults());
        assertThat(admits(admission, "2001:db8:0:1::1")).isTrue();
        assertThat(admits(admission, "2001:db8:0:1:ffff:ffff:ffff:ffff")).isFalse();
        assertThat(admits(admission, "2001:db8:0:2::1")).isTrue();
        assertThat(admits(admission, "192.0.2.1")).isTrue();
        assertThat(admits(admission, "192.0.2.2")).isTrue();
        assertThat(admits(admission, "192.0.2.2")).isFalse();
        assertThat(admission.connections()).isEqualTo(4);
        assertThat(admission.sources()).isEqualTo(4);
    }

    @Test
    void theLengthsOfPrefixesCanBeChosen() throws Exception {
        Admission admission = onePerSource(ConnectionLimits.defaults().withSourcePrefixes(31, 128));
        assertThat(admits(admission, "2001:db8:0:1::1")).isTrue();
        assertThat(admits(admission, "2001:db8:0:1::2")).isTrue();
        assertThat(admits(admission, "192.0.2.2")).isTrue();
        assertThat(admits(admission, "192.0.2.3")).isFalse();
        assertThat(admits(admission, "192.0.2.4")).isTrue();
    }
}
