package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressPrefix;
import io.lvs4j.keepalived.LineValues.Place;
import io.lvs4j.keepalived.LineValues.Subnet;
import io.lvs4j.keepalived.LineWords.Taker;
import io.lvs4j.keepalived.syntax.Word;
import io.lvs4j.vrrp.VirtualRoute;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of {@code virtual_routes} and {@code static_routes}: the words of {@code ip route}, and some of keepalived's. What each of them
 * means is in {@link RouteWords}.
 */
final class RouteLines {
    /** The number of routes that keepalived makes. */
    static final long KEEPALIVED = 18;

    private static final Map<String, VirtualRoute.Type> TYPES = Map.ofEntries(
            Map.entry("unicast", VirtualRoute.Type.UNICAST),
            Map.entry("local", VirtualRoute.Type.LOCAL),
            Map.entry("broadcast", VirtualRoute.Type.BROADCAST),
            Map.entry("brd", VirtualRoute.Type.BROADCAST),
            Map.entry("anycast", VirtualRoute.Type.ANYCAST),
            Map.entry("multicast", VirtualRoute.Type.MULTICAST),
            Map.entry("blackhole", VirtualRoute.Type.BLACKHOLE),
            Map.entry("unreachable", VirtualRoute.Type.UNREACHABLE),
            Map.entry("prohibit", VirtualRoute.Type.PROHIBIT),
            Map.entry("throw", VirtualRoute.Type.THROW),
            Map.entry("nat", VirtualRoute.Type.NAT),
            Map.entry("xresolve", VirtualRoute.Type.XRESOLVE));
    /** By the kernel's numbers, from 1. */
    private static final Pattern PLACE = Pattern.compile("[0-9]|[0-9a-fA-F]*:");

    private static final List<String> NUMBERED = List.of(
            "unicast",
            "local",
            "broadcast",
            "anycast",
            "multicast",
            "blackhole",
            "unreachable",
            "prohibit",
            "throw",
            "nat",
            "xresolve");

    /** What a line has said so far. */
    static final class Draft {
        final Set<String> groups;
        final Families families = new Families();
        VirtualRoute.Type type = VirtualRoute.Type.UNICAST;

        @Nullable
        Place destination;

        @Nullable
        InetAddress gateway;

        @Nullable
        InetAddress source;

        @Nullable
        String device;

        @Nullable
        String trackGroup;

        @Nullable
        Long scope;

        @Nullable
        Long table;

        @Nullable
        Long metric;

        @Nullable
        Long protocol;

        @Nullable
        Word protocolAt;

        boolean hops;
        boolean tracked = true;

        Draft(Set<String> groups) {
            this.groups = groups;
        }
    }

    private RouteLines() {}

    /** Reads the routes of a virtual router. */
    static void read(Arguments block, List<VirtualRoute> into) {
        LineWords.each(block, line -> line(line, RouteWords.VIRTUAL, Set.of(), into));
    }

    /** Reads routes that are always there, of which some may be tracked by a group of those that are known. */
    static void read(Arguments block, List<VirtualRoute> into, Set<String> groups) {
        LineWords.each(block, line -> line(line, RouteWords.STATIC, groups, into));
    }

    private static void line(
            LineWords line, Map<String, Taker<Draft>> table, Set<String> groups, List<VirtualRoute> into) {
        Draft draft = new Draft(groups);
        line.read(draft, table, RouteLines::destination);
        if (!line.isFaulty()) {
            finish(draft, line);
        }
        line.finish(into, () -> record(draft, line));
    }

    /** Takes {@code [to] network}, {@code type network} and {@code network}. */
    private static boolean destination(Draft draft, Word first, LineWords line) {
        boolean to = first.text().equals("to");
        Optional<VirtualRoute.Type> type = type(first.text());
        if (!to && type.isEmpty() && !isPlace(first.text())) {
            return false;
        }
        type.ifPresent(found -> draft.type = found);
        Optional<Word> word = to || type.isPresent() ? line.valueOf(first) : Optional.of(first);
        word.flatMap(found -> LineValues.place().parse(line.block(), found, line.reading()))
                .ifPresent(place -> {
                    draft.destination = place;
                    draft.families.meet(place.family().orElse(null), word.get(), line);
                });
        return true;
    }

    /** {@return the type that a word names; it may be the kernel's number} */
    static Optional<VirtualRoute.Type> type(String word) {
        int number = LineValues.isBased(word, NUMBERED.size())
                ? LineValues.based(word).map(BigInteger::intValue).orElse(0)
                : 0;
        return Optional.ofNullable(TYPES.get(number > 0 ? NUMBERED.get(number - 1) : word));
    }

    /** {@return whether a word looks like a network, so that it is not a keyword that is misspelt} */
    private static boolean isPlace(String text) {
        return text.equals("default")
                || text.equals("any")
                || text.equals("all")
                || text.equals("default6")
                || PLACE.matcher(text).lookingAt();
    }

    /** Tells what is wrong with a line as a whole. */
    private static void finish(Draft draft, LineWords line) {
        if (draft.destination == null) {
            line.error("missing-value", line.first(), "a route without a destination (expected: a network or default)");
            return;
        }
        if (draft.tracked && draft.protocolAt != null && draft.protocol != null && draft.protocol != KEEPALIVED) {
            line.corrected(
                    "conflict",
                    draft.protocolAt,
                    "protocol " + draft.protocol + " of a route that is tracked (expected: " + KEEPALIVED
                            + ", or no_track)",
                    "the protocol is " + KEEPALIVED);
        }
        if (draft.tracked && draft.device == null) {
            line.corrected(
                    "missing-value",
                    line.first(),
                    "a route without an interface cannot be tracked (expected: dev, or no_track)",
                    "it is not tracked");
            draft.tracked = false;
        }
        if (draft.trackGroup != null && draft.device == null) {
            line.error("conflict", line.first(), "track_group of a route without an interface (expected: dev)");
        }
    }

    private static VirtualRoute record(Draft draft, LineWords line) {
        AddressFamily family = draft.families.orInet();
        return new VirtualRoute(
                line.texts(),
                draft.type,
                family,
                Optional.ofNullable(draft.destination).flatMap(Place::subnet).map(subnet -> network(subnet, line)),
                Optional.ofNullable(draft.gateway),
                Optional.ofNullable(draft.device),
                Optional.ofNullable(draft.source),
                draft.scope == null ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(draft.scope)),
                draft.table == null ? OptionalLong.empty() : OptionalLong.of(draft.table),
                draft.metric == null ? OptionalLong.empty() : OptionalLong.of(draft.metric),
                draft.tracked,
                Optional.ofNullable(draft.trackGroup));
    }

    /** {@return a network; of an address with more bits, the one that it is in} */
    static AddressPrefix network(Subnet subnet, LineWords line) {
        int bits = subnet.address().getAddress().length * Byte.SIZE;
        int shift = bits - subnet.length();
        InetAddress first = GroupLines.address(
                GroupLines.number(subnet.address()).shiftRight(shift).shiftLeft(shift), bits / Byte.SIZE);
        if (!first.equals(subnet.address()) && !line.reading().isFull()) {
            line.warning(
                    "host-bits",
                    line.first(),
                    subnet.address().getHostAddress() + "/" + subnet.length()
                            + " has bits after its prefix (expected: " + first.getHostAddress() + "/"
                            + subnet.length() + ", which is taken; the kernel refuses the other)");
        }
        return new AddressPrefix(first, subnet.length());
    }
}
