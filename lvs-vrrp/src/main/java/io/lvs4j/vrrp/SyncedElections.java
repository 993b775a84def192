package io.lvs4j.vrrp;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The elections of a {@link SyncGroup}: its routers are master, backup or in fault together. keepalived's rules:
 *
 * <ul>
 *   <li>A router whose master is gone becomes master when the masters of all others are gone as well, and then all do; until then it waits
 *       one down time after the other, and an advert that it accepts ends that.
 *   <li>One that gives way takes the others with it. These send no farewell: whoever outranks one is about to be master of all.
 *   <li>A fault of one is a fault of all, and those that were master say farewell. When no router has a fault any more all become backup.
 *   <li>When one hears a lower priority, the others announce their addresses, too.
 *   <li>An owner begins as master only if all are owners, and nobody's initial state is master.
 * </ul>
 *
 * <p>As {@link Election}: no clock, no thread, not thread-safe.
 */
final class SyncedElections implements Elections {
    private final Map<String, Election> elections = new LinkedHashMap<>();
    private final Set<String> faulty = new HashSet<>();
    private RouterState state = RouterState.INITIALIZE;

    /**
     * The elections of a group.
     *
     * @param group it
     * @param routers all that it names, perhaps more
     * @param localAddress where each router's adverts come from
     * @throws IllegalArgumentException if a router is missing
     */
    SyncedElections(
            SyncGroup group, Collection<VirtualRouter> routers, Function<VirtualRouter, InetAddress> localAddress) {
        Map<String, VirtualRouter> known = new HashMap<>();
        routers.forEach(each -> known.put(each.name(), each));
        List<VirtualRouter> members = new ArrayList<>();
        for (String name : group.routers()) {
            VirtualRouter member = known.get(name);
            if (member == null) {
                throw new IllegalArgumentException("router: " + name + " of sync group " + group.name()
                        + " (expected: one of " + known.keySet() + ")");
            }
            members.add(member);
        }
        boolean owners = members.stream().allMatch(each -> each.priority() == VirtualRouter.OWNER);
        for (VirtualRouter each : members) {
            elections.put(
                    each.name(),
                    new Election(each, localAddress.apply(each), owners, () -> othersWantMaster(each.name())));
        }
    }

    private boolean othersWantMaster(String name) {
        return elections.entrySet().stream()
                .allMatch(each -> each.getKey().equals(name) || each.getValue().wantsMaster());
    }

    /** {@return what all routers are} */
    RouterState state() {
        return state;
    }

    @Override
    public Election election(String router) {
        Election election = elections.get(router);
        if (election == null) {
            throw new IllegalArgumentException("router: " + router + " (expected: one of " + elections.keySet() + ")");
        }
        return election;
    }

    @Override
    public OptionalLong deadline() {
        return elections.values().stream()
                .map(Election::deadline)
                .flatMapToLong(OptionalLong::stream)
                .reduce((first, second) -> first - second < 0 ? first : second);
    }

    @Override
    public List<Step> startup(long now) {
        return settled(each(election -> election.startup(now)), now);
    }

    @Override
    public List<Step> resume(Elections before, long now) {
        List<Step> steps = new ArrayList<>();
        elections.forEach((name, election) -> steps.addAll(steps(name, election.resume(before.election(name), now))));
        if (before instanceof SyncedElections group) {
            state = group.state;
        }
        return entered(steps);
    }

    @Override
    public List<Step> shutdown() {
        return entered(each(Election::shutdown));
    }

    @Override
    public List<Step> advertisement(String router, Advertisement advert, InetAddress source, long now) {
        return settled(steps(router, election(router).advertisement(advert, source, now)), now);
    }

    /**
     * {@return what is to be done because it is time to} Each {@link Action.Look} is for one router's adverts, and all come last: what is found
     * may make a router a backup, and nothing that it was to do as a master may be left to do then.
     */
    @Override
    public List<Step> timer(long now) {
        List<Step> steps = new ArrayList<>();
        for (Map.Entry<String, Election> each : elections.entrySet()) {
            steps.addAll(settled(steps(each.getKey(), each.getValue().timer(now)), now));
        }
        List<Step> looks = steps.stream()
                .filter(each -> each.action() instanceof Action.Look)
                .toList();
        steps.removeAll(looks);
        steps.addAll(looks);
        return steps;
    }

    @Override
    public List<Step> priority(String router, int priority, long now) {
        return steps(router, election(router).priority(priority, now));
    }

    @Override
    public List<Step> fault(String router) {
        List<Step> steps = new ArrayList<>(steps(router, election(router).fault()));
        faulty.add(router);
        steps.addAll(each(Election::fault));
        return entered(steps);
    }

    @Override
    public List<Step> recovered(String router, long now) {
        election(router);
        boolean last = faulty.remove(router) && faulty.isEmpty();
        return last ? settled(each(election -> election.recovered(now)), now) : List.of();
    }

    /** Lets the others follow what has just happened to one. */
    private List<Step> settled(List<Step> steps, long now) {
        List<Step> all = new ArrayList<>(steps);
        for (Step each : steps) {
            if (each.action() instanceof Action.HeardLower) {
                all.addAll(others(each, election -> election.announceAfterLower(now)));
            } else if (each.action() instanceof Action.Enter enter && enter.state() == RouterState.MASTER) {
                all.addAll(each(election -> election.follow(now)));
            } else if (each.action() instanceof Action.Enter enter
                    && enter.state() == RouterState.BACKUP
                    && state == RouterState.MASTER) {
                all.addAll(each(election -> election.giveWay(now)));
            }
        }
        return entered(all);
    }

    private List<Step> others(Step step, Function<Election, List<Action>> event) {
        List<Step> steps = new ArrayList<>();
        elections.forEach((name, election) -> {
            if (!step.router().equals(Optional.of(name))) {
                steps.addAll(steps(name, event.apply(election)));
            }
        });
        return steps;
    }

    private List<Step> each(Function<Election, List<Action>> event) {
        List<Step> steps = new ArrayList<>();
        elections.forEach((name, election) -> steps.addAll(steps(name, event.apply(election))));
        return steps;
    }

    private static List<Step> steps(String router, List<Action> actions) {
        return actions.stream().map(each -> new Step(Optional.of(router), each)).toList();
    }

    /** The group is what its routers are, once they agree. */
    private List<Step> entered(List<Step> steps) {
        Set<RouterState> states = new HashSet<>();
        elections.values().forEach(each -> states.add(each.state()));
        RouterState common = states.iterator().next();
        if (states.size() > 1 || common == state) {
            return steps;
        }
        state = common;
        List<Step> all = new ArrayList<>(steps);
        all.add(new Step(Optional.empty(), new Action.Enter(common)));
        return all;
    }
}
