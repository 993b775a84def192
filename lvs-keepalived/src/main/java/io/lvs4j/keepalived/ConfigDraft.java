package io.lvs4j.keepalived;

import io.lvs4j.keepalived.TrackFileKeywords.TrackFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A whole configuration, as it is read. Not thread-safe. */
final class ConfigDraft {
    final GlobalDraft global = new GlobalDraft();
    final List<VirtualServerDraft> virtualServers = new ArrayList<>();
    final Map<String, GroupDraft> groups = new LinkedHashMap<>();
    final Map<String, TrackFile> trackFiles = new LinkedHashMap<>();
    final Set<String> bfdInstances = new HashSet<>();
    final VrrpDraft vrrp = new VrrpDraft();
}
