package io.lvs4j.vrrp;

import java.util.List;
import java.util.Optional;

/**
 * Routers that are elected together, as described.
 *
 * @param group their group; empty = one router alone
 * @param routers those routers, in the group's order
 */
record Together(Optional<SyncGroup> group, List<VirtualRouter> routers) {
    Together {
        routers = List.copyOf(routers);
    }

    /**
     * {@return whether these are the same routers to others on the network, so that those of another description may go on where these are}
     * An owner, whose addresses may be the host's, and who has an interface of his own, begins anew.
     *
     * @param other the other description
     */
    boolean mayBeSucceededBy(Together other) {
        if (!group.map(SyncGroup::name).equals(other.group.map(SyncGroup::name))
                || routers.size() != other.routers.size()) {
            return false;
        }
        for (VirtualRouter each : routers) {
            if (other.routers.stream().noneMatch(next -> isSame(each, next))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(VirtualRouter one, VirtualRouter other) {
        return one.name().equals(other.name())
                && one.virtualRouterId() == other.virtualRouterId()
                && one.version() == other.version()
                && one.family() == other.family()
                && one.networkInterface().equals(other.networkInterface())
                && one.virtualMac().isEmpty()
                && other.virtualMac().isEmpty()
                && one.priority() != VirtualRouter.OWNER
                && other.priority() != VirtualRouter.OWNER;
    }
}
