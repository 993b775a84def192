package io.lvs4j.vrrp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All virtual routers of a host or a network namespace, and what they look at. A value: two that say the same are equal.
 *
 * @param routers the routers, each name once, each id once of one family on one interface, each configured name of a virtual interface once,
 *     and each virtual MAC address once on one interface
 * @param groups which of them are master or backup together; a router is in one group at most
 * @param scripts programs that may be tracked by their names, each once; one that nobody tracks is not run
 * @param processes programs whose processes may be tracked by their names, each once
 * @param files files that may be tracked by their names, each once
 */
public record VirtualRouters(
        List<VirtualRouter> routers,
        List<SyncGroup> groups,
        List<TrackScript> scripts,
        List<TrackProcess> processes,
        List<TrackFile> files) {

    /**
     * Copies the lists, and checks that they fit together.
     *
     * @throws IllegalArgumentException if a name is there twice, something that is named is not there, or a router says what cannot be
     *     carried out here
     */
    public VirtualRouters {
        routers = once("router", routers, VirtualRouter::name);
        groups = once("sync group", groups, SyncGroup::name);
        scripts = once("script", scripts, TrackScript::name);
        processes = once("process", processes, TrackProcess::name);
        files = once("file", files, TrackFile::name);
        routers.forEach(VirtualRouters::requirePossible);
        requireOneEach(routers);
        requireOwnInterfaces(routers);
        requireMembers(names(routers, VirtualRouter::name), groups);
        requireTracked(routers, groups, TrackerKind.SCRIPT, names(scripts, TrackScript::name));
        requireTracked(routers, groups, TrackerKind.PROCESS, names(processes, TrackProcess::name));
        requireTracked(routers, groups, TrackerKind.FILE, names(files, TrackFile::name));
    }

    private static <T> List<T> once(String what, Collection<T> all, Function<T, String> name) {
        List<String> seen = new ArrayList<>();
        for (T each : Objects.requireNonNull(all, what + "s")) {
            Objects.requireNonNull(each, what);
            if (seen.contains(name.apply(each))) {
                throw new IllegalArgumentException(what + ": " + name.apply(each) + " (expected: each name once)");
            }
            seen.add(name.apply(each));
        }
        return List.copyOf(all);
    }

    private static <T> List<String> names(Collection<T> all, Function<T, String> name) {
        return all.stream().map(name).toList();
    }

    private static void requirePossible(VirtualRouter router) {
        VirtualInterface.require(router);
        KernelRoutes.require(router);
        Advertisement unused = Advertisement.of(router, router.priority());
    }

    private static void requireOneEach(List<VirtualRouter> routers) {
        Map<Object, VirtualRouter> ids = new HashMap<>();
        for (VirtualRouter each : routers) {
            VirtualRouter other =
                    ids.putIfAbsent(List.of(each.virtualRouterId(), each.family(), each.networkInterface()), each);
            if (other != null) {
                throw new IllegalArgumentException("virtual router id: " + each.virtualRouterId() + " of "
                        + each.name() + " (expected: another one than that of " + other.name()
                        + ", which is of the same family and interface)");
            }
        }
    }

    private static void requireOwnInterfaces(List<VirtualRouter> routers) {
        Map<String, VirtualRouter> names = new HashMap<>();
        Map<Object, VirtualRouter> macs = new HashMap<>();
        for (VirtualRouter each : routers) {
            if (each.virtualMac().isEmpty()) {
                continue;
            }
            VirtualMac own = each.virtualMac().get();
            VirtualRouter other =
                    own.name().isEmpty() ? null : names.putIfAbsent(own.name().get(), each);
            if (other != null) {
                throw new IllegalArgumentException("virtual interface of " + each.name() + ": "
                        + own.name().get() + " (expected: another name than that of " + other.name() + ")");
            }
            Object mac = VirtualInterface.mac(each, own);
            other = macs.putIfAbsent(List.of(mac, each.networkInterface()), each);
            if (other != null) {
                throw new IllegalArgumentException("virtual MAC of " + each.name() + ": " + mac
                        + " (expected: another one than that of " + other.name() + ", which is on the same interface)");
            }
        }
    }

    private static void requireMembers(List<String> names, List<SyncGroup> groups) {
        Map<String, String> groupOf = new HashMap<>();
        for (SyncGroup group : groups) {
            for (String name : group.routers()) {
                if (!names.contains(name)) {
                    throw new IllegalArgumentException(
                            "router: " + name + " of sync group " + group.name() + " (expected: one of " + names + ")");
                }
                String other = groupOf.putIfAbsent(name, group.name());
                if (other != null) {
                    throw new IllegalArgumentException("router: " + name + " of sync group " + group.name()
                            + " (expected: in one group only, is in " + other + ")");
                }
            }
        }
    }

    private static void requireTracked(
            List<VirtualRouter> routers, List<SyncGroup> groups, TrackerKind kind, List<String> names) {
        for (String name : tracked(routers, groups, kind)) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("tracked " + kind.name().toLowerCase(Locale.ROOT) + ": " + name
                        + " (expected: one of " + names + ")");
            }
        }
    }

    private static Set<String> tracked(List<VirtualRouter> routers, List<SyncGroup> groups, TrackerKind kind) {
        return Stream.concat(
                        routers.stream().map(VirtualRouter::tracking),
                        groups.stream().map(SyncGroup::tracking))
                .flatMap(each -> kind.of(each).stream())
                .map(Tracked::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return a builder with nothing in it} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the scripts that somebody tracks} */
    List<TrackScript> trackedScripts() {
        Set<String> wanted = tracked(routers, groups, TrackerKind.SCRIPT);
        return scripts.stream().filter(each -> wanted.contains(each.name())).toList();
    }

    /** {@return the processes that somebody tracks} */
    List<TrackProcess> trackedProcesses() {
        Set<String> wanted = tracked(routers, groups, TrackerKind.PROCESS);
        return processes.stream().filter(each -> wanted.contains(each.name())).toList();
    }

    /** {@return the files that somebody tracks} */
    List<TrackFile> trackedFiles() {
        Set<String> wanted = tracked(routers, groups, TrackerKind.FILE);
        return files.stream().filter(each -> wanted.contains(each.name())).toList();
    }

    /** {@return who is elected with whom: the groups, then the routers that are in none} */
    List<Together> together() {
        List<Together> all = new ArrayList<>();
        Set<String> grouped = new HashSet<>();
        Map<String, VirtualRouter> byName =
                routers.stream().collect(Collectors.toMap(VirtualRouter::name, Function.identity()));
        for (SyncGroup group : groups) {
            grouped.addAll(group.routers());
            all.add(new Together(
                    Optional.of(group),
                    group.routers().stream()
                            .map(name -> Objects.requireNonNull(byName.get(name), name))
                            .toList()));
        }
        routers.stream()
                .filter(each -> !grouped.contains(each.name()))
                .map(each -> new Together(Optional.empty(), List.of(each)))
                .forEach(all::add);
        return all;
    }

    /** Collects the parts; they are checked when they are put together. Not thread-safe. */
    public static final class Builder {
        private final List<VirtualRouter> routers = new ArrayList<>();
        private final List<SyncGroup> groups = new ArrayList<>();
        private final List<TrackScript> scripts = new ArrayList<>();
        private final List<TrackProcess> processes = new ArrayList<>();
        private final List<TrackFile> files = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a router.
         *
         * @param router its description
         * @return this
         * @throws IllegalArgumentException if it says what cannot be carried out here
         */
        public Builder router(VirtualRouter router) {
            requirePossible(Objects.requireNonNull(router, "router"));
            routers.add(router);
            return this;
        }

        /**
         * Has routers be master or backup together.
         *
         * @param group their names
         * @return this
         */
        public Builder syncGroup(SyncGroup group) {
            groups.add(Objects.requireNonNull(group, "syncGroup"));
            return this;
        }

        /**
         * Adds a program that routers and groups may track by its name.
         *
         * @param script it
         * @return this
         */
        public Builder script(TrackScript script) {
            scripts.add(Objects.requireNonNull(script, "script"));
            return this;
        }

        /**
         * Adds a program whose processes routers and groups may track by its name.
         *
         * @param process it
         * @return this
         */
        public Builder process(TrackProcess process) {
            processes.add(Objects.requireNonNull(process, "process"));
            return this;
        }

        /**
         * Adds a file that routers and groups may track by its name.
         *
         * @param file it
         * @return this
         */
        public Builder file(TrackFile file) {
            files.add(Objects.requireNonNull(file, "file"));
            return this;
        }

        /**
         * {@return all of it}
         *
         * @throws IllegalArgumentException as the constructor
         */
        public VirtualRouters build() {
            return new VirtualRouters(routers, groups, scripts, processes, files);
        }
    }
}
