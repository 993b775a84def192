package io.lvs4j.vrrp;

import io.lvs4j.Director;
import io.lvs4j.LvsException;
import io.lvs4j.netlink.IpvsBackend;
import io.lvs4j.netlink.SyncDaemon;
import io.lvs4j.spi.Backend;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Speaks VRRP for virtual routers: this host is master or backup of each, and has its addresses while it is master.
 *
 * <pre>{@code
 * VrrpSpeaker speaker = VrrpSpeaker.builder()
 *         .router(VirtualRouter.builder()
 *                 .name("VI_1")
 *                 .networkInterface("eth0")
 *                 .virtualRouterId(51)
 *                 .priority(150)
 *                 .address("10.0.0.5/24")
 *                 .build())
 *         .build();
 * try (Director director = speaker.directorOn(NettyBackend.create()).build(); speaker) {
 *     director.add(VirtualService.builder().listen("10.0.0.5", 80)....build());
 *     speaker.start();
 *     ...
 * }
 * }</pre>
 *
 * <p>A service of that director which listens on an address of a router is served while this host is its master. When it is not, the service is
 * still described, checked and changed, so that a take-over finds all of that done. The speaker is closed first, as above: it says farewell,
 * and the other host is master while the last connections end here.
 *
 * <p>It wants Linux on 64 bits, CAP_NET_RAW and CAP_NET_ADMIN. All routers of a host, or of a network namespace, belong to one speaker.
 * Addresses have a lifetime in the kernel of 2 s that is renewed by the daemon thread {@code lvs-vrrp}: they end with the process,
 * however it ends. Thread-safe.
 */
public final class VrrpSpeaker implements AutoCloseable {
    /** How long services may keep a master from telling the network that it has the addresses. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

    private final List<VirtualRouter> routers;
    private final List<SyncGroup> groups;
    private final Optional<String> namespace;
    private final Duration drainTimeout;
    private final Trackers trackers;

    /** Tells those for whom others wait: services and the sync daemon. Apart from listeners, which may take their time. */
    private final EventThread followers = new EventThread("lvs-vrrp-roles");

    private final EventThread listeners = new EventThread("lvs-vrrp-events");
    private final List<SyncDaemonRole> syncDaemons;

    /** What is known of what is tracked, also before the start. Guards itself and the thread to which news go. */
    private final Map<Named, TrackerResult> known = new LinkedHashMap<>();

    private final Following following = new Following() {
        @Override
        public void happened(VrrpEvent event) {
            followers.publish(event);
            listeners.publish(event);
        }

        @Override
        public void addressesAdded(VirtualRouter router) {
            VrrpSpeaker.this.addressesAdded(router);
        }
    };

    private volatile @Nullable GatedBackend gate;
    private @Nullable Running running;
    private boolean closed;

    /** Something that is tracked. */
    private record Named(TrackerKind kind, String name) {}

    /** What there is between start and close. */
    private record Running(List<Party> parties, SpeakerThread thread) {
        void result(Named of, TrackerResult result) {
            thread.execute(() -> parties.forEach(each -> each.result(of.kind(), of.name(), result)));
        }
    }

    private VrrpSpeaker(Builder builder) {
        routers = List.copyOf(builder.routers.values());
        groups = List.copyOf(builder.groups.values());
        namespace = Optional.ofNullable(builder.namespace);
        drainTimeout = builder.drainTimeout;
        trackers = new Trackers(
                builder.tracked(TrackerKind.SCRIPT, builder.scripts),
                builder.tracked(TrackerKind.PROCESS, builder.processes),
                builder.tracked(TrackerKind.FILE, builder.files),
                this::result);
        syncDaemons = builder.syncDaemons.stream()
                .map(each -> new SyncDaemonRole(each.daemons(), each.name(), each.settings(), listeners::publish))
                .toList();
        syncDaemons.forEach(followers::add);
        builder.listeners.forEach(listeners::add);
    }

    /** {@return a builder without routers} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return a builder of a director whose services of these routers' addresses are served while this host is master} They are given to
     * the backend on becoming master, and quiesced on leaving: connections that are open then have the {@linkplain Builder#drainTimeout
     * drain time}. With {@link Tracking#withService} a router looks at the quorum of that director's services. At most one director is
     * made like this.
     *
     * @param carrier what carries the packets, not started
     * @throws IllegalStateException if one has been made already
     */
    public synchronized Director.Builder directorOn(Backend carrier) {
        if (gate != null) {
            throw new IllegalStateException("director: there is one (expected: at most one)");
        }
        GatedBackend services = new GatedBackend(carrier, routers, drainTimeout, listeners::publish);
        gate = services;
        followers.add(event -> {
            if (event instanceof VrrpEvent.RouterEntered entered) {
                services.entered(entered.name(), entered.state());
            }
        });
        return Director.builder().backend(services).listener(new QuorumWatch(this::result, services::added));
    }

    private void addressesAdded(VirtualRouter router) {
        GatedBackend services = gate;
        if (services != null) {
            Duration half = router.advertisementInterval().dividedBy(2);
            followers.await(
                    () -> services.entered(router.name(), RouterState.MASTER),
                    half.compareTo(LONGEST_WAIT) < 0 ? half : LONGEST_WAIT);
        }
    }

    private void result(TrackerKind kind, String name, TrackerResult result) {
        Named of = new Named(kind, name);
        synchronized (known) {
            known.put(of, result);
            if (running != null) {
                running.result(of, result);
            }
        }
    }

    /**
     * Begins to take part in the elections. Once.
     *
     * @throws VrrpException if the host cannot: an interface is not there, something is not permitted; the message says what to do.
     *     Nothing has changed
     */
    public synchronized void start() {
        if (closed || running != null) {
            throw new IllegalStateException("speaker: " + (closed ? "closed" : "started") + " (expected: not started)");
        }
        Host host = null;
        List<Party> parties = List.of();
        try {
            host = Host.open(namespace);
            parties = parties(host);
            parties.forEach(Party::open);
            SpeakerThread thread = new SpeakerThread(host, parties, System::nanoTime);
            Running started = new Running(parties, thread);
            synchronized (known) {
                known.forEach(
                        (of, result) -> started.parties().forEach(each -> each.result(of.kind(), of.name(), result)));
                running = started;
            }
            syncDaemons.forEach(SyncDaemonRole::begin);
            trackers.start();
            thread.start();
        } catch (LvsException | IllegalArgumentException e) {
            running = null;
            trackers.close();
            syncDaemons.forEach(SyncDaemonRole::close);
            parties.forEach(Party::close);
            if (host != null) {
                host.close();
            }
            throw e instanceof VrrpException ? e : new VrrpException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<Party> parties(Host host) {
        Set<InetAddress> comeAndGo = routers.stream()
                .flatMap(AddressKeeper::addresses)
                .map(VirtualAddress::address)
                .collect(Collectors.toUnmodifiableSet());
        List<Party> parties = new ArrayList<>();
        Set<String> grouped = new HashSet<>();
        for (SyncGroup group : groups) {
            grouped.addAll(group.routers());
            List<VirtualRouter> members = routers.stream()
                    .filter(each -> group.routers().contains(each.name()))
                    .toList();
            parties.add(new Party(group, members, host, comeAndGo, System::nanoTime, following));
        }
        for (VirtualRouter each : routers) {
            if (!grouped.contains(each.name())) {
                parties.add(new Party(each, host, comeAndGo, System::nanoTime, following));
            }
        }
        return parties;
    }

    /** {@return how the routers are; empty before the start} */
    public List<RouterSnapshot> snapshot() {
        Running now;
        synchronized (this) {
            now = running;
        }
        return now == null
                ? List.of()
                : now.parties().stream().flatMap(Party::snapshots).toList();
    }

    /**
     * Adds a listener.
     *
     * @param listener hears of every event from now on
     */
    public void addListener(VrrpListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Removes a listener; an event that is under way may still reach it.
     *
     * @param listener one that was added
     */
    public void removeListener(VrrpListener listener) {
        listeners.remove(listener);
    }

    /** Gives way: masters say farewell, addresses are removed, and everything is freed. Events that wait are still told. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        trackers.close();
        if (running != null) {
            running.thread().stop();
        }
        followers.close();
        syncDaemons.forEach(SyncDaemonRole::close);
        listeners.close();
    }

    /** Collects a speaker's parts. Not thread-safe. */
    public static final class Builder {
        private final Map<String, VirtualRouter> routers = new LinkedHashMap<>();
        private final Map<String, SyncGroup> groups = new LinkedHashMap<>();
        private final List<VrrpListener> listeners = new ArrayList<>();
        private final Map<String, TrackScript> scripts = new LinkedHashMap<>();
        private final Map<String, TrackProcess> processes = new LinkedHashMap<>();
        private final Map<String, TrackFile> files = new LinkedHashMap<>();
        private final List<WantedDaemon> syncDaemons = new ArrayList<>();
        private Duration drainTimeout = Duration.ofSeconds(5);
        private @Nullable String namespace;

        /** A sync daemon that follows somebody. */
        private record WantedDaemon(Consumer<Collection<SyncDaemon>> daemons, String name, SyncDaemon settings) {}

        private Builder() {}

        /**
         * Adds a router.
         *
         * @param router its description
         * @return this
         * @throws IllegalArgumentException if there is one of its name, or it says what cannot be carried out here
         */
        public Builder router(VirtualRouter router) {
            VirtualInterface.require(router);
            KernelRoutes.require(router);
            Advertisement unused = Advertisement.of(router, router.priority());
            if (routers.putIfAbsent(router.name(), router) != null) {
                throw new IllegalArgumentException("router: " + router.name() + " (expected: each name once)");
            }
            return this;
        }

        /**
         * Adds routers.
         *
         * @param all their descriptions
         * @return this
         */
        public Builder routers(Collection<VirtualRouter> all) {
            all.forEach(this::router);
            return this;
        }

        /**
         * Has routers be master or backup together.
         *
         * @param group their names
         * @return this
         * @throws IllegalArgumentException if there is one of its name
         */
        public Builder syncGroup(SyncGroup group) {
            if (groups.putIfAbsent(group.name(), group) != null) {
                throw new IllegalArgumentException("sync group: " + group.name() + " (expected: each name once)");
            }
            return this;
        }

        /**
         * Adds a program that routers and groups may track by its name. It is run if one does.
         *
         * @param script it
         * @return this
         */
        public Builder script(TrackScript script) {
            return once("script", scripts, script.name(), script);
        }

        /**
         * Adds a program whose processes routers and groups may track by its name.
         *
         * @param process it
         * @return this
         */
        public Builder process(TrackProcess process) {
            return once("process", processes, process.name(), process);
        }

        /**
         * Adds a file that routers and groups may track by its name.
         *
         * @param file it
         * @return this
         */
        public Builder file(TrackFile file) {
            return once("file", files, file.name(), file);
        }

        private <T> Builder once(String what, Map<String, T> all, String name, T one) {
            if (all.putIfAbsent(name, one) != null) {
                throw new IllegalArgumentException(what + ": " + name + " (expected: each name once)");
            }
            return this;
        }

        /**
         * Sets how long connections have that are open when a router is no longer master. Default: 5 s.
         *
         * @param time zero or more
         * @return this
         */
        public Builder drainTimeout(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("drainTimeout: " + time + " (expected: zero or more)");
            }
            drainTimeout = time;
            return this;
        }

        /**
         * Has the kernel's IPVS sync daemon follow a router or a group, so that connections go on when another host takes over: it tells of
         * them while that is master, and hears of them otherwise.
         *
         * @param backend the kernel's, of the director that {@link VrrpSpeaker#directorOn} makes; that must have been built before {@link VrrpSpeaker#start}
         * @param routerOrGroup whom it follows
         * @param settings all but the role, which is given
         * @return this
         */
        public Builder syncDaemon(IpvsBackend backend, String routerOrGroup, SyncDaemon settings) {
            syncDaemons.add(new WantedDaemon(backend::syncDaemons, routerOrGroup, settings));
            return this;
        }

        /** Returns what of a kind somebody tracks; refuses what is tracked and not there. */
        private <T> List<T> tracked(TrackerKind kind, Map<String, T> all) {
            Set<String> names = Stream.concat(
                            routers.values().stream().map(VirtualRouter::tracking),
                            groups.values().stream().map(SyncGroup::tracking))
                    .flatMap(each -> kind.of(each).stream())
                    .map(Tracked::name)
                    .collect(Collectors.toSet());
            for (String name : names) {
                if (!all.containsKey(name)) {
                    throw new IllegalArgumentException("tracked " + kind.name().toLowerCase(Locale.ROOT) + ": " + name
                            + " (expected: one of " + all.keySet() + ")");
                }
            }
            return all.entrySet().stream()
                    .filter(each -> names.contains(each.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
        }

        /**
         * Adds a listener that hears of every event from the start.
         *
         * @param listener the listener
         * @return this
         */
        public Builder listener(VrrpListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Sets where the routers are. Default: the network namespace of the process.
         *
         * @param path a file that stands for a namespace, such as {@code /run/netns/blue}
         * @return this
         */
        public Builder namespace(String path) {
            namespace = Objects.requireNonNull(path, "path");
            return this;
        }

        /**
         * {@return a speaker that has not been started}
         *
         * @throws IllegalArgumentException if there is no router, two are of one id on one interface, or a group names one that is
         *     not there or in another group
         */
        public VrrpSpeaker build() {
            if (routers.isEmpty()) {
                throw new IllegalArgumentException("routers: none (expected: at least one)");
            }
            requireOnce();
            requireGroups();
            for (WantedDaemon each : syncDaemons) {
                if (!routers.containsKey(each.name()) && !groups.containsKey(each.name())) {
                    throw new IllegalArgumentException("sync daemon of " + each.name() + " (expected: one of "
                            + routers.keySet() + " or of " + groups.keySet() + ")");
                }
            }
            return new VrrpSpeaker(this);
        }

        private void requireOnce() {
            Map<Object, VirtualRouter> ids = new LinkedHashMap<>();
            for (VirtualRouter each : routers.values()) {
                VirtualRouter other =
                        ids.putIfAbsent(List.of(each.virtualRouterId(), each.family(), each.networkInterface()), each);
                if (other != null) {
                    throw new IllegalArgumentException("virtual router id: " + each.virtualRouterId() + " of "
                            + each.name() + " (expected: another one than that of " + other.name()
                            + ", which is of the same family and interface)");
                }
            }
        }

        private void requireGroups() {
            Map<String, String> groupOf = new LinkedHashMap<>();
            for (SyncGroup group : groups.values()) {
                for (String name : group.routers()) {
                    if (!routers.containsKey(name)) {
                        throw new IllegalArgumentException("router: " + name + " of sync group " + group.name()
                                + " (expected: one of " + routers.keySet() + ")");
                    }
                    String other = groupOf.putIfAbsent(name, group.name());
                    if (other != null) {
                        throw new IllegalArgumentException("router: " + name + " of sync group " + group.name()
                                + " (expected: in one group only, is in " + other + ")");
                    }
                }
            }
        }
    }
}
