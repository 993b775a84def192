package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EphemeralPortsTest {
    @Test
    void linuxSaysTheFirstAndTheLast() {
        assertThat(EphemeralPorts.parse("32768\t60999\n")).containsExactly(32768, 60999);
    }

    @Test
    void whereNothingReadableIsSaidItIsEveryUnprivilegedPort() {
        for (String unreadable : new String[] {"", "many", "1 2 3", "1 x", "99999999999 3"}) {
            assertThat(EphemeralPorts.parse(unreadable)).containsExactly(1024, 65535);
        }
    }
}
