package io.lvs4j.keepalived.syntax;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The keywords that always have a block, by the block that they stand in: so that a brace that is missing can be found. */
final class BlockKeywords {
    /** What is written outside of every block. */
    static final String TOP = "";

    private static final Set<String> TRACKED =
            Set.of("track_interface", "track_script", "track_file", "track_process", "track_bfd");

    private static final Map<String, Set<String>> WITHIN = Map.ofEntries(
            Map.entry(
                    TOP,
                    Set.of(
                            "global_defs",
                            "bfd_instance",
                            "SSL",
                            "virtual_server_group",
                            "virtual_server",
                            "track_file",
                            "vrrp_track_file",
                            "track_group",
                            "static_ipaddress",
                            "static_routes",
                            "static_rules",
                            "vrrp_sync_group",
                            "garp_group",
                            "linkbeat_interfaces",
                            "vrrp_instance",
                            "vrrp_script",
                            "vrrp_track_process",
                            "interface_up_down_delays")),
            Map.entry("global_defs", Set.of("notification_email")),
            Map.entry("virtual_server", Set.of("real_server")),
            Map.entry(
                    "real_server",
                    Set.of(
                            "HTTP_GET",
                            "SSL_GET",
                            "TCP_CHECK",
                            "SMTP_CHECK",
                            "DNS_CHECK",
                            "MISC_CHECK",
                            "BFD_CHECK",
                            "UDP_CHECK",
                            "PING_CHECK",
                            "FILE_CHECK")),
            Map.entry("HTTP_GET", Set.of("url")),
            Map.entry("SSL_GET", Set.of("url")),
            Map.entry("SMTP_CHECK", Set.of("host")),
            Map.entry("track_group", Set.of("group")),
            Map.entry("garp_group", Set.of("interfaces")),
            Map.entry("vrrp_sync_group", with("group")),
            Map.entry(
                    "vrrp_instance",
                    with(
                            "unicast_peer",
                            "virtual_ipaddress",
                            "virtual_ipaddress_excluded",
                            "virtual_routes",
                            "virtual_rules",
                            "authentication")));

    private static final Set<String> ALL =
            WITHIN.values().stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());

    private BlockKeywords() {}

    private static Set<String> with(String... others) {
        Set<String> all = new HashSet<>(TRACKED);
        all.addAll(Set.of(others));
        return Set.copyOf(all);
    }

    /** {@return whether a keyword has a block where it stands} */
    static boolean hasBlock(String within, String keyword) {
        return WITHIN.getOrDefault(within, Set.of()).contains(keyword);
    }

    /** {@return whether a keyword has a block, wherever it stands} */
    static boolean isBlock(String keyword) {
        return ALL.contains(keyword);
    }

    /** {@return whether all keywords that have a block are known of those that stand in a block} */
    static boolean isKnown(String within) {
        return WITHIN.containsKey(within);
    }
}
