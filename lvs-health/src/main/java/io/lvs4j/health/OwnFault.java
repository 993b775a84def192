package io.lvs4j.health;

import java.net.BindException;
import java.util.regex.Pattern;

/** Tells failures that are this host's from those that are the server's. */
final class OwnFault {
    /** What the kernel says when it is this host that lacks or forbids something. */
    private static final Pattern WORDS = Pattern.compile(
            "no buffer space|cannot allocate memory|too many open files|cannot assign requested address"
                    + "|address already in use|permission denied|operation not permitted",
            Pattern.CASE_INSENSITIVE);

    private OwnFault() {}

    static boolean is(Throwable failure) {
        return Wording.rootOf(failure) instanceof BindException
                || WORDS.matcher(Wording.of(failure)).find();
    }
}
