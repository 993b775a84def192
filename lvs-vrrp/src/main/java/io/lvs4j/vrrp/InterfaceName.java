package io.lvs4j.vrrp;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What the kernel takes as the name of a network interface. */
final class InterfaceName {
    private static final int LONGEST = 15;

    private InterfaceName() {}

    /** {@return the name, which is one} */
    static String require(String what, String name) {
        Objects.requireNonNull(name, what);
        boolean good = !name.isEmpty()
                && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(each -> each == '/' || each == ':' || Character.isWhitespace(each));
        if (!good) {
            throw new IllegalArgumentException(
                    what + ": " + name + " (expected: the name of an interface, 1..15 bytes without /, : and blanks)");
        }
        return name;
    }
}
