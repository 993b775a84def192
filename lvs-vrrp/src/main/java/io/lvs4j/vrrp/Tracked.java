package io.lvs4j.vrrp;

import java.util.Objects;

/**
 * Something that a router looks at: an interface, a script, a process or a file, by name.
 *
 * @param name its name
 * @param weight -254..254. 0 = the router is in fault while it fails. Above 0 the priority is raised by it while it does not fail, below 0
 *     lowered by it while it fails. What a file says is multiplied by it, and 0 there is a fault unless the file says 0
 * @param reverse whether the weight counts with the other sign: what would raise the priority lowers it
 */
public record Tracked(String name, int weight, boolean reverse) {
    private static final int MOST = 254;

    /** Checks the weight. */
    public Tracked {
        requireName("tracked", name);
        requireWeight(weight);
    }

    static void requireWeight(int weight) {
        if (weight < -MOST || weight > MOST) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: -" + MOST + ".." + MOST + ")");
        }
    }

    static String requireName(String what, String name) {
        if (Objects.requireNonNull(name, what).isEmpty()) {
            throw new IllegalArgumentException(what + ": no name (expected: one)");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + ": " + name.replaceAll("\\p{Cntrl}", "?")
                    + " (expected: a name without control characters)");
        }
        return name;
    }

    /**
     * {@return what puts a router into fault while it fails}
     *
     * @param name its name
     */
    public static Tracked of(String name) {
        return new Tracked(name, 0, false);
    }
}
