package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Word;
import io.lvs4j.vrrp.Tracked;
import io.lvs4j.vrrp.Tracking;
import java.util.Optional;

/** Names of network interfaces. Whether a host has them is not looked at. */
final class Interfaces {
    private Interfaces() {}

    /** {@return a name of an interface} */
    static Value<String> name() {
        return (keyword, word, reading) -> isName(word, keyword, reading) ? Optional.of(word.text()) : Optional.empty();
    }

    /** {@return whether a word can be a name, which has been told otherwise} */
    static boolean isName(Word word, String keyword, Reading reading) {
        try {
            Tracking.none().withInterface(Tracked.of(word.text()));
            return true;
        } catch (IllegalArgumentException e) {
            reading.error(
                    "not-an-interface",
                    word.at(),
                    keyword + ": " + Reading.shown(word.text())
                            + " (expected: the name of an interface, at most 15 bytes without /, : and blanks)");
            return false;
        }
    }
}
