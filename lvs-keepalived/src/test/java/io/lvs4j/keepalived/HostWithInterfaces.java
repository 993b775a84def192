package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;

/** A network namespace of this process's own with the interfaces eth0 and eth1, which keepalived wants for virtual routers. Needs root. */
final class HostWithInterfaces implements AutoCloseable {
    private final String name = "lvsk" + ProcessHandle.current().pid();

    /** Makes it; skips the test for everybody but root. */
    HostWithInterfaces() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
        run("ip", "netns", "add", name);
        run("ip", "-n", name, "link", "add", "eth0", "type", "veth", "peer", "name", "eth1");
        for (String device : List.of("lo", "eth0", "eth1")) {
            run("ip", "-n", name, "link", "set", device, "up");
        }
    }

    /** {@return the words before a command that is to run in it} */
    List<String> within() {
        return List.of("ip", "netns", "exec", name);
    }

    @Override
    public void close() throws IOException {
        run("ip", "netns", "del", name);
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.onExit().join().exitValue())
                .as(String.join(" ", command))
                .isZero();
    }
}
