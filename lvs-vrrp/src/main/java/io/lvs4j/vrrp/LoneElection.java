package io.lvs4j.vrrp;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The election of a router that is in no group. */
final class LoneElection implements Elections {
    private final Optional<String> name;
    private final Election election;

    /**
     * A router's election.
     *
     * @param router it
     * @param localAddress where its adverts come from
     */
    LoneElection(VirtualRouter router, InetAddress localAddress) {
        name = Optional.of(router.name());
        election = new Election(router, localAddress);
    }

    @Override
    public Election election(String router) {
        return election;
    }

    @Override
    public OptionalLong deadline() {
        return election.deadline();
    }

    @Override
    public List<Step> startup(long now) {
        return steps(election.startup(now));
    }

    @Override
    public List<Step> resume(Elections before, long now) {
        return steps(election.resume(before.election(name.orElseThrow()), now));
    }

    @Override
    public List<Step> shutdown() {
        return steps(election.shutdown());
    }

    @Override
    public List<Step> advertisement(String router, Advertisement advert, InetAddress source, long now) {
        return steps(election.advertisement(advert, source, now));
    }

    @Override
    public List<Step> timer(long now) {
        return steps(election.timer(now));
    }

    @Override
    public List<Step> priority(String router, int priority, long now) {
        return steps(election.priority(priority, now));
    }

    @Override
    public List<Step> fault(String router) {
        return steps(election.fault());
    }

    @Override
    public List<Step> recovered(String router, long now) {
        return steps(election.recovered(now));
    }

    private List<Step> steps(List<Action> actions) {
        return actions.stream().map(action -> new Step(name, action)).toList();
    }
}
