package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod.Encapsulation;
import io.lvs4j.Protocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Entries of the kernel's table for tests. */
final class TestEntries {
    /** The schedulers of every kernel that tests run on; 6.1's has no twos. */
    static final List<String> SCHEDULERS =
            List.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh");

    private static final int MAX_DESTINATIONS = 6;

    private final Random random;

    TestEntries(long seed) {
        random = new Random(seed);
    }

    static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static IpvsServiceKey tcp(String address, int port) {
        return new IpvsServiceKey.Address(Protocol.TCP, ip(address), port);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    <T> Optional<T> perhaps(Supplier<T> some) {
        return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(some.get());
    }

    private InetAddress address(AddressFamily family) {
        return family == AddressFamily.INET
                ? ip("10.0." + random.nextInt(64) + "." + (1 + random.nextInt(250)))
                : ip("fd00::" + Integer.toHexString(random.nextInt(65536)) + ":"
                        + Integer.toHexString(1 + random.nextInt(65535)));
    }

    /** Any service that the kernel takes. */
    IpvsService service() {
        AddressFamily family = one(List.of(AddressFamily.values()));
        boolean marked = random.nextInt(4) == 0;
        Optional<IpvsService.Persistence> persistence = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new IpvsService.Persistence(
                        Duration.ofSeconds(1 + random.nextInt(random.nextBoolean() ? 4_294_967 : 600)),
                        1 + random.nextInt(family == AddressFamily.INET ? 32 : 128)));
        IpvsServiceKey key = marked
                ? new IpvsServiceKey.FirewallMark(1 + random.nextLong(0xffffffffL), family)
                : new IpvsServiceKey.Address(
                        one(List.of(Protocol.values())),
                        address(family),
                        persistence.isPresent() && random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(65535));
        return new IpvsService(key, one(SCHEDULERS), random.nextInt(8), random.nextInt(4) == 0, persistence, "");
    }

    /** Any destinations that the kernel takes for a service. */
    List<IpvsDestination> destinations(IpvsServiceKey service) {
        List<IpvsDestination> destinations = new ArrayList<>();
        int count = random.nextInt(MAX_DESTINATIONS);
        while (destinations.size() < count) {
            IpvsDestination next = destination(service);
            if (destinations.stream()
                    .noneMatch(other ->
                            other.port() == next.port() && other.address().equals(next.address()))) {
                destinations.add(next);
            }
        }
        return destinations;
    }

    IpvsDestination destination(IpvsServiceKey service) {
        IpvsDestination.Method method = one(List.of(IpvsDestination.Method.values()));
        boolean tunnel = method == IpvsDestination.Method.TUNNEL;
        AddressFamily family = tunnel && random.nextBoolean() ? one(List.of(AddressFamily.values())) : service.family();
        int upper = random.nextBoolean() ? 0 : random.nextInt(Integer.MAX_VALUE);
        return new IpvsDestination(
                address(family),
                random.nextInt(65536),
                method,
                random.nextBoolean() ? random.nextInt(4) : random.nextInt(Integer.MAX_VALUE),
                upper,
                upper == 0 ? 0 : random.nextInt(upper),
                tunnel ? Optional.of(tunnel()) : Optional.empty());
    }

    private IpvsDestination.Tunnel tunnel() {
        Encapsulation encapsulation = one(List.of(Encapsulation.values()));
        return switch (encapsulation) {
            case IPIP -> IpvsDestination.Tunnel.IPIP;
            case GUE ->
                new IpvsDestination.Tunnel(
                        encapsulation, 1 + random.nextInt(65535), one(List.of(IpvsDestination.Checksum.values())));
            case GRE ->
                new IpvsDestination.Tunnel(
                        encapsulation,
                        0,
                        one(List.of(IpvsDestination.Checksum.NONE, IpvsDestination.Checksum.COMPUTE)));
        };
    }
}
