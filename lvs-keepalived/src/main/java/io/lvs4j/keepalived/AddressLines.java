package io.lvs4j.keepalived;

import static io.lvs4j.keepalived.LineWords.flag;
import static io.lvs4j.keepalived.LineWords.value;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.LineValues.Subnet;
import io.lvs4j.keepalived.LineWords.Taker;
import io.lvs4j.keepalived.syntax.Word;
import io.lvs4j.vrrp.VirtualAddress;
import io.lvs4j.vrrp.VirtualAddress.Flag;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of {@code virtual_ipaddress}, {@code virtual_ipaddress_excluded} and {@code static_ipaddress}: an address, perhaps with the
 * length of its prefix, and keywords with values.
 */
final class AddressLines {
    private static final int LONGEST_LABEL = 15;
    private static final int LONGEST_PREFIX_WITH_BROADCAST = 30;

    private static final Map<String, Taker<Draft>> VIRTUAL = new HashMap<>();
    private static final Map<String, Taker<Draft>> STATIC = new HashMap<>();

    static {
        VIRTUAL.put("dev", AddressLines::device);
        VIRTUAL.put("scope", value(LineValues.named(RouteNames.SCOPES), (draft, number) -> draft.scope = number));
        VIRTUAL.put("broadcast", AddressLines::broadcast);
        VIRTUAL.put("brd", AddressLines::broadcast);
        VIRTUAL.put("label", AddressLines::label);
        VIRTUAL.put("peer", AddressLines::peer);
        for (Flag each : Flag.values()) {
            VIRTUAL.put(each.word(), flag(draft -> draft.flags.add(each)));
        }
        VIRTUAL.put("no_track", flag(draft -> draft.tracked = false));
        VIRTUAL.put("preferred_lft", AddressLines::preferred);
        STATIC.putAll(VIRTUAL);
        VIRTUAL.put("use_vmac", flag(draft -> draft.virtualMac = true));
        STATIC.put("track_group", AddressLines::trackGroup);
    }

    /** What a line has said so far. */
    private static final class Draft {
        final Subnet subnet;
        final Set<String> groups;
        final Set<Flag> flags = EnumSet.noneOf(Flag.class);

        @Nullable
        String device;

        @Nullable
        String label;

        @Nullable
        String trackGroup;

        @Nullable
        InetAddress peer;

        @Nullable
        InetAddress broadcast;
        /** 1 and 0: the broadcast address ends with such bits; otherwise it is written. */
        int broadcastBits = -1;

        @Nullable
        Word broadcastAt;

        @Nullable
        Word labelAt;

        boolean tracked = true;
        boolean virtualMac;
        /** Seconds; null = as the address has it. */
        @Nullable
        Long preferred;

        long scope;

        Draft(Subnet subnet, Set<String> groups) {
            this.subnet = subnet;
            this.groups = groups;
        }
    }

    private AddressLines() {}

    /** Reads the addresses of a virtual router. */
    static void read(Arguments block, List<VirtualAddress> into) {
        LineWords.each(block, line -> line(line, VIRTUAL, Set.of(), into));
    }

    /** Reads addresses that are always there, of which some may be tracked by a group of those that are known. */
    static void read(Arguments block, List<VirtualAddress> into, Set<String> groups) {
        LineWords.each(block, line -> line(line, STATIC, groups, into));
    }

    private static void line(
            LineWords line, Map<String, Taker<Draft>> table, Set<String> groups, List<VirtualAddress> into) {
        Word first = line.next();
        Optional<Subnet> subnet = LineValues.subnet().parse(line.block(), first, line.reading());
        if (subnet.isEmpty()) {
            return;
        }
        Draft draft = new Draft(subnet.get(), groups);
        line.read(draft, table, (same, word, here) -> false);
        if (draft.peer != null && draft.broadcastAt != null) {
            line.corrected(
                    "conflict",
                    draft.broadcastAt,
                    "broadcast and peer (expected: one of them)",
                    "the broadcast address is ignored");
            draft.broadcast = null;
        } else if (draft.broadcastBits >= 0) {
            broadcastOfNetwork(draft, line);
        }
        if (subnet.get().family() == AddressFamily.INET6) {
            onlyIpv4(draft, line);
        }
        line.finish(into, () -> record(draft));
    }

    private static VirtualAddress record(Draft draft) {
        boolean all = draft.subnet.length() == 128 && draft.preferred == null;
        Long preferred = all && draft.subnet.family() == AddressFamily.INET6 ? Long.valueOf(0) : draft.preferred;
        return new VirtualAddress(
                draft.subnet.address(),
                draft.peer == null
                        ? draft.subnet.length()
                        : draft.subnet.address().getAddress().length * Byte.SIZE,
                Optional.ofNullable(draft.device),
                Math.toIntExact(draft.scope),
                Optional.ofNullable(draft.label),
                Optional.ofNullable(draft.broadcast),
                Optional.ofNullable(draft.peer),
                draft.flags,
                draft.virtualMac,
                draft.tracked,
                Optional.ofNullable(preferred)
                        .filter(seconds -> seconds < Value.MAX)
                        .map(Duration::ofSeconds),
                Optional.ofNullable(draft.trackGroup));
    }

    private static void device(Draft draft, Word keyword, LineWords line) {
        Optional<String> name = line.valueOf(keyword, LineValues.device());
        if (draft.device != null) {
            line.error("duplicate", keyword, "dev is there twice (expected: once)");
        }
        name.ifPresent(text -> draft.device = text);
    }

    private static void broadcast(Draft draft, Word keyword, LineWords line) {
        Optional<Word> word = line.valueOf(keyword);
        if (word.isEmpty()) {
            return;
        }
        draft.broadcastAt = keyword;
        String text = word.get().text();
        if (draft.subnet.family() == AddressFamily.INET6) {
            line.error("family-mismatch", keyword, "broadcast of an IPv6 address (expected: none)");
        } else if (text.equals("-") || text.equals("+")) {
            draft.broadcastBits = text.equals("+") ? 1 : 0;
        } else if (text.indexOf(':') >= 0 || Addresses.parse(text).isEmpty()) {
            line.error(
                    "not-an-address",
                    word.get(),
                    keyword.text() + ": " + Reading.shown(text) + " (expected: an IPv4 literal, + or -)");
        } else {
            draft.broadcast = Addresses.parse(text).get();
        }
    }

    private static void broadcastOfNetwork(Draft draft, LineWords line) {
        int length = draft.peer == null ? draft.subnet.length() : 32;
        if (length > LONGEST_PREFIX_WITH_BROADCAST && draft.broadcastAt != null) {
            line.corrected(
                    "out-of-range",
                    draft.broadcastAt,
                    "broadcast of a network of /" + length + " (expected: /0../" + LONGEST_PREFIX_WITH_BROADCAST + ")",
                    "there is no broadcast address");
            return;
        }
        BigInteger hosts = BigInteger.ONE.shiftLeft(32 - length).subtract(BigInteger.ONE);
        BigInteger number = GroupLines.number(draft.subnet.address());
        draft.broadcast = GroupLines.address(draft.broadcastBits == 1 ? number.or(hosts) : number.andNot(hosts), 4);
    }

    private static void label(Draft draft, Word keyword, LineWords line) {
        line.valueOf(keyword).ifPresent(word -> {
            int length = word.text().getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > LONGEST_LABEL) {
                line.error(
                        "too-long",
                        word,
                        "label: " + Reading.shown(word.text()) + " (expected: 1.." + LONGEST_LABEL + " bytes)");
            }
            draft.label = word.text();
            draft.labelAt = keyword;
        });
    }

    private static void peer(Draft draft, Word keyword, LineWords line) {
        Optional<Word> word = line.valueOf(keyword);
        if (word.isEmpty()) {
            return;
        }
        Optional<InetAddress> peer = line.parse(keyword, word.get(), LineValues.address());
        if (draft.peer != null) {
            line.error("duplicate", keyword, "peer is there twice (expected: once)");
        } else if (peer.isPresent() && AddressFamily.of(peer.get()) != draft.subnet.family()) {
            line.error(
                    "family-mismatch",
                    word.get(),
                    "peer: " + Reading.shown(word.get().text()) + " (expected: an address of family "
                            + draft.subnet.family() + ")");
        } else if (peer.isPresent()) {
            int all = draft.subnet.address().getAddress().length * Byte.SIZE;
            if (draft.subnet.length() != all) {
                line.corrected(
                        "conflict",
                        line.first(),
                        Reading.shown(line.first().text()) + " has a peer (expected: no length of a prefix)",
                        "the length is /" + all);
            }
            draft.peer = peer.get();
        }
    }

    private static void preferred(Draft draft, Word keyword, LineWords line) {
        if (line.isNext("forever")) {
            line.next();
            draft.preferred = Value.MAX;
        } else {
            line.valueOf(keyword, Value.number(0, Value.MAX)).ifPresent(seconds -> draft.preferred = seconds);
        }
    }

    private static void trackGroup(Draft draft, Word keyword, LineWords line) {
        line.trackGroup(keyword, draft.groups, draft.trackGroup).ifPresent(name -> draft.trackGroup = name);
    }

    private static void onlyIpv4(Draft draft, LineWords line) {
        if (draft.scope != 0) {
            line.corrected(
                    "family-mismatch", line.first(), "scope of an IPv6 address (expected: none)", "scope is ignored");
            draft.scope = 0;
        }
        if (draft.labelAt != null) {
            line.corrected(
                    "family-mismatch", draft.labelAt, "label of an IPv6 address (expected: none)", "label is ignored");
            draft.label = null;
        }
    }
}
