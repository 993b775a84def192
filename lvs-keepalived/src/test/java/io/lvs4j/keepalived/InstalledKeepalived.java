package io.lvs4j.keepalived;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The keepalived of this host, as an oracle. */
final class InstalledKeepalived {
    /** What every line on its console begins with. */
    private static final Pattern TIME = Pattern.compile("^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} [0-9]{4}: ");

    private InstalledKeepalived() {}

    /**
     * What it says of a file.
     *
     * @param status its exit status
     * @param output what it printed
     */
    record Verdict(int status, String output) {
        boolean ok() {
            return status == 0;
        }
    }

    static Verdict test(Path file) throws IOException, InterruptedException {
        return test(file, List.of());
    }

    /** Runs it behind the words of another command. */
    static Verdict test(Path file, List<String> before) throws IOException, InterruptedException {
        Path output = Files.createTempFile(file.toAbsolutePath().getParent(), "keepalived", ".log");
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("keepalived", "-t", "-f", file.toString(), "--log-console"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS); // 2.2.7 has files that it reads for ever
        int status = ended ? process.exitValue() : -1;
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        Files.delete(output);
        return new Verdict(status, text);
    }

    /**
     * What it says that a file means, when it is started with it. Its parent process writes to the same console, and says that all has
     * begun while its child says what the file means: such lines, which are not indented, can stand between any two others and are left
     * out.
     *
     * @param subsystem the option that names the one child that is started
     * @param end what the first line that is not wanted any more begins with
     */
    static List<String> dump(Path file, String subsystem, String end, List<String> before)
            throws IOException, InterruptedException {
        Path directory = file.toAbsolutePath().getParent();
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                "keepalived",
                "--use-file=" + file,
                "--dont-fork",
                subsystem,
                "--log-console",
                "--dump-conf",
                "--pid=" + directory.resolve("pid"),
                "--vrrp_pid=" + directory.resolve("vrrp-pid"),
                "--checkers_pid=" + directory.resolve("checkers-pid")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String text = TIME.matcher(line).replaceFirst("");
                if (text.startsWith(end)) {
                    break;
                }
                if (text.startsWith(" ") || text.startsWith("------<")) {
                    lines.add(text);
                }
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
        return lines;
    }
}
