package io.lvs4j;

import java.util.Locale;

/** What a real server is doing, in the order in which the reasons count. */
public enum ServerState {
    /**
     * An operator took it out; it gets no new connection and keeps those it has. So did the server's agent, which counts after
     * {@link #EJECTED} only, because a failure outdoes what an agent says.
     */
    MAINTENANCE,
    /** A check failed, or an alpha check has yet to pass; it gets no new connection and keeps those it has. */
    DOWN,
    /** Its checks pass again, but it has failed too lately or too often, see {@link FlapDamping}. */
    HELD,
    /** Connections to it failed, see {@link OutlierDetection}. */
    EJECTED,
    /**
     * An operator lets it leave: no new connection, and it is removed when the last one ends or the deadline passes. Or its
     * agent wants no new connection; then it stays.
     */
    DRAINING,
    /** It is up, and others serve: those of a better {@linkplain RealServer#priority priority}, or the sorry server. */
    STANDBY,
    /** It gets new connections according to its weight; with weight 0 none. */
    UP;

    /** Returns the lower-case name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
