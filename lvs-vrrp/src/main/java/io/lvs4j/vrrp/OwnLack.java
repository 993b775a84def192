package io.lvs4j.vrrp;

import java.nio.file.FileSystemException;
import java.util.Locale;

/** Tells that this process could not look from that nothing is there. */
final class OwnLack {
    private OwnLack() {}

    /** {@return whether a file could not be opened because this process, or its host, has opened too many} */
    static boolean is(FileSystemException failure) {
        String reason = failure.getReason();
        return reason != null && reason.toLowerCase(Locale.ROOT).startsWith("too many open files");
    }
}
