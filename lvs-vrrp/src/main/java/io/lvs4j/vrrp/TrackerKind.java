package io.lvs4j.vrrp;

import java.util.List;

/** Kinds of what routers track. Names are each kind's own. */
enum TrackerKind {
    /** A network interface: is it up? */
    INTERFACE,
    /** A {@link TrackScript}: did it succeed? */
    SCRIPT,
    /** A {@link TrackProcess}: do enough run? */
    PROCESS,
    /** A {@link TrackFile}: what does it say? */
    FILE,
    /** A virtual service of this host: does it have its quorum? */
    SERVICE;

    /** {@return those of the kind} */
    List<Tracked> of(Tracking tracking) {
        return switch (this) {
            case INTERFACE -> tracking.interfaces();
            case SCRIPT -> tracking.scripts();
            case PROCESS -> tracking.processes();
            case FILE -> tracking.files();
            case SERVICE -> tracking.services();
        };
    }
}
