package io.lvs4j.netlink;

import io.lvs4j.ListenAddress;
import io.lvs4j.ServiceKey;
import io.lvs4j.spi.Repair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes services that nobody describes from a table that is owned, at the second look that finds them: a director that starts
 * describes its services one by one, and is to take over what an earlier run has left, with its connections.
 */
final class ForeignServices {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignServices.class);

    private Set<IpvsServiceKey> seen = Set.of();

    /**
     * Looks, and removes those that were foreign at the last look already.
     *
     * @param own the services that are described
     * @return what was removed
     */
    List<Repair> remove(Ipvs ipvs, Set<IpvsServiceKey> own) {
        Set<IpvsServiceKey> foreign = new HashSet<>();
        ipvs.services().forEach(entry -> foreign.add(entry.service().key()));
        foreign.removeAll(own);
        List<IpvsChange> changes = new ArrayList<>();
        foreign.stream().filter(seen::contains).forEach(key -> changes.add(new IpvsChange.RemoveService(key)));
        seen = foreign;
        List<Repair> removed = new ArrayList<>();
        for (IpvsResult result : ipvs.tryAll(changes)) {
            if (result.failure().isPresent()) {
                LOG.warn("Not removed: {}", result.failure().get().getMessage()); // it may have gone by itself
                continue;
            }
            Optional<ServiceKey> key = described(result.change().service());
            if (key.isPresent()) {
                removed.add(new Repair(key.get(), List.of(result.change().toString())));
            } else {
                LOG.warn("Somebody else's {} is removed", result.change().service());
            }
        }
        return removed;
    }

    /** Returns the key that a description of the service would have; empty if no description can have it, as with port 0. */
    private static Optional<ServiceKey> described(IpvsServiceKey key) {
        if (key instanceof IpvsServiceKey.FirewallMark mark) {
            return Optional.of(new ServiceKey.FirewallMark(mark.mark(), mark.family()));
        }
        IpvsServiceKey.Address at = (IpvsServiceKey.Address) key;
        if (at.port() == 0 || at.address().isMulticastAddress()) {
            return Optional.empty();
        }
        return Optional.of(new ServiceKey.Listening(
                at.protocol(), List.of(new ListenAddress(at.address(), at.port(), at.port()))));
    }
}
