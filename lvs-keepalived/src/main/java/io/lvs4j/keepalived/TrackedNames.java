package io.lvs4j.keepalived;

import io.lvs4j.keepalived.TrackFileKeywords.TrackFile;
import io.lvs4j.keepalived.syntax.Word;
import java.nio.file.Path;

/** Finds what {@code FILE_CHECK} and {@code BFD_CHECK} name. */
final class TrackedNames {
    private TrackedNames() {}

    /** Finds the files of a virtual server's checks, and takes away the checks that are not carried out. */
    static void find(VirtualServerDraft vs, ConfigDraft config, Reading reading) {
        for (ServerDraft server : vs.servers) {
            server.checks.removeIf(check ->
                    check instanceof ProgramKeywords.Tracked tracked && !isCarriedOut(tracked, config, reading));
        }
    }

    private static boolean isCarriedOut(ProgramKeywords.Tracked check, ConfigDraft config, Reading reading) {
        Word name = java.util.Objects.requireNonNull(check.tracked);
        if (check.name.equals("BFD_CHECK")) {
            if (!config.bfdInstances.contains(name.text())) {
                unknown(check, name, "bfd_instance", reading);
            }
            reading.leftOut(check.at, "BFD_CHECK is left out: there is no BFD");
            return false;
        }
        TrackFile file = config.trackFiles.get(name.text());
        if (file == null || file.path == null) {
            unknown(check, name, "track_file", reading);
            return false;
        }
        int weight = check.weight == null ? file.weight.value() : check.weight;
        if (weight != 0) {
            reading.leftOut(
                    check.at,
                    "FILE_CHECK is left out: its weight is " + weight
                            + " (expected: 0; what a file says is not multiplied and added here)");
            return false;
        }
        if (!file.path.startsWith("/")) {
            reading.leftOut(
                    check.at, "FILE_CHECK is left out: " + Reading.shown(file.path) + " (expected: an absolute path)");
            return false;
        }
        check.file = Path.of(file.path);
        return true;
    }

    private static void unknown(ProgramKeywords.Tracked check, Word name, String what, Reading reading) {
        reading.error(
                "unknown-name", name.at(), check.name + ": there is no " + what + " " + Reading.shown(name.text()));
    }
}
