package io.lvs4j.vrrp;

/**
 * A file with a number that somebody else writes.
 *
 * @param name its name
 * @param path where it is
 * @param weight what routers that do not say otherwise multiply its number by, -254..254
 * @param reverse whether the sign is changed
 */
public record TrackFile(String name, String path, int weight, boolean reverse) {
    /** Checks all parts. */
    public TrackFile {
        Tracked.requireName("file", name);
        Tracked.requireName("file " + name + ": path", path);
        Tracked.requireWeight(weight);
    }
}
