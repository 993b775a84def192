package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.LvsException;
import io.lvs4j.netlink.route.Change;
import io.lvs4j.netlink.route.InterfaceAddress;
import io.lvs4j.netlink.route.Link;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One virtual router at work on this host: carries out what its election decides, and knows whether it has all that it needs. Confined to
 * the thread that speaks VRRP, but for {@link #snapshot}.
 */
final class Participant implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Participant.class);

    private final VirtualRouter router;
    private final Host host;
    private final Following following;
    private final TrackedPriority tracked;
    private final AdvertisementReceiver receiver;
    private final Optional<VirtualInterface> virtual;
    private final AddressKeeper keeper;
    private final Announcer announcer;
    private final Map<String, String> failures = new HashMap<>();
    private @Nullable InetAddress source;
    private @Nullable AdvertSocket socket;
    private String socketProblem = "";
    private long sent;
    private long datagrams;

    /** What any thread may see of it. */
    private record Seen(
            RouterState state,
            int priority,
            Optional<InetAddress> master,
            Optional<InetAddress> source,
            List<String> faults,
            long sent) {}

    private volatile Seen seen;

    /**
     * Makes it; nothing is opened or changed.
     *
     * @param router what to do
     * @param tracked its priority and what it needs
     * @param host where
     * @param following is told what happens
     */
    Participant(VirtualRouter router, TrackedPriority tracked, Host host, Following following) {
        this.router = router;
        this.tracked = tracked;
        this.host = host;
        this.following = following;
        source = findSource();
        receiver = new AdvertisementReceiver(router, address());
        virtual = VirtualInterface.of(router);
        keeper = new AddressKeeper(router, host.interfaces(), host.kernel(), virtual);
        announcer = new Announcer(host.frames(), host.kernel());
        seen = new Seen(
                RouterState.INITIALIZE, router.priority(), Optional.empty(), Optional.ofNullable(source), List.of(), 0);
    }

    VirtualRouter router() {
        return router;
    }

    TrackedPriority tracked() {
        return tracked;
    }

    /** {@return where its adverts come from; 0.0.0.0 or :: while there is no such address} */
    InetAddress address() {
        return source == null ? nowhere(router.family()) : source;
    }

    /** {@return 0.0.0.0, or ::} */
    static InetAddress nowhere(AddressFamily family) {
        try {
            return InetAddress.getByAddress(new byte[family == AddressFamily.INET ? 4 : 16]);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes", e);
        }
    }

    // ---------------------------------------------------------------- what it needs

    /**
     * Opens what it needs, once, at the start.
     *
     * @throws LvsException if that is not possible: it would not be later
     */
    void open() {
        Link link = requireLink(router, host.interfaces());
        virtual.ifPresent(it -> it.add(link, host));
        openSocket(link);
    }

    /**
     * {@return the interface that a router's adverts travel by}
     *
     * @throws VrrpException if it is not there
     */
    static Link requireLink(VirtualRouter router, Interfaces interfaces) {
        return interfaces
                .linkOf(router)
                .orElseThrow(() -> new VrrpException(
                        "interface of " + router.name() + ": "
                                + router.networkInterface()
                                        .or(() -> router.transport().source().map(InetAddress::getHostAddress))
                                        .orElse("none")
                                + " (expected: one of " + interfaces.names() + ")",
                        null));
    }

    private void openSocket(Link link) {
        AdvertSocket opened = AdvertSocket.open(router, link, virtual, host.namespace());
        opened.pollables().forEach(host.poller()::add);
        socket = opened;
    }

    /** Looks at interfaces and addresses anew: what is there, where adverts come from, and whether the socket is still on its interface. */
    void look() {
        Optional<Link> link = host.interfaces().linkOf(router);
        for (String name : tracked.names(TrackerKind.INTERFACE)) {
            boolean up = host.interfaces().link(name).filter(Link::isRunning).isPresent();
            tracked.result(TrackerKind.INTERFACE, name, up ? TrackerResult.UP : TrackerResult.DOWN);
        }
        tracked.problem("no interface", link.isEmpty());
        Optional<Link> carrier = link.filter(it -> AdvertSocket.carries(it, router.family()));
        tracked.problem("MTU too small for " + router.family(), link.isPresent() && carrier.isEmpty());
        source = findSource();
        receiver.localAddress(address());
        Transport transport = router.transport();
        tracked.problem("no " + router.family() + " address to send adverts from", source == null);
        transport
                .source()
                .ifPresent(it -> tracked.problem(
                        "source address " + it.getHostAddress(),
                        !host.interfaces().has(it)));
        carrier.ifPresentOrElse(this::keepSocket, this::letGo);
    }

    /**
     * {@return whether the interface that adverts travel by has gone, or its IPv6 for want of MTU, if only for a moment} The kernel has
     * forgotten then which groups were joined there, though all may be back under the same number: who keeps his socket hears nobody any more.
     *
     * @param changes what has happened
     */
    boolean hasLost(Collection<Change> changes) {
        return changes.stream()
                .anyMatch(each -> each instanceof Change.LinkGone gone
                        ? isOn(gone.link())
                        : each instanceof Change.LinkSet set
                                && !AdvertSocket.carries(set.link(), router.family())
                                && (isOn(set.link()) || isVirtual(set.link())));
    }

    private boolean isOn(Link link) {
        return socket != null && socket.isOn(link.index());
    }

    private boolean isVirtual(Link link) {
        return virtualLink().filter(it -> it.index() == link.index()).isPresent();
    }

    /** {@return its virtual interface, if it has one now} */
    Optional<Link> virtualLink() {
        return virtual.flatMap(VirtualInterface::link);
    }

    /** Closes the socket, and removes the virtual interface, which would keep a small MTU of the one below. {@link #look} makes both anew. */
    void letGo() {
        closeSocket();
        noteSocketProblem("");
        removeVirtual();
    }

    private void removeVirtual() {
        try {
            virtual.ifPresent(it -> it.remove(host));
        } catch (LvsException e) {
            log.warn("{}: {}", router.name(), e.getMessage());
        }
    }

    /** {@return whether what it needs could not be opened} */
    boolean hasSocketProblem() {
        return !socketProblem.isEmpty();
    }

    private @Nullable InetAddress findSource() {
        return router.transport()
                .source()
                .or(() -> host.interfaces()
                        .linkOf(router)
                        .flatMap(link -> host.interfaces().source(link, router.family())))
                .orElse(null);
    }

    private void keepSocket(Link link) {
        String problem = "";
        try {
            if (virtual.isPresent() && !virtual.get().isThere(host.interfaces())) {
                virtual.get().add(link, host);
            }
            if (socket != null && !socket.isOn(link, virtualLink())) {
                closeSocket();
            }
            if (socket == null) {
                openSocket(link);
            }
        } catch (LvsException e) {
            problem = String.valueOf(e.getMessage());
        }
        noteSocketProblem(problem);
    }

    private void noteSocketProblem(String problem) {
        if (!problem.equals(socketProblem)) {
            tracked.problem(socketProblem, false);
            socketProblem = problem;
            tracked.problem(problem, !problem.isEmpty());
        }
    }

    private void closeSocket() {
        if (socket != null) {
            socket.pollables().forEach(host.poller()::remove);
            socket.close();
            socket = null;
        }
    }

    // ---------------------------------------------------------------- adverts

    /**
     * {@return the next advert that has arrived; empty = none waits, or there were too many others}
     *
     * @param master whom the election takes for the master
     * @param end how many datagrams there may have been, by {@link #datagrams}
     */
    Optional<AdvertisementReceiver.Heard> receive(Optional<InetAddress> master, long end) {
        try {
            while (datagrams < end) {
                Datagram datagram = socket == null ? null : socket.receive();
                if (datagram == null) {
                    return Optional.empty();
                }
                datagrams++;
                Optional<AdvertisementReceiver.Heard> heard = receiver.receive(datagram, master);
                if (heard.isPresent()) {
                    return heard;
                }
            }
        } catch (LvsException e) {
            log.debug(
                    "{}: {}",
                    router.name(),
                    e.getMessage()); // such as that the interface is down, which is told elsewhere
        }
        return Optional.empty();
    }

    /** {@return how many have arrived until now, adverts or not} */
    long datagrams() {
        return datagrams;
    }

    private void send(int priority) {
        List<LvsException> refused = new ArrayList<>();
        if (socket != null && source != null) {
            boolean left = socket.send(Advertisement.of(router, priority), receiver, source, refused);
            sent += left ? 1 : 0;
        }
        boolean down = host.interfaces().linkOf(router).filter(Link::isRunning).isEmpty();
        told(
                "adverts",
                down // which is told as a fault
                        ? List.of()
                        : refused.stream()
                                .map(each -> String.valueOf(each.getMessage()))
                                .toList());
    }

    // ---------------------------------------------------------------- actions

    /**
     * Does what its election wants.
     *
     * @param action anything but {@link Action.Look}
     * @param election it
     */
    void carryOut(Action action, Election election) {
        if (action instanceof Action.Send advert) {
            send(advert.priority());
        } else if (action instanceof Action.AddAddresses) {
            told("addresses", keeper.add());
            following.addressesAdded(router);
        } else if (action instanceof Action.RemoveAddresses) {
            told("addresses", keeper.remove());
        } else if (action instanceof Action.Announce announce) {
            announceAll(announce.repeat());
        } else if (action instanceof Action.AnnounceElsewhere) {
            announceElsewhere();
        } else if (action instanceof Action.AnnounceSource) {
            announceSource();
        } else if (action instanceof Action.Enter enter) {
            log.info("{}: {}, priority {}", router.name(), enter.state(), election.priority());
            publish(new VrrpEvent.RouterEntered(Instant.now(), router.name(), enter.state(), election.priority()));
        } else if (action instanceof Action.PriorityChanged changed) {
            publish(new VrrpEvent.PriorityChanged(Instant.now(), router.name(), changed.priority()));
        } else if (action instanceof Action.HeardLower lower) {
            publish(new VrrpEvent.LowerMasterHeard(Instant.now(), router.name(), lower.source(), lower.priority()));
        } else if (action instanceof Action.OwnerConflict conflict) {
            publish(new VrrpEvent.OwnerConflict(Instant.now(), router.name(), conflict.source()));
        }
    }

    private void announceAll(long repeat) {
        List<String> refused = new ArrayList<>();
        AddressKeeper.addresses(router).forEach(each -> announce(each, repeat, refused));
        told("announcements", refused);
    }

    private void announce(VirtualAddress address, long repeat, Collection<String> refused) {
        keeper.linkOf(address).ifPresent(link -> announcer.announce(address.address(), link, repeat, refused));
    }

    private void announceElsewhere() {
        List<String> refused = new ArrayList<>();
        Set<String> done = new HashSet<>(router.networkInterface().stream().toList());
        AddressKeeper.addresses(router)
                .filter(each -> each.device().filter(done::add).isPresent())
                .forEach(each -> announce(each, 1, refused));
        told("announcements", refused);
    }

    private void announceSource() {
        List<String> refused = new ArrayList<>();
        InetAddress address = source;
        if (address != null) {
            host.interfaces().linkOf(router).ifPresent(link -> announcer.announce(address, link, 1, refused));
        }
        told("announcements", refused);
    }

    /** Gives the addresses of a master their lifetime anew. */
    void renew() {
        told("addresses", keeper.renew());
    }

    /** Announces the addresses of a master once, because they had gone for a moment. */
    void announceAgain() {
        announceAll(1);
    }

    /** {@return whether an address that has gone is one that the router wants there, and that has not come back} */
    boolean misses(InterfaceAddress gone) {
        return !host.interfaces().has(gone.address())
                && AddressKeeper.addresses(router)
                        .filter(each -> each.address().equals(gone.address()) && !keeper.isHosts(each))
                        .flatMap(each -> keeper.linkOf(each).stream())
                        .anyMatch(link -> link.isUp() && link.index() == gone.interfaceIndex());
    }

    /** Tells of what went wrong, unless it is what went wrong the last time. */
    private void told(String what, List<String> refused) {
        String text = refused.stream().distinct().collect(Collectors.joining("; "));
        String before = text.isEmpty() ? failures.remove(what) : failures.put(what, text);
        if (!text.isEmpty() && !text.equals(before)) {
            log.warn("{}: {}", router.name(), text);
            publish(new VrrpEvent.Failed(Instant.now(), router.name(), text));
        }
    }

    private void publish(VrrpEvent event) {
        following.happened(event);
    }

    // ---------------------------------------------------------------- being seen

    /** Lets others see how it is now, and tells if its faults are others than before. */
    void show(Election election) {
        List<String> faults =
                tracked.faults().stream().map(this::explained).collect(Collectors.toCollection(ArrayList::new));
        tracked.waitsFor().forEach(each -> faults.add("nothing known yet of " + each));
        if (!faults.equals(seen.faults())) {
            publish(new VrrpEvent.FaultsChanged(Instant.now(), router.name(), faults));
        }
        seen = new Seen(
                election.state(),
                election.priority(),
                election.state() == RouterState.BACKUP ? election.master() : Optional.empty(),
                Optional.ofNullable(source),
                faults,
                sent);
    }

    private String explained(String fault) {
        String interfaceWord = "interface ";
        boolean away = fault.startsWith(interfaceWord)
                && host.interfaces()
                        .link(fault.substring(interfaceWord.length()))
                        .isEmpty();
        return away ? fault + ": not there" : fault;
    }

    /** {@return how it is} On any thread. */
    RouterSnapshot snapshot() {
        Seen now = seen;
        Map<Rejection, Long> rejected = Stream.of(Rejection.values())
                .filter(each -> receiver.rejected(each) > 0)
                .collect(Collectors.toMap(each -> each, receiver::rejected));
        return new RouterSnapshot(
                router,
                now.state(),
                now.priority(),
                now.master(),
                now.source(),
                now.faults(),
                now.sent(),
                receiver.accepted(),
                rejected);
    }

    /**
     * Ends without a word, because the same router goes on with another description.
     *
     * @param next that one; what it has, too, stays
     */
    void giveTo(Participant next) {
        closeSocket();
        told("addresses", keeper.removeWhatIsNotOf(next.keeper));
    }

    /** Closes what it has opened; its addresses have been removed. */
    @Override
    public void close() {
        closeSocket();
        removeVirtual();
    }
}
