package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Position;
import org.jspecify.annotations.Nullable;

/** What may stand in {@code track_file}. */
final class TrackFileKeywords {
    private static final int MOST = 254;

    static final Keywords<TrackFile> TABLE = Keywords.<TrackFile>in("track_file")
            .value("file", Value.text(), (file, path) -> file.path = path)
            .once()
            .words("weight", 1, 2, (file, arguments) -> file.weight.read(arguments))
            .once()
            .words("init_file", 0, 2, (file, arguments) -> {
                for (int i = 0; i < arguments.count(); i++) {
                    if (!arguments.word(i).text().equals("overwrite")) {
                        arguments.value(i, Value.integer(-MOST, MOST));
                    }
                }
            })
            .notCarriedOut("files are not written")
            .build();

    private TrackFileKeywords() {}

    static void end(ConfigDraft config, TrackFile file, Arguments arguments) {
        if (file.path == null) {
            arguments.reading().error("missing-keyword", file.at, "track_file has no file (expected: its path)");
        } else {
            config.trackFiles.putIfAbsent(file.name, file);
        }
    }

    /** A {@code track_file}, as it is read. Not thread-safe. */
    static final class TrackFile {
        final String name;
        final Position at;

        @Nullable
        String path;

        final TrackWeight weight = new TrackWeight(MOST, 1);

        TrackFile(Arguments arguments) {
            name = arguments.word(0).text();
            at = arguments.at();
        }
    }
}
