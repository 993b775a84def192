package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A virtual router: addresses that one of several hosts has, the one with the highest priority. Made by {@link #builder}.
 *
 * @param name its name on this host
 * @param virtualRouterId 1..255, the same on all hosts, and no other router's on their network
 * @param version of the protocol; IPv6 has version 3 only
 * @param networkInterface the interface that adverts travel by; empty = by any, with a source address and peers
 * @param priority 1..255; 255 = this host owns the addresses
 * @param advertisementInterval version 2: whole seconds, 1..255; version 3: hundredths of seconds, 0.01..40.95 s
 * @param initialState what it is before it has heard anybody
 * @param addresses the addresses that adverts name, 1..255, of one family, each once. Not 255.255.255.255, ::1, 127.0.0.1 or a multicast
 *     one; labels without blanks and control characters
 * @param excludedAddresses more addresses, of any family, that adverts do not name; multicast ones, too
 * @param routes routes that the master has
 * @param rules routing rules that the master has
 * @param preempt whether it takes over from a master of lower priority
 * @param preemptDelay how long it waits until it does so, 0..1000 s
 * @param authentication of version 2; empty = none
 * @param transport how adverts travel; to none of the router's own addresses
 * @param tracking what it looks at; with priority 255 nothing has a weight
 * @param trackInterface whether it is in fault while its own interface is down
 * @param virtualMac an interface of its own; empty = addresses are put on the network interface
 * @param announcements when the network is told where the addresses are
 * @param downAfterAdverts how many adverts are missed until the master is gone, 1..100
 * @param options what else it does
 */
public record VirtualRouter(
        String name,
        int virtualRouterId,
        VrrpVersion version,
        Optional<String> networkInterface,
        int priority,
        Duration advertisementInterval,
        State initialState,
        List<VirtualAddress> addresses,
        List<VirtualAddress> excludedAddresses,
        List<VirtualRoute> routes,
        List<VirtualRule> rules,
        boolean preempt,
        Duration preemptDelay,
        Optional<Authentication> authentication,
        Transport transport,
        Tracking tracking,
        boolean trackInterface,
        Optional<VirtualMac> virtualMac,
        Announcements announcements,
        int downAfterAdverts,
        Set<Option> options) {
    /** The priority of the host that owns the addresses. */
    public static final int OWNER = 255;

    /** The priority of a host that says nothing. */
    public static final int DEFAULT_PRIORITY = 100;

    static final int MOST_ID = 255;
    private static final int MOST_ADDRESSES = 255;
    private static final int MOST_ADVERTS = 100;
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(1000);
    private static final Duration HUNDREDTH = Duration.ofMillis(10);

    /** What a router can begin as. */
    public enum State {
        /** It has the addresses. */
        MASTER,
        /** It waits. */
        BACKUP
    }

    /** What a router does beside what all do. */
    public enum Option {
        /** Nothing that the RFCs do not have is allowed. */
        STRICT,
        /**
         * A master that does not own the addresses receives packets for them. Without it it is the same here: nothing keeps packets away, and services
         * want them.
         */
        ACCEPT,
        /** The addresses in adverts of the master that was heard last are not compared again. */
        SKIP_ADDRESS_CHECK,
        /** An advert of a lower priority is not answered by one. */
        LOWER_PRIORITY_NO_ADVERT,
        /** A master that hears a higher priority sends one more advert. */
        HIGHER_PRIORITY_SEND_ADVERT,
        /** Other addresses of a network stay when the first of them goes: a setting of the interface. */
        PROMOTE_SECONDARIES,
        /** Addresses on other interfaces are put on interfaces with the router's MAC address, too. */
        VIRTUAL_MAC_FOR_ALL_ADDRESSES
    }

    /** Checks all parts. */
    public VirtualRouter {
        Tracked.requireName("router", name);
        requireId(virtualRouterId);
        Objects.requireNonNull(version, "version");
        requirePriority(priority);
        requireInterval(version, advertisementInterval);
        Objects.requireNonNull(initialState, "initialState");
        addresses = List.copyOf(Objects.requireNonNull(addresses, "addresses"));
        excludedAddresses = List.copyOf(Objects.requireNonNull(excludedAddresses, "excludedAddresses"));
        routes = List.copyOf(Objects.requireNonNull(routes, "routes"));
        rules = List.copyOf(Objects.requireNonNull(rules, "rules"));
        requireAddresses(name, addresses);
        addresses.forEach(VirtualRouter::requireHosts);
        excludedAddresses.forEach(VirtualRouter::requireHosts);
        AddressFamily family = addresses.get(0).family();
        if (version == VrrpVersion.V2 && family == AddressFamily.INET6) {
            throw new IllegalArgumentException("version: 2 (expected: 3 for IPv6, as " + addresses.get(0) + ")");
        }
        Objects.requireNonNull(transport, "transport").requireFamily(family);
        requireOthers(transport, addresses);
        requireOthers(transport, excludedAddresses);
        Objects.requireNonNull(tracking, "tracking");
        virtualMac.ifPresent(it -> it.requireFamily(family));
        networkInterface.ifPresent(text -> InterfaceName.require("interface", text));
        if (networkInterface.isEmpty()
                && (transport.source().isEmpty() || transport.peers().isEmpty())) {
            throw new IllegalArgumentException(
                    "interface: none (expected: one, or a source address and unicast peers)");
        }
        if (!preempt && (priority == OWNER || initialState == State.MASTER)) {
            throw new IllegalArgumentException("preempt: false (expected: true with "
                    + (priority == OWNER ? "priority 255)" : "initial state MASTER)"));
        }
        requireDelay(preemptDelay, preempt, initialState);
        if (authentication.isPresent() && version == VrrpVersion.V3) {
            throw new IllegalArgumentException(
                    "authentication: " + authentication.get() + " (expected: none with version 3)");
        }
        if (priority == OWNER) {
            tracking.all().filter(each -> each.weight() != 0).findFirst().ifPresent(each -> {
                throw new IllegalArgumentException(
                        "weight: " + each.weight() + " of " + each.name() + " (expected: 0 with priority 255)");
            });
        }
        Objects.requireNonNull(announcements, "announcements");
        if (downAfterAdverts < 1 || downAfterAdverts > MOST_ADVERTS) {
            throw new IllegalArgumentException(
                    "downAfterAdverts: " + downAfterAdverts + " (expected: 1.." + MOST_ADVERTS + ")");
        }
        options = Set.copyOf(Objects.requireNonNull(options, "options"));
    }

    static void requireId(int id) {
        if (id < 1 || id > MOST_ID) {
            throw new IllegalArgumentException("virtual router id: " + id + " (expected: 1.." + MOST_ID + ")");
        }
    }

    static void requirePriority(int priority) {
        if (priority < 1 || priority > OWNER) {
            throw new IllegalArgumentException("priority: " + priority + " (expected: 1.." + OWNER + ")");
        }
    }

    static void requireInterval(VrrpVersion version, Duration interval) {
        Objects.requireNonNull(interval, "advertisementInterval");
        Duration unit = version == VrrpVersion.V2 ? Duration.ofSeconds(1) : HUNDREDTH;
        Duration most = unit.multipliedBy(version == VrrpVersion.V2 ? 255 : 4095);
        if (interval.compareTo(unit) < 0
                || interval.compareTo(most) > 0
                || !unit.multipliedBy(interval.dividedBy(unit)).equals(interval)) {
            throw new IllegalArgumentException("advertisementInterval: " + interval + " (expected: "
                    + (version == VrrpVersion.V2
                            ? "whole seconds, 1..255, with version 2)"
                            : "hundredths of seconds, 0.01..40.95 s)"));
        }
    }

    private static void requireAddresses(String name, List<VirtualAddress> addresses) {
        if (addresses.isEmpty() || addresses.size() > MOST_ADDRESSES) {
            throw new IllegalArgumentException(
                    "addresses of " + name + ": " + addresses.size() + " (expected: 1.." + MOST_ADDRESSES + ")");
        }
        Set<VirtualAddress> seen = new HashSet<>();
        for (VirtualAddress each : addresses) {
            if (each.address().isMulticastAddress()) {
                throw new IllegalArgumentException("address: " + each + " (expected: one that a host can have)");
            }
            if (each.family() != addresses.get(0).family() || !seen.add(each)) {
                throw new IllegalArgumentException("address: " + each + " (expected: all of family "
                        + addresses.get(0).family() + ", each once)");
            }
        }
    }

    private static void requireHosts(VirtualAddress address) {
        InetAddress bare = address.address();
        if (bare.isAnyLocalAddress() || Transport.isBroadcast(bare) || isEveryHosts(bare)) {
            throw new IllegalArgumentException("address: " + address + " (expected: one that a host can have)");
        }
        address.label()
                .filter(text -> text.chars()
                        .anyMatch(each -> Character.isISOControl(each)
                                || Character.isWhitespace(each)
                                || Character.isSpaceChar(each)))
                .ifPresent(text -> {
                    throw new IllegalArgumentException("label: " + text.replaceAll("\\p{Cntrl}", "?") + " of "
                            + bare.getHostAddress() + " (expected: no control characters and blanks)");
                });
    }

    /** Whether it is 127.0.0.1 or ::1, which each host has for itself. */
    private static boolean isEveryHosts(InetAddress address) {
        String text = address.getHostAddress();
        return text.equals("127.0.0.1")
                || (address.isLoopbackAddress() && AddressFamily.of(address) == AddressFamily.INET6);
    }

    private static void requireOthers(Transport transport, List<VirtualAddress> own) {
        for (VirtualAddress each : own) {
            if (transport.peers().stream().anyMatch(peer -> peer.address().equals(each.address()))) {
                throw new IllegalArgumentException("unicast peer: "
                        + each.address().getHostAddress() + " (expected: none of the router's own addresses)");
            }
        }
    }

    private static void requireDelay(Duration delay, boolean preempt, State initial) {
        Objects.requireNonNull(delay, "preemptDelay");
        boolean none = !preempt || initial == State.MASTER;
        if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0 || (none && !delay.isZero())) {
            throw new IllegalArgumentException("preemptDelay: " + delay + " (expected: "
                    + (none ? "0 without preemption or with initial state MASTER)" : "0.." + LONGEST_DELAY + ")"));
        }
    }

    /** {@return a builder with what keepalived does where nothing is said: version 2, priority 100, one advert a second} */
    public static VirtualRouterBuilder builder() {
        return new VirtualRouterBuilder();
    }

    /** {@return a builder that starts from this description} */
    public VirtualRouterBuilder toBuilder() {
        return new VirtualRouterBuilder(this);
    }

    /** {@return the family of its addresses} */
    public AddressFamily family() {
        return addresses.get(0).family();
    }

    /**
     * {@return whether it does something}
     *
     * @param option it
     */
    public boolean has(Option option) {
        return options.contains(option);
    }

    /** {@return {@code VI_1 id 51 on eth0 priority 100 [10.0.0.5/24]}} */
    @Override
    public String toString() {
        List<VirtualAddress> all = new ArrayList<>(addresses);
        all.addAll(excludedAddresses);
        return name + " id " + virtualRouterId
                + networkInterface.map(text -> " on " + text).orElse("") + " priority " + priority + " " + all;
    }
}
