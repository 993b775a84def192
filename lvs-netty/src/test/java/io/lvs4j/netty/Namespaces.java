package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Network namespaces of this process's own, and Java programs in them. Needs root. */
final class Namespaces implements AutoCloseable {
    private static final String PREFIX = "lvsn" + ProcessHandle.current().pid() + "-";

    private final Deque<AutoCloseable> things = new ArrayDeque<>();

    /** Skips the test for everybody but root, as whom the gate runs it. */
    Namespaces() {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
    }

    /** Makes a namespace. */
    void add(String name) throws Exception {
        run("ip netns add " + PREFIX + name);
        things.push(() -> run("ip netns del " + PREFIX + name));
        in(name, "ip link set lo up");
    }

    /** Joins two namespaces by a cable whose ends are called as the other namespace. */
    void join(String one, String other) throws Exception {
        run("ip link add " + other + " netns " + PREFIX + one + " type veth peer name " + one + " netns " + PREFIX
                + other);
        in(one, "ip link set " + other + " up");
        in(other, "ip link set " + one + " up");
    }

    void in(String name, String command) throws Exception {
        run("ip netns exec " + PREFIX + name + " " + command);
    }

    private static void run(String command) throws Exception {
        assertThat(tryRun(command.split(" "))).as(command).isZero();
    }

    private static int tryRun(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    /** Starts a scene in a namespace; the words before are what runs Java, such as {@code setpriv}. */
    Child start(String name, List<String> before, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", PREFIX + name));
        command.addAll(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                NamespaceScene.class.getName()));
        Collections.addAll(command, arguments);
        Child child =
                new Child(new ProcessBuilder(command).redirectErrorStream(true).start());
        things.push(child);
        return child;
    }

    Child start(String name, String... arguments) throws IOException {
        return start(name, List.of(), arguments);
    }

    private static String classPath() {
        Path target = Path.of("target");
        return Stream.concat(
                        Stream.of(target.resolve("classes"), target.resolve("test-classes"))
                                .map(Path::toAbsolutePath)
                                .map(Path::toString),
                        Stream.of("java.class.path", "jdk.module.path")
                                .map(name -> System.getProperty(name, ""))
                                .flatMap(path -> Arrays.stream(path.split(File.pathSeparator))))
                .filter(entry -> !entry.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Override
    public void close() {
        while (!things.isEmpty()) {
            try {
                things.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A program in a namespace. It ends when nobody writes to it any more. */
    static final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        private Child(Process process) {
            this.process = process;
            this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Returns its next line of output that is meant for the test: those begin with a mark. */
        String next() throws IOException {
            StringBuilder others = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(NamespaceScene.MARK)) {
                    return line.substring(NamespaceScene.MARK.length());
                }
                others.append(line).append('\n');
            }
            throw new AssertionError("it ended: " + others);
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }
}
