package io.lvs4j.vrrp;

import io.lvs4j.netlink.route.Link;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What becomes of routers at work when others are wanted.
 *
 * <pre>
 *   described as before              go on
 *   others that were there           end: farewell, addresses removed
 *   the same under another
 *   description                      are succeeded: a master stays master
 *   others that are wanted           begin
 * </pre>
 *
 * First addresses go, then they come, as one may be another router's now. What fails with some routers does not keep others from it. Confined to
 * the thread that speaks VRRP.
 */
final class Succession {
    private final VirtualRouters wanted;
    private final Following following;
    private final Consumer<Party> tellKnown;
    private final Runnable tellServices;

    /**
     * Does nothing yet.
     *
     * @param wanted the routers
     * @param following is told what happens
     * @param tellKnown lets routers know what is known of what they track
     * @param tellServices lets services know of the routers, after others have ended and before new ones begin
     */
    Succession(VirtualRouters wanted, Following following, Consumer<Party> tellKnown, Runnable tellServices) {
        this.wanted = wanted;
        this.following = following;
        this.tellKnown = tellKnown;
        this.tellServices = tellServices;
    }

    /**
     * Looks whether routers can be.
     *
     * @throws VrrpException if the interface of one that begins is not there, or its virtual one cannot be added
     */
    static void require(VirtualRouters wanted, SpeakerThread thread) {
        List<Together> now = thread.parties().stream().map(Party::described).toList();
        List<Together> next = wanted.together();
        List<Link> ending = thread.parties().stream()
                .filter(each -> !next.contains(each.described()))
                .flatMap(Party::virtualLinks)
                .toList();
        next.stream()
                .filter(each -> !now.contains(each))
                .flatMap(each -> each.routers().stream())
                .forEach(each -> require(each, thread.host(), ending));
    }

    private static void require(VirtualRouter router, Host host, List<Link> ending) {
        Link link = Participant.requireLink(router, host.interfaces());
        VirtualInterface.of(router).ifPresent(it -> it.requireFree(link, host.kernel(), ending));
    }

    /** Makes the change. */
    void carryOut(SpeakerThread thread) {
        List<Party> before = new ArrayList<>(thread.parties());
        thread.host().interfaces().comeAndGo(wanted);
        List<Party> all = new ArrayList<>();
        Map<Party, Optional<Party>> begin = new LinkedHashMap<>();
        for (Together each : wanted.together()) {
            Optional<Party> same = take(before, found -> found.equals(each));
            Party party = same.orElseGet(() -> thread.party(each, following));
            all.add(party);
            if (same.isEmpty()) {
                begin.put(party, Optional.empty());
            }
        }
        begin.replaceAll((party, none) -> take(before, found -> found.mayBeSucceededBy(party.described())));
        thread.parties(all);
        before.forEach(each -> SpeakerThread.guarded(each::end));
        before.forEach(each -> SpeakerThread.guarded(each::close));
        begin.forEach(
                (party, predecessor) -> predecessor.ifPresent(it -> SpeakerThread.guarded(() -> it.giveTo(party))));
        tellServices.run();
        begin.forEach((party, predecessor) -> SpeakerThread.guarded(() -> {
            tellKnown.accept(party);
            predecessor.ifPresentOrElse(party::succeed, party::begin);
        }));
    }

    private static Optional<Party> take(List<Party> from, Predicate<Together> which) {
        Optional<Party> found =
                from.stream().filter(each -> which.test(each.described())).findFirst();
        found.ifPresent(from::remove);
        return found;
    }
}
