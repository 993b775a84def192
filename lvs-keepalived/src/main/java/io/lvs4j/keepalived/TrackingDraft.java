package io.lvs4j.keepalived;

import io.lvs4j.vrrp.Tracked;
import io.lvs4j.vrrp.Tracking;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a router or group looks at, as it is read. Not thread-safe. */
final class TrackingDraft {
    final Map<String, Tracked> interfaces = new LinkedHashMap<>();
    final Map<String, Tracked> scripts = new LinkedHashMap<>();
    final Map<String, Tracked> processes = new LinkedHashMap<>();
    final Map<String, Tracked> files = new LinkedHashMap<>();

    Tracking tracking() {
        return new Tracking(
                List.copyOf(interfaces.values()),
                List.copyOf(scripts.values()),
                List.copyOf(processes.values()),
                List.copyOf(files.values()));
    }
}
