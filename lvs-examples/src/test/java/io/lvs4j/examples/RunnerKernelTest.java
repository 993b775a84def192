package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code lvs serve --backend ipvs} on a kernel with IPVS; the guest has loaded it. */
class RunnerKernelTest {
    private static final Path MODULE_LOADER = Path.of("/proc/sys/kernel/modprobe");
    private static final String[] SERVE = {
        "serve",
        "--backend",
        "ipvs",
        "--listen",
        "10.9.0.1:80",
        "--server",
        "10.9.1.1:8080,weight=3",
        "--scheduler",
        "wrr"
    };

    private static String ipvsadm() {
        return ChildProcess.run(List.of(ChildProcess.program("ipvsadm", "ipvsadm"), "-Sn"));
    }

    @Test
    void theKernelServesUntilTheRunnerIsAskedToStop() {
        try (ChildProcess lvs = ChildProcess.lvs(SERVE)) {
            lvs.awaitOut(line -> line.startsWith("serving tcp 10.9.0.1:80 on ipvs with wrr: 10.9.1.1:8080"));
            assertThat(ipvsadm().lines())
                    .containsExactly("-A -t 10.9.0.1:80 -s wrr", "-a -t 10.9.0.1:80 -r 10.9.1.1:8080 -m -w 3");
            lvs.signal("TERM");
            assertThat(lvs.awaitExit()).isZero();
            assertThat(ipvsadm()).isEmpty();
        }
    }

    @Test
    void withoutTheRightItIsBadInputThatNamesTheRight() {
        List<String> command = new ArrayList<>(List.of(
                ChildProcess.program("setpriv", "util-linux"), "--inh-caps=-net_admin", "--bounding-set=-net_admin"));
        command.addAll(ChildProcess.lvsCommand(SERVE));
        assertRefused(command, "--backend: ipvs", "EPERM", "CAP_NET_ADMIN", "setcap cap_net_admin+ep");
    }

    @Test
    void withoutTheModuleItIsBadInputThatNamesTheModule() throws IOException {
        String loader = Files.readString(MODULE_LOADER);
        Files.writeString(MODULE_LOADER, "/bin/false"); // the kernel would load it by itself
        try {
            String modprobe = ChildProcess.program("modprobe", "kmod");
            List<String> unload = new ArrayList<>(List.of(modprobe, "-r"));
            unload.addAll(modulesThatUseIpvs()); // loaded for whatever ran before in this guest
            unload.add("ip_vs");
            ChildProcess.run(unload);
            assertRefused(ChildProcess.lvsCommand(SERVE), "--backend: ipvs", "modprobe ip_vs");
        } finally {
            Files.writeString(MODULE_LOADER, loader);
            ChildProcess.run(List.of(ChildProcess.program("modprobe", "kmod"), "ip_vs"));
        }
    }

    private static List<String> modulesThatUseIpvs() throws IOException {
        return Files.readAllLines(Path.of("/proc/modules")).stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .filter(module -> module.startsWith("ip_vs_"))
                .toList();
    }

    private static void assertRefused(List<String> command, String... words) {
        try (ChildProcess lvs = ChildProcess.start(command)) {
            int code = lvs.awaitExit();
            assertThat(lvs.err())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("lvs")
                    .contains(words);
            assertThat(lvs.out()).isEmpty();
            assertThat(code).isEqualTo(2);
        }
    }
}
