package io.lvs4j.vrrp;

import io.lvs4j.Director;
import io.lvs4j.LvsException;
import io.lvs4j.netlink.IpvsBackend;
import io.lvs4j.netlink.SyncDaemon;
import io.lvs4j.spi.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
    /** How long services may keep a master from telling the network that it has the addresses, and other routers from their adverts. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

    private final Optional<String> namespace;
    private final Duration drainTimeout;
    private final Trackers trackers;

    /** Tells those for whom others wait: services and the sync daemon. Apart from listeners, which may take their time. */
    private final EventThread followers = new EventThread("lvs-vrrp-roles");

    private final EventThread listeners = new EventThread("lvs-vrrp-events");

    /** The speaking thread's. */
    private final Patience patience = new Patience(LONGEST_WAIT, System::nanoTime);

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
    private volatile VirtualRouters routers;
    private @Nullable SpeakerThread thread;

    /** Whom news of what is tracked go to; guarded by {@link #known}. */
    private @Nullable SpeakerThread speaking;

    private boolean closed;

    /** Something that is tracked. */
    private record Named(TrackerKind kind, String name) {}

    private VrrpSpeaker(Builder builder) {
        routers = builder.routers;
        namespace = Optional.ofNullable(builder.namespace);
        drainTimeout = builder.drainTimeout;
        trackers = new Trackers(
                routers.trackedScripts(), routers.trackedProcesses(), routers.trackedFiles(), this::result);
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
     * @throws IllegalStateException if one has been made already, or the speaker has been started or closed: the director is to hear of all that
     *     routers do
     */
    public synchronized Director.Builder directorOn(Backend carrier) {
        requireNotStarted();
        if (gate != null) {
            throw new IllegalStateException("director: there is one (expected: at most one)");
        }
        GatedBackend services = new GatedBackend(carrier, routers.routers(), drainTimeout, listeners::publish);
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
            patience.spend(
                    half, time -> followers.await(() -> services.entered(router.name(), RouterState.MASTER), time));
        }
    }

    private void result(TrackerKind kind, String name, TrackerResult result) {
        synchronized (known) {
            known.put(new Named(kind, name), result);
            SpeakerThread now = speaking;
            if (now != null) {
                now.execute(() -> now.parties().forEach(each -> each.result(kind, name, result)));
            }
        }
    }

    /** Lets routers know what is known already. */
    private void tellKnown(Party party) {
        Map<Named, TrackerResult> all;
        synchronized (known) {
            all = Map.copyOf(known);
        }
        all.forEach((of, result) -> party.result(of.kind(), of.name(), result));
    }

    /**
     * Begins to take part in the elections. Once.
     *
     * @throws VrrpException if the host cannot: an interface is not there, something is not permitted; the message says what to do.
     *     Nothing has changed, and it may be started again
     */
    public synchronized void start() {
        requireNotStarted();
        Host host = null;
        List<Party> parties = List.of();
        try {
            Host opened = Host.open(namespace);
            host = opened;
            opened.interfaces().comeAndGo(routers);
            parties = routers.together().stream()
                    .map(each -> new Party(each, opened, System::nanoTime, following))
                    .toList();
            parties.forEach(Party::open);
            SpeakerThread started = new SpeakerThread(opened, parties, System::nanoTime);
            synchronized (known) {
                parties.forEach(this::tellKnown);
                speaking = started;
            }
            syncDaemons.forEach(SyncDaemonRole::begin);
            trackers.start();
            started.start();
            thread = started;
        } catch (LvsException | IllegalArgumentException e) {
            synchronized (known) {
                speaking = null;
            }
            syncDaemons.forEach(SyncDaemonRole::close);
            parties.forEach(Party::close);
            if (host != null) {
                host.close();
            }
            throw e instanceof VrrpException ? e : new VrrpException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Refuses what {@link #apply} would refuse, and changes nothing.
     *
     * @param wanted all routers that are to be
     * @throws IllegalArgumentException if a sync daemon follows a router that is not there, or a script cannot be run
     * @throws VrrpException if the interface of a router that is new, or is described otherwise, is not there, or its virtual one cannot be
     *     added because there is another one of its name
     * @throws IllegalStateException if it is closed
     */
    public synchronized void require(VirtualRouters wanted) {
        Objects.requireNonNull(wanted, "wanted");
        if (closed) {
            throw new IllegalStateException("speaker: closed (expected: not closed)");
        }
        syncDaemons.forEach(each -> requireFollowed(each.followed(), wanted));
        trackers.require(wanted.trackedScripts());
        SpeakerThread now = thread;
        if (now != null) {
            now.call(() -> Succession.require(wanted, now));
        }
    }

    /**
     * Has other routers from now on. Those that are described as before go on as if nothing had happened. Where one is described otherwise but
     * is the same to the network (name, id, version, family and interface), and so are all of its group, the new one goes on where
     * the old one is: a master stays master, without a farewell, and addresses that both have stay. Owners, and routers with a virtual MAC
     * address, end and begin anew, as all others do. Before the start, it is noted only.
     *
     * @param wanted all that are to be; none is possible
     * @throws IllegalArgumentException as {@link #require}; nothing has changed
     * @throws VrrpException as {@link #require}; nothing has changed
     * @throws IllegalStateException if it is closed
     */
    public synchronized void apply(VirtualRouters wanted) {
        require(wanted);
        trackers.change(
                wanted.trackedScripts(), wanted.trackedProcesses(), wanted.trackedFiles(), () -> forgetOthers(wanted));
        SpeakerThread now = thread;
        if (now == null) {
            tellGate(wanted);
        } else {
            Succession succession = new Succession(wanted, following, this::tellKnown, () -> tellGate(wanted));
            now.call(() -> succession.carryOut(now));
        }
        routers = wanted;
    }

    private void requireNotStarted() {
        if (closed || thread != null) {
            throw new IllegalStateException("speaker: " + (closed ? "closed" : "started") + " (expected: not started)");
        }
    }

    private static void requireFollowed(String name, VirtualRouters routers) {
        List<String> names = Stream.concat(
                        routers.routers().stream().map(VirtualRouter::name),
                        routers.groups().stream().map(SyncGroup::name))
                .toList();
        if (!names.contains(name)) {
            throw new IllegalArgumentException("sync daemon of " + name + " (expected: one of " + names + ")");
        }
    }

    /** Forgets what was found out about something else of the same name. */
    private void forgetOthers(VirtualRouters wanted) {
        Set<Named> same = new HashSet<>();
        routers.scripts().stream()
                .filter(wanted.scripts()::contains)
                .forEach(each -> same.add(new Named(TrackerKind.SCRIPT, each.name())));
        routers.processes().stream()
                .filter(wanted.processes()::contains)
                .forEach(each -> same.add(new Named(TrackerKind.PROCESS, each.name())));
        routers.files().stream()
                .filter(wanted.files()::contains)
                .forEach(each -> same.add(new Named(TrackerKind.FILE, each.name())));
        synchronized (known) {
            known.keySet().removeIf(each -> each.kind() != TrackerKind.SERVICE && !same.contains(each));
        }
    }

    private void tellGate(VirtualRouters wanted) {
        GatedBackend services = gate;
        if (services != null) {
            followers.await(() -> services.routers(wanted.routers()), LONGEST_WAIT);
        }
    }

    /** {@return what routers there are to be, whatever they are just now} */
    public VirtualRouters routers() {
        return routers;
    }

    /** {@return how the routers are; empty before the start} */
    public List<RouterSnapshot> snapshot() {
        SpeakerThread now;
        synchronized (known) {
            now = speaking;
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
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            trackers.close();
            if (thread != null) {
                thread.stop();
            }
        }
        followers.close(); // without the lock: a listener that wants it is to be refused, and to end
        syncDaemons.forEach(SyncDaemonRole::close);
        listeners.close();
    }

    /** Collects a speaker's parts. Not thread-safe. */
    public static final class Builder {
        private final List<VrrpListener> listeners = new ArrayList<>();
        private VirtualRouters routers = VirtualRouters.builder().build();
        private final List<WantedDaemon> syncDaemons = new ArrayList<>();
        private Duration drainTimeout = Duration.ofSeconds(5);
        private @Nullable String namespace;

        /** A sync daemon that follows somebody. */
        private record WantedDaemon(Consumer<Collection<SyncDaemon>> daemons, String name, SyncDaemon settings) {}

        private Builder() {}

        /**
         * Adds a router that is alone.
         *
         * @param router its description
         * @return this
         * @throws IllegalArgumentException if it says what cannot be carried out here, or not beside the others
         */
        public Builder router(VirtualRouter router) {
            VirtualRouters.Builder all = VirtualRouters.builder();
            routers.routers().forEach(all::router);
            routers.groups().forEach(all::syncGroup);
            routers.scripts().forEach(all::script);
            routers.processes().forEach(all::process);
            routers.files().forEach(all::file);
            return routers(all.router(router).build());
        }

        /**
         * Sets the routers, and what they look at.
         *
         * @param all at least one
         * @return this
         */
        public Builder routers(VirtualRouters all) {
            routers = Objects.requireNonNull(all, "all");
            return this;
        }

        /**
         * Sets how long connections have that are open when a router is no longer master. Default: 5 s.
         *
         * @param time zero or more
         * @return this
         */
        public Builder drainTimeout(Duration time) {
            if (Objects.requireNonNull(time, "drainTimeout").isNegative()) {
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
         * @throws IllegalArgumentException if there is no router, or a sync daemon follows one that is not there
         */
        public VrrpSpeaker build() {
            if (routers.routers().isEmpty()) {
                throw new IllegalArgumentException("routers: none (expected: at least one)");
            }
            syncDaemons.forEach(each -> requireFollowed(each.name(), routers));
            return new VrrpSpeaker(this);
        }
    }
}
