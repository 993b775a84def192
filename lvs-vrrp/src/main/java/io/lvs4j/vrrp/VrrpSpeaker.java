package io.lvs4j.vrrp;

import io.lvs4j.LvsException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
 *         .listener(event -> ...)
 *         .build();
 * try (speaker) {
 *     speaker.start();
 *     ...
 * }
 * }</pre>
 *
 * <p>It wants Linux on 64 bits, CAP_NET_RAW and CAP_NET_ADMIN. All routers of a host, or of a network namespace, belong to one speaker.
 * Addresses have a lifetime in the kernel of 2 s that is renewed by the daemon thread {@code lvs-vrrp}: they end with the process,
 * however it ends. Thread-safe.
 */
public final class VrrpSpeaker implements AutoCloseable {
    private final List<VirtualRouter> routers;
    private final List<SyncGroup> groups;
    private final Optional<String> namespace;
    private final EventThread listeners = new EventThread("lvs-vrrp-events");
    private @Nullable Running running;
    private boolean closed;

    /** What there is between start and close. */
    private record Running(List<Party> parties, SpeakerThread thread) {}

    private VrrpSpeaker(Builder builder) {
        routers = List.copyOf(builder.routers.values());
        groups = List.copyOf(builder.groups.values());
        namespace = Optional.ofNullable(builder.namespace);
        builder.listeners.forEach(listeners::add);
    }

    /** {@return a builder without routers} */
    public static Builder builder() {
        return new Builder();
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
            running = new Running(parties, thread);
            thread.start();
        } catch (LvsException e) {
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
            parties.add(new Party(group, members, host, comeAndGo, System::nanoTime, listeners::publish));
        }
        for (VirtualRouter each : routers) {
            if (!grouped.contains(each.name())) {
                parties.add(new Party(each, host, comeAndGo, System::nanoTime, listeners::publish));
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
        if (running != null) {
            running.thread().stop();
        }
        listeners.close();
    }

    /** Collects a speaker's parts. Not thread-safe. */
    public static final class Builder {
        private final Map<String, VirtualRouter> routers = new LinkedHashMap<>();
        private final Map<String, SyncGroup> groups = new LinkedHashMap<>();
        private final List<VrrpListener> listeners = new ArrayList<>();
        private @Nullable String namespace;

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
