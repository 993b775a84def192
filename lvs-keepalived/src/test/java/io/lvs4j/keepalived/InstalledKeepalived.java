package io.lvs4j.keepalived;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The keepalived of this host, as an oracle. */
final class InstalledKeepalived {
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
}
