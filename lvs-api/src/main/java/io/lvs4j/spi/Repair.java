package io.lvs4j.spi;

import io.lvs4j.ServiceKey;
import java.util.List;

/**
 * What a backend has mended because somebody else had changed it.
 *
 * @param service the service
 * @param changes what was done, one sentence each
 */
public record Repair(ServiceKey service, List<String> changes) {
    /** Copies the list. */
    public Repair {
        changes = List.copyOf(changes);
    }
}
