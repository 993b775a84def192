package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class EphemeralPortsTest {
    @Test
    void linuxSaysTheFirstAndTheLast() {
        assertThat(EphemeralPorts.parse("32768\t60999\n")).containsExactly(32768, 60999);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theHostsOwnRangeIsReadWhole() throws Exception {
        Process cat = new ProcessBuilder("cat", "/proc/sys/net/ipv4/ip_local_port_range").start();
        String said = new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(EphemeralPorts.limits())
                .containsExactly(Stream.of(said.trim().split("\\s+", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    @Test
    void whereNothingReadableIsSaidItIsEveryUnprivilegedPort() {
        for (String unreadable : new String[] {"", "many", "1 2 3", "1 x", "99999999999 3"}) {
            assertThat(EphemeralPorts.parse(unreadable)).containsExactly(1024, 65535);
        }
    }
}
