package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks everything that is received for a virtual router, and lets adverts of it through. Any bytes may be given: nothing is thrown, one
 * {@link Rejection} is counted, and nothing but that count changes.
 *
 * <p>It also learns by which {@link Checksum} each peer goes, or else the group, and tells it to who writes to them: who is given a checksum
 * that he does not understand does not hear his master, and becomes one beside him. What is kept is one habit for each configured peer and
 * one for the group, whoever sends.
 *
 * <p>The checks are those of RFC 9568 and RFC 3768, section 7.1 of both, as keepalived does them: a length must fit exactly; a time to live
 * must be 255 in multicast only, and where sources are checked it must be the peer's; other addresses are reason enough to drop an advert, an owner's
 * as well. Beside that, what comes from the router's own address is dropped, and so is an interval of 0.
 *
 * <p>One thread receives; counts may be read by any.
 */
final class AdvertisementReceiver {
    private static final int TTL = 255;

    private final VirtualRouter router;
    private final AddressFamily family;
    private final Advertisement own;
    private final Set<InetAddress> addresses;
    private final Map<InetAddress, UnicastPeer> peers;
    private final Map<InetAddress, Checksum> habits = new HashMap<>();
    private final Map<Rejection, AtomicLong> rejected;
    private final AtomicLong accepted = new AtomicLong();
    private Checksum groupHabit = Checksum.PSEUDO_HEADER;
    private InetAddress localAddress;

    /**
     * A receiver that has heard nobody.
     *
     * @param router for whom
     * @param localAddress where its own adverts come from
     * @throws IllegalArgumentException if the router authenticates itself with the IPsec header
     */
    AdvertisementReceiver(VirtualRouter router, InetAddress localAddress) {
        this.router = router;
        this.localAddress = localAddress;
        own = Advertisement.of(router, router.priority());
        Map<Rejection, AtomicLong> counts = new EnumMap<>(Rejection.class);
        Stream.of(Rejection.values()).forEach(each -> counts.put(each, new AtomicLong()));
        rejected = Collections.unmodifiableMap(counts);
        family = router.family();
        addresses = Set.copyOf(own.addresses());
        peers = router.transport().peers().stream()
                .collect(Collectors.toUnmodifiableMap(UnicastPeer::address, each -> each, (first, second) -> first));
    }

    /** Notes that its own adverts come from another address now. */
    void localAddress(InetAddress address) {
        localAddress = address;
    }

    /**
     * {@return an advert of the virtual router by somebody else}
     *
     * @param packet what a raw IPv4 socket has received, header and all
     * @param length how many bytes of it
     * @param master who was heard last, {@link Election#master}
     */
    Optional<Heard> receiveIpv4(byte[] packet, int length, Optional<InetAddress> master) {
        Datagram datagram = Datagram.ofIpv4(packet, length);
        return datagram == null ? reject(Rejection.IP_HEADER) : receive(datagram, master);
    }

    /**
     * {@return an advert of the virtual router by somebody else}
     *
     * @param datagram what was received
     * @param master who was heard last, {@link Election#master}: with {@link VirtualRouter.Option#SKIP_ADDRESS_CHECK} its addresses are not
     *     compared again
     */
    Optional<Heard> receive(Datagram datagram, Optional<InetAddress> master) {
        Rejection reason = envelope(datagram);
        if (reason == null) {
            reason = AdvertisementCodec.malformed(datagram.message(), router.version(), family);
        }
        if (reason != null) {
            return reject(reason);
        }
        Optional<Checksum> habit = habit(datagram);
        if (habit.isEmpty()) {
            return reject(Rejection.CHECKSUM);
        }
        if (!AdvertisementCodec.hasInterval(datagram.message(), router.version())) {
            return reject(Rejection.INTERVAL);
        }
        Advertisement advert = AdvertisementCodec.decode(datagram.message(), router.version(), family);
        boolean known = router.has(VirtualRouter.Option.SKIP_ADDRESS_CHECK)
                && master.isPresent()
                && master.get().equals(datagram.source());
        reason = content(advert, known);
        if (reason != null) {
            return reject(reason);
        }
        learn(datagram, habit.get());
        accepted.incrementAndGet();
        return Optional.of(new Heard(advert, datagram.source()));
    }

    private @Nullable Rejection envelope(Datagram datagram) {
        InetAddress source = datagram.source();
        if (AddressFamily.of(source) != family || AddressFamily.of(datagram.destination()) != family) {
            return Rejection.FAMILY;
        }
        int id = AdvertisementCodec.virtualRouterId(datagram.message());
        if (id != router.virtualRouterId()) {
            return id < 0 ? Rejection.LENGTH : Rejection.VIRTUAL_ROUTER_ID;
        }
        if (source.equals(localAddress)) {
            return Rejection.OWN_SOURCE;
        }
        if (datagram.destination().isMulticastAddress() == unicast()) {
            return Rejection.DESTINATION;
        }
        if (!unicast()) {
            return datagram.ttl() == TTL ? null : Rejection.TTL;
        }
        if (!router.transport().checkSource()) {
            return null;
        }
        UnicastPeer peer = peers.get(source);
        if (peer == null) {
            return Rejection.NOT_A_PEER;
        }
        return datagram.ttl() < peer.minTtl() || datagram.ttl() > peer.maxTtl() ? Rejection.TTL : null;
    }

    private boolean unicast() {
        return !peers.isEmpty() || router.transport().faultWithoutPeers();
    }

    private @Nullable Rejection content(Advertisement advert, boolean known) {
        if (advert.authenticationType() != own.authenticationType()) {
            return Rejection.AUTHENTICATION_TYPE;
        }
        if (own.authenticationType() == Advertisement.PASSWORD
                && advert.authenticationData() != own.authenticationData()) {
            return Rejection.PASSWORD;
        }
        if (router.version() == VrrpVersion.V2 && !advert.interval().equals(own.interval())) {
            return Rejection.INTERVAL;
        }
        boolean same =
                advert.addresses().size() == addresses.size() && new HashSet<>(advert.addresses()).equals(addresses);
        return known || same ? null : Rejection.ADDRESSES;
    }

    /** The habit that makes the sum right: the one that is known first, because chance may make two of them right. */
    private Optional<Checksum> habit(Datagram datagram) {
        Checksum expected = checksumFor(unicast() ? datagram.source() : datagram.destination());
        if (right(expected, datagram)) {
            return Optional.of(expected);
        }
        Stream<Checksum> others = Stream.empty();
        if (router.version() == VrrpVersion.V3 && family == AddressFamily.INET) {
            others = Stream.of(Checksum.values()).filter(each -> each != Checksum.GROUP_PSEUDO_HEADER || old());
        }
        return others.filter(each -> right(each, datagram)).findFirst();
    }

    private boolean old() {
        return unicast() && router.transport().oldChecksum().orElse(true);
    }

    private static boolean right(Checksum habit, Datagram datagram) {
        return habit.of(datagram.message(), datagram.source(), datagram.destination()) == 0;
    }

    private void learn(Datagram datagram, Checksum habit) {
        if (!unicast()) {
            groupHabit = habit;
        } else if (peers.containsKey(datagram.source())) {
            habits.put(datagram.source(), habit);
        }
    }

    /**
     * {@return what the checksum of an advert to somebody is to cover} keepalived's, until he has been heard.
     *
     * @param destination a peer or the group
     */
    Checksum checksumFor(InetAddress destination) {
        Checksum chosen = groupHabit;
        if (unicast()) {
            chosen = router.transport().oldChecksum().orElse(false)
                    ? Checksum.GROUP_PSEUDO_HEADER
                    : habits.getOrDefault(destination, Checksum.PSEUDO_HEADER);
        }
        return AdvertisementCodec.habit(router.version(), family, chosen);
    }

    /** {@return how much was not let through for a reason} */
    long rejected(Rejection reason) {
        return count(reason).get();
    }

    /** {@return how many adverts were let through} */
    long accepted() {
        return accepted.get();
    }

    private AtomicLong count(Rejection reason) {
        return Objects.requireNonNull(rejected.get(reason), "all are there");
    }

    private Optional<Heard> reject(Rejection reason) {
        count(reason).incrementAndGet();
        return Optional.empty();
    }

    /**
     * An advert that passed all checks.
     *
     * @param advertisement it
     * @param source who sent it
     */
    record Heard(Advertisement advertisement, InetAddress source) {}
}
