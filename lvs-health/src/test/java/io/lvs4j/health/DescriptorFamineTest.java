package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A JVM of its own, which has few descriptors and uses them up: no socket can be opened then. Classes come from jars, as they do
 * wherever this runs; from a directory none could be loaded.
 */
class DescriptorFamineTest {
    private static final String NO_SOCKET = "inconclusive: no socket: too many open files";

    @TempDir
    Path directory;

    private int jars;

    @Test
    void checksFindNothingWithoutDescriptorsAndGoOnThereafter() throws Exception {
        Path zero = Files.writeString(directory.resolve("zero"), "0");

        // The program before may have ended just when no descriptor was left to end its group with, which is said.
        assertThat(run(zero.toString()).lines().filter(line -> !line.contains("io.lvs4j.health.ProcessGroup: ")))
                .containsExactly(
                        "before: connected",
                        "before: status 200",
                        "before: no ICMP error within 100ms",
                        "before: exit status 0",
                        "before: the file says 0",
                        "meanwhile: " + NO_SOCKET,
                        "meanwhile: " + NO_SOCKET,
                        "meanwhile: " + NO_SOCKET,
                        "meanwhile: " + NO_SOCKET,
                        "meanwhile: inconclusive: program not started: /dev/null (Too many open files)",
                        "meanwhile: inconclusive: file not read: java.nio.file.FileSystemException: " + zero
                                + ": Too many open files",
                        "thereafter: connected",
                        "thereafter: connected",
                        "thereafter: status 200",
                        "thereafter: no ICMP error within 100ms",
                        "thereafter: exit status 0",
                        "thereafter: the file says 0");
    }

    @Test
    void aCheckCanBeginWithoutDescriptors() throws Exception {
        assertThat(run().lines()).containsExactly("meanwhile: " + NO_SOCKET, "thereafter: connected");
    }

    @Test
    void aProgramIsNotStartedWithTheLastDescriptors() throws Exception {
        List<String> refusals = IntStream.rangeClosed(0, 8)
                .mapToObj(free -> "with " + free + ": /dev/null (Too many open files)")
                .toList();

        assertThat(start(HungryStarter.class, List.of()).lines())
                .startsWith("before: 0")
                .containsAll(refusals)
                .endsWith("standard input: open", "thereafter: 0")
                .hasSize(refusals.size() + 3);
    }

    private String run(String... more) throws Exception {
        try (Liar http = new Liar(Liar.good());
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            List<String> arguments =
                    new ArrayList<>(List.of(Integer.toString(http.key().port()), Integer.toString(udp.getLocalPort())));
            arguments.addAll(List.of(more));
            return start(HungryMonitor.class, arguments);
        }
    }

    private String start(Class<?> program, List<String> arguments) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 256 && exec \"$@\"", "sh"));
        command.add(ProcessHandle.current().info().command().orElse("java"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED"); // or it would warn
        }
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath(), program.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            assertThat(ended).as(Files.readString(out, StandardCharsets.UTF_8)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private String classPath() {
        return Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(Objects::nonNull)
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .map(entry -> Files.isDirectory(Path.of(entry)) ? jar(entry) : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String jar(String classes) {
        String jar = directory.resolve(jars++ + ".jar").toString();
        int status = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, "--create", "--file", jar, "-C", classes, ".");
        assertThat(status).isZero();
        return jar;
    }
}
