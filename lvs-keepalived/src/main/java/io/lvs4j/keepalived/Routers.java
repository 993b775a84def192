package io.lvs4j.keepalived;

import io.lvs4j.keepalived.TrackFileKeywords.TrackFile;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.Word;
import io.lvs4j.vrrp.SyncGroup;
import io.lvs4j.vrrp.Tracked;
import io.lvs4j.vrrp.UnicastPeer;
import io.lvs4j.vrrp.VirtualRouter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes virtual routers and their groups of what has been read, and looks at what they must be to each other. */
final class Routers {
    private final ConfigDraft config;
    private final List<Diagnostic> syntax;
    private final Reading reading;
    private final Map<String, ConfiguredRouter> made = new java.util.LinkedHashMap<>();
    private final List<ConfiguredGroup> groups = new ArrayList<>();

    private Routers(ConfigDraft config, List<Diagnostic> syntax, Reading reading) {
        this.config = config;
        this.syntax = syntax.stream()
                .filter(each -> each.severity() == Diagnostic.Severity.ERROR)
                .toList();
        this.reading = reading;
    }

    /**
     * {@return what is without an error}
     *
     * @param syntax what is wrong with the text
     */
    static VrrpConfig of(ConfigDraft config, List<Diagnostic> syntax, Reading reading) {
        Routers routers = new Routers(config, syntax, reading);
        VrrpDraft draft = config.vrrp;
        draft.groups.values().forEach(routers::members);
        draft.routers.values().forEach(routers::complete);
        routers.conflicts();
        draft.routers.values().forEach(routers::make);
        draft.groups.values().forEach(routers::make);
        return new VrrpConfig(
                List.copyOf(routers.made.values()),
                routers.groups,
                List.copyOf(draft.scripts.values()),
                List.copyOf(draft.processes.values()),
                config.trackFiles.values().stream().map(Routers::file).toList(),
                draft.staticAddresses,
                draft.staticRoutes,
                draft.staticRules,
                draft.trackGroups);
    }

    private static io.lvs4j.vrrp.TrackFile file(TrackFile file) {
        return new io.lvs4j.vrrp.TrackFile(
                file.name, Objects.requireNonNull(file.path), file.weight.value(), file.weight.isReverse());
    }

    private void members(SyncGroupDraft group) {
        if (group.members.isEmpty()) {
            group.faulty = true;
            reading.error("missing-value", group.at, group.shown() + " has no members (expected: a block group)");
            return;
        }
        for (Word member : group.members) {
            RouterDraft router = config.vrrp.routers.get(member.text());
            if (router == null) {
                reading.corrected(
                        "unknown-name",
                        member.at(),
                        group.shown() + ": there is no vrrp_instance " + Reading.shown(member.text()),
                        "it is ignored");
            } else if (router.sync != null) {
                reading.corrected(
                        "duplicate",
                        member.at(),
                        group.shown() + ": " + Reading.shown(member.text()) + " is in " + router.sync.shown()
                                + " already",
                        "it is ignored");
            } else {
                router.sync = group;
                group.routers.add(router);
            }
        }
        if (group.routers.isEmpty()) {
            group.faulty = true;
            reading.error("missing-value", group.at, group.shown() + " has no members that there are");
        } else if (group.routers.size() == 1) {
            reading.corrected(
                    "missing-value", group.at, group.shown() + " has one member (expected: two or more)", "it is kept");
        }
    }

    private void complete(RouterDraft router) {
        int before = reading.errors();
        RouterRules.apply(router, config.global.vrrp, reading);
        boolean faulty = reading.errors() > before || syntax.stream().anyMatch(each -> within(router, each));
        router.faulty |= faulty;
    }

    private static boolean within(RouterDraft router, Diagnostic found) {
        Position at = found.at();
        return at.file().equals(router.at.file()) && at.line() >= router.at.line() && at.line() <= router.end.line();
    }

    /** Two routers of one family cannot have the same id where they hear the same adverts. */
    private void conflicts() {
        Map<List<Object>, List<RouterDraft>> same = new HashMap<>();
        for (RouterDraft router : config.vrrp.routers.values()) {
            if (router.id == 0 || router.networkInterface == null || router.family == null) {
                continue;
            }
            boolean unicast = !router.peers.isEmpty();
            Object where = unicast ? router.source == null ? "" : router.source : group(router);
            List<Object> key = List.of(router.family, router.id, unicast, router.networkInterface, where);
            List<RouterDraft> others = same.computeIfAbsent(key, any -> new ArrayList<>());
            others.stream()
                    .filter(other -> !unicast || sharePeer(other, router))
                    .findFirst()
                    .ifPresent(other -> {
                        router.faulty = true;
                        reading.error(
                                "duplicate",
                                router.at,
                                router.shown() + ": virtual_router_id " + router.id + " on " + router.networkInterface
                                        + " (expected: another one than that of " + other.shown() + ", at " + other.at
                                        + ")");
                    });
            others.add(router);
        }
    }

    private Object group(RouterDraft router) {
        if (router.group != null) {
            return router.group;
        }
        Object common =
                router.family == io.lvs4j.AddressFamily.INET ? config.global.vrrp.group4 : config.global.vrrp.group6;
        return common == null ? "" : common;
    }

    private static boolean sharePeer(RouterDraft a, RouterDraft b) {
        Set<Object> peers = new HashSet<>();
        a.peers.stream().map(UnicastPeer::address).forEach(peers::add);
        return b.peers.stream().map(UnicastPeer::address).anyMatch(peers::contains);
    }

    private void make(RouterDraft draft) {
        if (draft.faulty) {
            return;
        }
        try {
            VirtualRouter router = RouterMaker.make(draft, config.global.vrrp);
            boolean changes = (draft.sync != null && draft.sync.notify.priorityChanges != null)
                    ? draft.sync.notify.priorityChanges
                    : config.global.vrrp.priorityChanges;
            made.put(draft.name, new ConfiguredRouter(router, draft.at, draft.notify.scripts(changes)));
        } catch (IllegalArgumentException e) {
            reading.routerLeftOut(draft.at, draft.shown() + " is left out: " + e.getMessage());
        }
    }

    private void make(SyncGroupDraft draft) {
        List<String> names = draft.routers.stream()
                .map(router -> router.name)
                .filter(made::containsKey)
                .toList();
        if (draft.faulty) {
            if (reading.lenient() && !names.isEmpty()) {
                leftOut(draft, "there is an error in it", names);
            }
            return;
        }
        boolean owner = draft.routers.stream().anyMatch(router -> router.priority == VirtualRouter.OWNER);
        if (owner) {
            unweighted(draft, draft.tracking.interfaces);
            unweighted(draft, draft.tracking.scripts);
            unweighted(draft, draft.tracking.processes);
            unweighted(draft, draft.tracking.files);
        }
        if (names.size() < draft.routers.size()) {
            leftOut(draft, "not all of its members are there", names);
            return;
        }
        SyncGroup group = new SyncGroup(draft.name, names, draft.tracking.tracking(), draft.trackingWeight);
        groups.add(new ConfiguredGroup(group, draft.at, draft.notify.scripts(config.global.vrrp.priorityChanges)));
    }

    private void leftOut(SyncGroupDraft draft, String why, List<String> members) {
        String alone = members.stream().map(Reading::shown).collect(Collectors.joining(", "));
        reading.routerLeftOut(
                draft.at,
                draft.shown() + " is left out: " + why
                        + (alone.isEmpty() ? "" : ", and these are not in a group: " + alone));
    }

    private void unweighted(SyncGroupDraft group, Map<String, Tracked> tracked) {
        tracked.replaceAll((name, each) -> {
            if (each.weight() != 0) {
                reading.corrected(
                        "contradiction",
                        group.at,
                        group.shown() + ": " + Reading.shown(name) + " with weight " + each.weight()
                                + " and a member of priority 255 (expected: 0)",
                        "it is 0");
            }
            return new Tracked(name, 0, each.reverse());
        });
    }
}
