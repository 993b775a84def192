package io.lvs4j.vrrp;

import io.lvs4j.netlink.route.Change;
import io.lvs4j.netlink.route.InterfaceAddress;
import io.lvs4j.netlink.route.Link;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Routers that are elected together, a sync group's or one alone, at work on this host: what happens goes to their elections, and what
 * these decide is carried out. Confined to the thread that speaks VRRP, but for {@link #snapshots}.
 */
final class Party implements AutoCloseable {
    /** How much is received before time is looked at again. More waits than a socket's buffer holds only if somebody goes on sending. */
    private static final int MOST_RECEIVED = 2000;

    private final Together described;
    private final Map<String, Participant> members = new LinkedHashMap<>();
    private final Set<String> lacking = new HashSet<>();
    private final Elections elections;
    private final LongSupplier clock;
    private final Following following;
    private final ResultSink results;
    private boolean begun;

    /** Takes what is found out about what is tracked. */
    private interface ResultSink {
        void result(TrackerKind kind, String name, TrackerResult result);
    }

    /**
     * Makes it; nothing is opened or changed.
     *
     * @param described the routers
     * @param host where
     * @param clock monotonic, in nanoseconds
     * @param following is told what happens
     */
    Party(Together described, Host host, LongSupplier clock, Following following) {
        this.described = described;
        this.clock = clock;
        this.following = following;
        List<VirtualRouter> routers = described.routers();
        if (described.group().isPresent()) {
            SyncGroup group = described.group().get();
            GroupTracking tracking = new GroupTracking(group, routers);
            results = tracking::result;
            routers.forEach(each -> {
                TrackedPriority tracked =
                        Objects.requireNonNull(tracking.members().get(each.name()), each.name());
                members.put(each.name(), new Participant(each, tracked, host, following));
            });
            elections = new SyncedElections(
                    group, routers, router -> member(router.name()).address());
        } else {
            VirtualRouter router = routers.get(0);
            TrackedPriority tracked = new TrackedPriority(router);
            results = tracked::result;
            Participant member = new Participant(router, tracked, host, following);
            members.put(router.name(), member);
            elections = new LoneElection(router, member.address());
        }
    }

    Together described() {
        return described;
    }

    /** {@return the virtual interfaces that its routers have now} */
    Stream<Link> virtualLinks() {
        return members.values().stream().map(Participant::virtualLink).flatMap(Optional::stream);
    }

    // ---------------------------------------------------------------- life

    /** Opens what is needed, and looks whether all is there. */
    void open() {
        members.values().forEach(Participant::open);
        members.values().forEach(Participant::look);
    }

    /** Takes part in the election from now on. */
    void begin() {
        lookAgain();
        begun = true;
        carryOut(elections.startup(clock.getAsLong()));
        members.forEach((name, member) -> tellPriority(name, member.router().priority()));
        show();
    }

    /**
     * Ends without a word, because the same routers go on with another description. What both have stays.
     *
     * @param next they, which {@linkplain #succeed go on} soon
     */
    void giveTo(Party next) {
        begun = false;
        members.forEach((name, member) -> member.giveTo(next.member(name)));
    }

    /**
     * Goes on where the same routers are, of another description: a master stays it, without a farewell.
     *
     * @param before they, which have {@linkplain #giveTo given} all
     */
    void succeed(Party before) {
        members.forEach((name, member) -> {
            if (before.isMaster(name)) {
                member.tracked().takeUnknownForGood();
            }
        });
        lookAgain();
        begun = true;
        carryOut(elections.resume(before.elections, clock.getAsLong()));
        members.keySet()
                .forEach(name ->
                        tellPriority(name, before.elections.election(name).priority()));
        show();
    }

    private void tellPriority(String name, int before) {
        int priority = elections.election(name).priority();
        if (priority != before) {
            following.happened(new VrrpEvent.PriorityChanged(Instant.now(), name, priority));
        }
    }

    /** Says farewell, and gives addresses back. */
    void end() {
        begun = false;
        carryOut(elections.shutdown());
        show();
    }

    @Override
    public void close() {
        members.values().forEach(Participant::close);
    }

    // ---------------------------------------------------------------- events

    /** {@return when there is something to do} */
    OptionalLong deadline() {
        return begun ? elections.deadline() : OptionalLong.empty();
    }

    /** Gives what has arrived to the elections. */
    void receive() {
        members.keySet().forEach(this::receive);
    }

    private void receive(String name) {
        Participant member = member(name);
        long end = member.datagrams() + MOST_RECEIVED;
        Optional<AdvertisementReceiver.Heard> heard =
                member.receive(elections.election(name).master(), end);
        while (heard.isPresent()) {
            AdvertisementReceiver.Heard advert = heard.get();
            carryOut(elections.advertisement(name, advert.advertisement(), advert.source(), clock.getAsLong()));
            heard = member.receive(elections.election(name).master(), end);
        }
    }

    /** {@return whether one of its routers is master, and others wait for its adverts} */
    boolean speaks() {
        return members.keySet().stream().anyMatch(this::isMaster);
    }

    /** Does what is due. */
    void timer() {
        for (int i = 0; i <= 2 * members.size(); i++) {
            List<Elections.Step> steps = elections.timer(clock.getAsLong());
            if (steps.isEmpty()) {
                return;
            }
            carryOut(steps).forEach(this::receive);
        }
    }

    /** Notes what is known of something tracked. */
    void result(TrackerKind kind, String name, TrackerResult result) {
        results.result(kind, name, result);
        settle();
    }

    /** Looks at interfaces and addresses, which have changed. */
    void changed(List<Change> changes) {
        Set<String> lost = new HashSet<>();
        members.forEach((name, member) -> {
            if (member.hasLost(changes)) {
                lost.add(name);
                member.letGo();
                if (lacking.add(name)) { // or it would take its own deafness for the end of its master
                    carryOut(elections.fault(name));
                }
            }
        });
        lookAgain();
        for (Change each : changes) {
            if (each instanceof Change.AddressGone gone) {
                members.keySet().stream()
                        .filter(name -> !lost.contains(name))
                        .forEach(name -> gone(name, gone.address()));
            }
        }
    }

    private void lookAgain() {
        members.forEach((name, member) -> {
            member.look();
            elections.election(name).localAddress(member.address());
        });
        settle();
    }

    /** A master's address has gone: its lifetime was over because this process stood still, or somebody has removed it. */
    private void gone(String name, InterfaceAddress address) {
        receive(name); // or what another host has taken over could be added again
        Participant member = member(name);
        if (isMaster(name) && member.misses(address)) {
            member.renew();
            member.announceAgain();
        }
    }

    /** Renews what masters have, once what has arrived has been looked at: whoever has given way has nothing to renew. */
    void renew() {
        receive(); // the process may have stood still since that was done last
        if (begun && members.values().stream().anyMatch(Participant::hasSocketProblem)) {
            lookAgain(); // what could not be opened may be opened now
        }
        members.forEach((name, member) -> {
            if (isMaster(name)) {
                member.renew();
            }
        });
    }

    private boolean isMaster(String name) {
        return elections.election(name).state() == RouterState.MASTER;
    }

    /** Lets the elections know who has all that he needs, and which priority. */
    private void settle() {
        members.forEach((name, member) -> {
            TrackedPriority tracked = member.tracked();
            if (tracked.ready()) {
                if (lacking.remove(name)) {
                    carryOut(elections.recovered(name, clock.getAsLong()));
                }
            } else if (lacking.add(name)) {
                carryOut(elections.fault(name));
            }
            if (member.router().priority() != VirtualRouter.OWNER) {
                carryOut(elections.priority(name, tracked.priority(), clock.getAsLong()));
            }
        });
    }

    // ---------------------------------------------------------------- actions

    /** Carries steps out; returns whose adverts are to be looked at before time goes on. */
    private Set<String> carryOut(List<Elections.Step> steps) {
        Set<String> looks = new LinkedHashSet<>();
        for (Elections.Step each : steps) {
            if (each.router().isEmpty()) {
                enter((Action.Enter) each.action());
            } else if (each.action() instanceof Action.Look) {
                looks.add(each.router().get());
            } else if (begun
                    || !(each.action() instanceof Action.PriorityChanged)) { // which is told once, at the beginning
                String name = each.router().get();
                member(name).carryOut(each.action(), elections.election(name));
            }
        }
        return looks;
    }

    private void enter(Action.Enter enter) {
        described
                .group()
                .ifPresent(
                        it -> following.happened(new VrrpEvent.GroupEntered(Instant.now(), it.name(), enter.state())));
    }

    private Participant member(String name) {
        Participant member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("router: " + name + " (expected: one of " + members.keySet() + ")");
        }
        return member;
    }

    // ---------------------------------------------------------------- being seen

    /** Lets others see how it is now. */
    void show() {
        members.forEach((name, member) -> member.show(elections.election(name)));
    }

    /** {@return how its routers are} On any thread. */
    Stream<RouterSnapshot> snapshots() {
        return members.values().stream().map(Participant::snapshot);
    }
}
