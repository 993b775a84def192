package io.lvs4j.netlink;

import io.lvs4j.ServiceKey;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps two who want different things of one service from changing it at full speed: who has mended it lets it be twice as
 * long each time, until it has once been found as it should be.
 */
final class Quarrels {
    private final int maxPatience;
    private final Map<ServiceKey, Quarrel> quarrels = new HashMap<>();

    private static final class Quarrel {
        int patience = 1; // how many looks to let it be after the next time
        int toLetBe;
    }

    /** Begins without any; nobody lets a service be for more looks than this. */
    Quarrels(int maxPatience) {
        this.maxPatience = maxPatience;
    }

    /** Whether a service that has been found changed may be mended this time. */
    boolean mayMend(ServiceKey service) {
        Quarrel quarrel = quarrels.computeIfAbsent(service, key -> new Quarrel());
        if (quarrel.toLetBe > 0) {
            quarrel.toLetBe--;
            return false;
        }
        quarrel.toLetBe = quarrel.patience - 1;
        quarrel.patience = Math.min(2 * quarrel.patience, maxPatience);
        return true;
    }

    /** Hears that a service was as it should be. */
    void quiet(ServiceKey service) {
        quarrels.remove(service);
    }
}
