package io.lvs4j.vrrp;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The elections of routers that are master or backup together: a sync group's, or one alone. As {@link Election}: no clock, not thread-safe. */
interface Elections {
    /**
     * What is to be done for a router, or for the group.
     *
     * @param router its name; empty = the group, of which {@link Action.Enter} alone is told
     * @param action what
     */
    record Step(Optional<String> router, Action action) {}

    /**
     * {@return a router's election, to be looked at and for {@link Election#localAddress}: events are given to this}
     *
     * @param router its name
     */
    Election election(String router);

    /** {@return when {@link #timer} is to be called; empty = not until something else happens} */
    OptionalLong deadline();

    /** {@return what is to be done when it begins} */
    List<Step> startup(long now);

    /**
     * {@return what is to be done when it begins where another ends, of the same routers under another description}
     *
     * @param before that one
     */
    List<Step> resume(Elections before, long now);

    /** {@return what is to be done when it ends} */
    List<Step> shutdown();

    /**
     * {@return what is to be done when an advert has arrived for a router}
     *
     * @param router its name
     * @param advert what was received
     * @param source who sent it
     */
    List<Step> advertisement(String router, Advertisement advert, InetAddress source, long now);

    /** {@return what is to be done because it is time to} Each {@link Action.Look} is for one router's adverts, and all come last. */
    List<Step> timer(long now);

    /**
     * {@return what is to be done when tracking changes a router's priority}
     *
     * @param router its name
     * @param priority 1..254
     */
    List<Step> priority(String router, int priority, long now);

    /**
     * {@return what is to be done when something fails that a router needs}
     *
     * @param router its name
     */
    List<Step> fault(String router);

    /**
     * {@return what is to be done when nothing fails any more that a router needs}
     *
     * @param router its name
     */
    List<Step> recovered(String router, long now);
}
