package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void nobodyGetsAPortTwice() {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(given.add(FreePorts.on(LOOPBACK))).isTrue();
        }
    }

    @Test
    void aPortInUseIsPassedOver() throws Exception {
        int before = FreePorts.on(LOOPBACK);
        int next = before + 1 < 32_768 ? before + 1 : 10_240;
        try (ServerSocket used = new ServerSocket(next, 1, LOOPBACK)) {
            assertThat(FreePorts.on(LOOPBACK)).isNotEqualTo(used.getLocalPort());
        }
    }

    @Test
    void aPortIsBelowThoseThatTheSystemGives() throws Exception {
        try (ServerSocket anyPort = new ServerSocket(0)) {
            assertThat(FreePorts.on(LOOPBACK)).isBetween(10_240, 32_767).isLessThan(anyPort.getLocalPort());
        }
    }

    @Test
    void anAddressOfAnotherHostHasNone() throws Exception {
        InetAddress foreign = InetAddress.getByName("192.0.2.1");
        assertThatThrownBy(() -> FreePorts.on(foreign))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no free port from 10240 to 32767 on 192.0.2.1");
    }
}
