package io.lvs4j.keepalived;

import io.lvs4j.vrrp.TrackProcess;
import io.lvs4j.vrrp.TrackScript;
import io.lvs4j.vrrp.VirtualAddress;
import io.lvs4j.vrrp.VirtualRoute;
import io.lvs4j.vrrp.VirtualRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a configuration says of virtual routers, as it is read. Not thread-safe. */
final class VrrpDraft {
    final Map<String, RouterDraft> routers = new LinkedHashMap<>();
    final Map<String, SyncGroupDraft> groups = new LinkedHashMap<>();
    final Map<String, TrackScript> scripts = new LinkedHashMap<>();
    final Map<String, TrackProcess> processes = new LinkedHashMap<>();
    final Map<String, List<String>> trackGroups = new LinkedHashMap<>();
    final List<VirtualAddress> staticAddresses = new ArrayList<>();
    final List<VirtualRoute> staticRoutes = new ArrayList<>();
    final List<VirtualRule> staticRules = new ArrayList<>();
}
