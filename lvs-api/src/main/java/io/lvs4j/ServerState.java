package io.lvs4j;

import java.util.Locale;

/** What a real server is doing, in the order in which the reasons count. */
public enum ServerState {
    /** An operator took it out; it gets no new connection and keeps those it has. */
    MAINTENANCE,
    /** A check failed; it gets no new connection and keeps those it has. */
    DOWN,
    /** It is leaving: no new connection, and it is removed when the last one ends or the deadline passes. */
    DRAINING,
    /** It gets new connections according to its weight; with weight 0 none. */
    UP;

    /** Returns the lower-case name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
