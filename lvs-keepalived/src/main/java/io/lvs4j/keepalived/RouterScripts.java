package io.lvs4j.keepalived;

import java.util.Map;

/**
 * What is run when the state of a router or of a group changes.
 *
 * @param scripts what for which event
 * @param priorityChanges whether changes of the priority are told, too
 */
public record RouterScripts(Map<RouterEvent, Script> scripts, boolean priorityChanges) {
    /** Copies the map. */
    public RouterScripts {
        scripts = Map.copyOf(scripts);
    }

    /** {@return none} */
    public static RouterScripts none() {
        return new RouterScripts(Map.of(), false);
    }
}
