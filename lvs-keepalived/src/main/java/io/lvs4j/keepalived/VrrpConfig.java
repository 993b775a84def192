package io.lvs4j.keepalived;

import io.lvs4j.vrrp.TrackFile;
import io.lvs4j.vrrp.TrackProcess;
import io.lvs4j.vrrp.TrackScript;
import io.lvs4j.vrrp.VirtualAddress;
import io.lvs4j.vrrp.VirtualRoute;
import io.lvs4j.vrrp.VirtualRule;
import java.util.List;
import java.util.Map;

/**
 * What a configuration says of virtual routers, each list in the order of the file.
 *
 * @param routers the routers
 * @param syncGroups groups of routers that change together
 * @param trackScripts programs that routers look at
 * @param trackProcesses processes that they look at
 * @param trackFiles files that they look at
 * @param staticAddresses addresses that the host has whatever the routers are
 * @param staticRoutes routes of that kind
 * @param staticRules routing rules of that kind
 * @param trackGroups the routers that look at static addresses, routes and rules, by name of the group
 */
public record VrrpConfig(
        List<ConfiguredRouter> routers,
        List<ConfiguredGroup> syncGroups,
        List<TrackScript> trackScripts,
        List<TrackProcess> trackProcesses,
        List<TrackFile> trackFiles,
        List<VirtualAddress> staticAddresses,
        List<VirtualRoute> staticRoutes,
        List<VirtualRule> staticRules,
        Map<String, List<String>> trackGroups) {
    private static final VrrpConfig NONE = new VrrpConfig(
            List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Map.of());

    /** Copies the lists. */
    public VrrpConfig {
        routers = List.copyOf(routers);
        syncGroups = List.copyOf(syncGroups);
        trackScripts = List.copyOf(trackScripts);
        trackProcesses = List.copyOf(trackProcesses);
        trackFiles = List.copyOf(trackFiles);
        staticAddresses = List.copyOf(staticAddresses);
        staticRoutes = List.copyOf(staticRoutes);
        staticRules = List.copyOf(staticRules);
        trackGroups = Map.copyOf(trackGroups);
    }

    /** {@return nothing} */
    public static VrrpConfig none() {
        return NONE;
    }
}
