package io.lvs4j.vrrp;

import io.lvs4j.vrrp.VirtualRouter.Option;
import io.lvs4j.vrrp.VirtualRouter.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects a virtual router's settings: a name, an id, an interface and an address are enough. Not thread-safe. */
public final class VirtualRouterBuilder {
    private String name = "";
    private int virtualRouterId;
    private VrrpVersion version = VrrpVersion.V2;
    private @Nullable String networkInterface;
    private int priority = VirtualRouter.DEFAULT_PRIORITY;
    private Duration advertisementInterval = Duration.ofSeconds(1);
    private State initialState = State.BACKUP;
    private final List<VirtualAddress> addresses = new ArrayList<>();
    private final List<VirtualAddress> excludedAddresses = new ArrayList<>();
    private final List<VirtualRoute> routes = new ArrayList<>();
    private final List<VirtualRule> rules = new ArrayList<>();
    private boolean preempt = true;
    private Duration preemptDelay = Duration.ZERO;
    private @Nullable Authentication authentication;
    private Transport transport = Transport.multicast();
    private Tracking tracking = Tracking.none();
    private boolean trackInterface = true;
    private @Nullable VirtualMac virtualMac;
    private Announcements announcements = Announcements.defaults();
    private int downAfterAdverts = 3;
    private final Set<Option> options = EnumSet.of(Option.ACCEPT);

    VirtualRouterBuilder() {}

    VirtualRouterBuilder(VirtualRouter router) {
        name = router.name();
        virtualRouterId = router.virtualRouterId();
        version = router.version();
        networkInterface = router.networkInterface().orElse(null);
        priority = router.priority();
        advertisementInterval = router.advertisementInterval();
        initialState = router.initialState();
        addresses.addAll(router.addresses());
        excludedAddresses.addAll(router.excludedAddresses());
        routes.addAll(router.routes());
        rules.addAll(router.rules());
        preempt = router.preempt();
        preemptDelay = router.preemptDelay();
        authentication = router.authentication().orElse(null);
        transport = router.transport();
        tracking = router.tracking();
        trackInterface = router.trackInterface();
        virtualMac = router.virtualMac().orElse(null);
        announcements = router.announcements();
        downAfterAdverts = router.downAfterAdverts();
        options.clear();
        options.addAll(router.options());
    }

    /**
     * Sets its name on this host.
     *
     * @param name the name
     * @return this
     */
    public VirtualRouterBuilder name(String name) {
        this.name = Tracked.requireName("router", name);
        return this;
    }

    /**
     * Sets its id, 1..255.
     *
     * @param id 1..255, the same on all hosts
     * @return this
     */
    public VirtualRouterBuilder virtualRouterId(int id) {
        VirtualRouter.requireId(id);
        this.virtualRouterId = id;
        return this;
    }

    /**
     * Sets the version of the protocol. Default 2.
     *
     * @param version the version
     * @return this
     */
    public VirtualRouterBuilder version(VrrpVersion version) {
        this.version = Objects.requireNonNull(version, "version");
        return this;
    }

    /**
     * Sets the interface that adverts travel by.
     *
     * @param name the name
     * @return this
     */
    public VirtualRouterBuilder networkInterface(String name) {
        this.networkInterface = InterfaceName.require("interface", name);
        return this;
    }

    /**
     * Sets the priority, 1..255. Default 100; 255 is the owner of the addresses.
     *
     * @param priority 1..255
     * @return this
     */
    public VirtualRouterBuilder priority(int priority) {
        VirtualRouter.requirePriority(priority);
        this.priority = priority;
        return this;
    }

    /**
     * Sets the time from advert to advert. Default 1 s.
     *
     * @param interval whole seconds with version 2, hundredths with version 3
     * @return this
     */
    public VirtualRouterBuilder advertisementInterval(Duration interval) {
        this.advertisementInterval = Objects.requireNonNull(interval, "advertisementInterval");
        return this;
    }

    /**
     * Sets what it begins as. Default backup.
     *
     * @param state what it is before it has heard anybody
     * @return this
     */
    public VirtualRouterBuilder initialState(State state) {
        this.initialState = Objects.requireNonNull(state, "initialState");
        return this;
    }

    /**
     * Adds an address, such as {@code 10.0.0.5/24}.
     *
     * @param address address and prefix length
     * @return this
     */
    public VirtualRouterBuilder address(String address) {
        return address(VirtualAddress.parse(address));
    }

    /**
     * Adds an address.
     *
     * @param address address and prefix length
     * @return this
     */
    public VirtualRouterBuilder address(VirtualAddress address) {
        addresses.add(Objects.requireNonNull(address, "address"));
        return this;
    }

    /**
     * Adds an address that adverts do not name.
     *
     * @param address address and prefix length
     * @return this
     */
    public VirtualRouterBuilder excludedAddress(VirtualAddress address) {
        excludedAddresses.add(Objects.requireNonNull(address, "excludedAddress"));
        return this;
    }

    /**
     * Adds a route.
     *
     * @param route the route
     * @return this
     */
    public VirtualRouterBuilder route(VirtualRoute route) {
        routes.add(Objects.requireNonNull(route, "route"));
        return this;
    }

    /**
     * Adds a routing rule.
     *
     * @param rule the rule
     * @return this
     */
    public VirtualRouterBuilder rule(VirtualRule rule) {
        rules.add(Objects.requireNonNull(rule, "rule"));
        return this;
    }

    /** Leaves a master of lower priority alone. Returns this. */
    public VirtualRouterBuilder noPreempt() {
        this.preempt = false;
        return this;
    }

    /**
     * Takes over from a master of lower priority, the default, after a time, 0..1000 s.
     *
     * @param delay 0..1000 s
     * @return this
     */
    public VirtualRouterBuilder preempt(Duration delay) {
        this.preempt = true;
        this.preemptDelay = Objects.requireNonNull(delay, "preemptDelay");
        return this;
    }

    /**
     * Authenticates adverts of version 2.
     *
     * @param authentication type and password
     * @return this
     */
    public VirtualRouterBuilder authentication(Authentication authentication) {
        this.authentication = Objects.requireNonNull(authentication, "authentication");
        return this;
    }

    /**
     * Sets how adverts travel. Default multicast.
     *
     * @param transport multicast or unicast
     * @return this
     */
    public VirtualRouterBuilder transport(Transport transport) {
        this.transport = Objects.requireNonNull(transport, "transport");
        return this;
    }

    /**
     * Sets what it looks at, beside its own interface.
     *
     * @param tracking interfaces, scripts, processes and files
     * @return this
     */
    public VirtualRouterBuilder tracking(Tracking tracking) {
        this.tracking = Objects.requireNonNull(tracking, "tracking");
        return this;
    }

    /**
     * Sets whether it is in fault while its own interface is down. Default true.
     *
     * @param track whether it does
     * @return this
     */
    public VirtualRouterBuilder trackInterface(boolean track) {
        this.trackInterface = track;
        return this;
    }

    /**
     * Puts the addresses on an interface of the router's own.
     *
     * @param virtualMac the kind of interface
     * @return this
     */
    public VirtualRouterBuilder virtualMac(VirtualMac virtualMac) {
        this.virtualMac = Objects.requireNonNull(virtualMac, "virtualMac");
        return this;
    }

    /**
     * Sets when the network is told where the addresses are.
     *
     * @param announcements how many and when
     * @return this
     */
    public VirtualRouterBuilder announcements(Announcements announcements) {
        this.announcements = Objects.requireNonNull(announcements, "announcements");
        return this;
    }

    /**
     * Sets how many adverts are missed until the master is gone, 1..100. Default 3.
     *
     * @param count 1..100
     * @return this
     */
    public VirtualRouterBuilder downAfterAdverts(int count) {
        this.downAfterAdverts = count;
        return this;
    }

    /**
     * Sets whether it does something more. By default it accepts packets for its addresses, and no more.
     *
     * @param option what
     * @param on whether it does it
     * @return this
     */
    public VirtualRouterBuilder option(Option option, boolean on) {
        Objects.requireNonNull(option, "option");
        if (on) {
            options.add(option);
        } else {
            options.remove(option);
        }
        return this;
    }

    /**
     * {@return the virtual router}
     *
     * @throws IllegalArgumentException if something is missing, or two settings contradict each other
     */
    public VirtualRouter build() {
        return new VirtualRouter(
                name,
                virtualRouterId,
                version,
                Optional.ofNullable(networkInterface),
                priority,
                advertisementInterval,
                initialState,
                addresses,
                excludedAddresses,
                routes,
                rules,
                preempt,
                preemptDelay,
                Optional.ofNullable(authentication),
                transport,
                tracking,
                trackInterface,
                Optional.ofNullable(virtualMac),
                announcements,
                downAfterAdverts,
                options);
    }
}
