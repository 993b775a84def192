package io.lvs4j.netlink;

import io.lvs4j.ServerKey;
import io.lvs4j.ServiceKey;
import io.lvs4j.spi.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the kernel has of a service, and writes what differs from what it should be: each wholly or not at all. An answer
 * that is lost does not say how far the kernel came, so then it is looked at again.
 */
final class TableWriter {
    private static final int RETRIES = 3;

    private final Ipvs ipvs;
    private final Map<IpvsServiceKey, ServiceState> written = new HashMap<>();

    TableWriter(Ipvs ipvs) {
        this.ipvs = ipvs;
    }

    /** What the kernel has of one of its services: nothing, or settings and destinations, of which some have connections. */
    record Reading(IpvsServiceKey key, Optional<ServiceState> state, Set<ServerKey> busy) {
        private boolean shows(@Nullable ServiceState expected) {
            return expected != null && state.filter(expected::isSame).isPresent();
        }
    }

    /** Returns what the kernel has of a service, for each of the kernel's services that it is. */
    List<Reading> read(ServiceKey service) {
        return KernelSettings.keys(service).stream().map(this::read).toList();
    }

    private Reading read(IpvsServiceKey key) {
        Optional<IpvsServiceEntry> entry = ipvs.service(key);
        if (entry.isEmpty()) {
            return new Reading(key, Optional.empty(), Set.of());
        }
        List<IpvsDestinationEntry> entries = ipvs.destinations(key);
        List<IpvsDestination> inOrder = new ArrayList<>();
        entries.forEach(found -> inOrder.add(0, found.destination())); // the one added last comes first
        return new Reading(key, Optional.of(new ServiceState(entry.get().service(), inOrder)), busy(entries));
    }

    private static Set<ServerKey> busy(List<IpvsDestinationEntry> entries) {
        Set<ServerKey> busy = new HashSet<>();
        for (IpvsDestinationEntry entry : entries) {
            if (entry.active() + entry.inactive() > 0 && entry.destination().port() > 0) {
                busy.add(new ServerKey(
                        entry.destination().address(), entry.destination().port()));
            }
        }
        return busy;
    }

    /** Whether somebody else has changed a service since it was written. */
    boolean drifted(List<Reading> now) {
        return now.stream().anyMatch(reading -> !reading.shows(written.get(reading.key())));
    }

    /**
     * Writes what differs. If the kernel refuses something, takes back what has been written.
     *
     * @param quiesced whether its servers shall take no new connections
     * @param before what the kernel has
     * @return what had to be done
     */
    List<IpvsChange> write(Pool pool, boolean quiesced, List<Reading> before) {
        List<Reading> now = before;
        for (int lost = 0; ; lost++) {
            Map<IpvsServiceKey, ServiceState> wanted = new LinkedHashMap<>();
            List<IpvsChange> changes = new ArrayList<>();
            for (Reading reading : now) {
                ServiceState described = KernelSettings.state(pool, reading.key(), reading.busy());
                ServiceState state = quiesced ? described.quiesced() : described;
                wanted.put(reading.key(), state);
                changes.addAll(ServiceState.changes(reading.state(), Optional.of(state)));
            }
            try {
                ipvs.apply(changes);
                written.putAll(wanted);
                return changes;
            } catch (IpvsException e) {
                if (!e.unanswered() || lost == RETRIES) {
                    restore(before, e);
                    throw e;
                }
                now = read(pool.service().key()); // how far it came can only be seen
            }
        }
    }

    private void restore(List<Reading> before, IpvsException cause) {
        try {
            for (Reading reading : before) {
                ipvs.apply(ServiceState.changes(read(reading.key()).state(), reading.state()));
            }
        } catch (IpvsException e) {
            cause.addSuppressed(e);
        }
    }

    /** Removes services of the kernel, those of them that are there. */
    void remove(List<IpvsServiceKey> keys) {
        for (int lost = 0; ; lost++) {
            try {
                removeThoseThere(keys);
                written.keySet().removeAll(keys);
                return;
            } catch (IpvsException e) {
                if (!e.unanswered() || lost == RETRIES) {
                    throw e;
                }
            }
        }
    }

    private void removeThoseThere(List<IpvsServiceKey> keys) {
        List<IpvsChange> changes = new ArrayList<>();
        for (IpvsServiceKey key : keys) {
            if (ipvs.service(key).isPresent()) {
                changes.add(new IpvsChange.RemoveService(key));
            }
        }
        ipvs.apply(changes);
    }
}
