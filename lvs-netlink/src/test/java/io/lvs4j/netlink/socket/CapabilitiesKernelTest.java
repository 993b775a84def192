package io.lvs4j.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Who lacks a capability is told which one. */
class CapabilitiesKernelTest {
    @Test
    void aRefusalNamesTheCapabilityThatIsMissing() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "setpriv",
                        "--bounding-set=-net_raw,-net_admin",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutCapabilities.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines())
                .containsExactly(
                        "socket of IPv4 protocol 112 on lo: EPERM (grant CAP_NET_RAW)",
                        "socket of IPv6 protocol 112 on lo: EPERM (grant CAP_NET_RAW)",
                        "packet socket: EPERM (grant CAP_NET_RAW)",
                        "add address 127.9.9.9/32 on interface 1: EPERM (grant CAP_NET_ADMIN)");
    }
}
