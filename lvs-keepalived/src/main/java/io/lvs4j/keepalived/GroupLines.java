package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.GroupDraft.Mark;
import io.lvs4j.keepalived.GroupDraft.Range;
import io.lvs4j.keepalived.syntax.Block;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a {@code virtual_server_group}: {@code address [port]}, {@code first-last [port]} where the last is an address or its last
 * part, {@code network/bits [port]}, and {@code fwmark number [inet|inet6]}.
 */
final class GroupLines {
    private static final Value<AddressFamily> FAMILY =
            Value.oneOf(Map.of("inet", AddressFamily.INET, "inet6", AddressFamily.INET6));

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,3}");
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-fA-F]{1,4}");

    private GroupLines() {}

    /** Reads a group into the configuration. */
    static void read(ConfigDraft config, Arguments arguments) {
        Reading reading = arguments.reading();
        int before = reading.errors();
        GroupDraft group = new GroupDraft(arguments.word(0).text(), arguments.at());
        if (arguments.count() > 1) {
            arguments.error(
                    "too-many-values", 1, Reading.shown(arguments.word(1).text()) + " (expected: one name)");
        }
        for (Statement line :
                arguments.statement().block().map(Block::statements).orElse(List.of())) {
            line(group, new Arguments(line, reading));
        }
        boolean both = group.has(AddressFamily.INET) && group.has(AddressFamily.INET6);
        if (group.ranges.isEmpty() && group.marks.isEmpty()) {
            reading.error(
                    "missing-value",
                    group.at,
                    "virtual_server_group " + name(group) + " is empty (expected: addresses)");
        } else if (both && group.marks.stream().anyMatch(mark -> mark.family() == null)) {
            reading.error(
                    "family-mismatch",
                    group.at,
                    "virtual_server_group " + name(group)
                            + " has addresses of both families and a firewall mark of none (expected: fwmark number inet|inet6)");
        }
        group.faulty = reading.errors() > before;
        if (config.groups.putIfAbsent(group.name, group) != null) {
            reading.duplicate("virtual_server_group", group.name, group.at);
        }
    }

    private static String name(GroupDraft group) {
        return Reading.shown(group.name);
    }

    private static void line(GroupDraft group, Arguments line) {
        if (line.statement().block().isPresent()) {
            line.reading()
                    .error(
                            "unexpected-block",
                            line.at(),
                            Reading.shown(line.keyword()) + " has a block (expected: none)");
        } else if (line.keyword().equals("fwmark")) {
            mark(group, line);
        } else {
            Optional<Integer> port = line.count() == 0 ? Optional.of(0) : line.value(0, Value.portOrNone());
            Optional<InetAddress[]> ends = range(line.statement().keyword(), line.reading());
            if (port.isPresent() && ends.isPresent()) {
                group.add(new Range(ends.get()[0], ends.get()[1], port.get()));
            }
        }
    }

    private static void mark(GroupDraft group, Arguments line) {
        if (line.count() == 0) {
            line.reading().error("missing-value", line.at(), "fwmark: 0 values (expected: a mark)");
            return;
        }
        Optional<Long> mark = line.value(0, Value.number(0, Value.MAX));
        if (line.count() == 1) {
            mark.ifPresent(number -> group.add(new Mark(number, null)));
        } else {
            line.value(1, FAMILY).ifPresent(family -> mark.ifPresent(number -> group.add(new Mark(number, family))));
        }
    }

    /** {@return the first and the last address} */
    private static Optional<InetAddress[]> range(Word word, Reading reading) {
        String text = word.text();
        int dash = text.indexOf('-');
        int cut = dash >= 0 ? dash : text.indexOf('/');
        String after = cut < 0 ? "" : text.substring(cut + 1);
        Optional<InetAddress> first = Addresses.parse(cut < 0 ? text : text.substring(0, cut));
        if (first.isEmpty()) {
            return bad("not-an-address", word, "an IPv4 or IPv6 literal, a range or a network", reading);
        }
        InetAddress last = first.get();
        if (text.indexOf('/') >= 0) {
            last = network(first.get(), text.substring(text.indexOf('/') + 1));
        } else if (dash >= 0) {
            boolean whole = after.indexOf('.') >= 0 || after.indexOf(':') >= 0;
            last = whole
                    ? Addresses.parse(after)
                            .filter(end -> Addresses.sameFamily(end, first.get()))
                            .filter(end -> number(end).compareTo(number(first.get())) >= 0)
                            .orElse(null)
                    : lastPart(first.get(), after);
        }
        if (last == null) {
            return bad("not-a-range", word, "first-last with a greater last, or a network without other bits", reading);
        }
        return Optional.of(new InetAddress[] {first.get(), last});
    }

    private static Optional<InetAddress[]> bad(String code, Word word, String expected, Reading reading) {
        reading.error(
                code,
                word.at(),
                "virtual_server_group: " + Reading.shown(word.text()) + " (expected: " + expected + ")");
        return Optional.empty();
    }

    static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    /** {@return the address so many bits after the beginning of an address's network; null = it is none} */
    private static @Nullable InetAddress network(InetAddress first, String bits) {
        int all = first.getAddress().length * 8;
        if (!DECIMAL.matcher(bits).matches() || Integer.parseInt(bits) == 0 || Integer.parseInt(bits) > all) {
            return null;
        }
        BigInteger hosts =
                BigInteger.ONE.shiftLeft(all - Integer.parseInt(bits)).subtract(BigInteger.ONE);
        return number(first).and(hosts).signum() != 0
                ? null
                : address(number(first).or(hosts), all / 8);
    }

    /** {@return an address with another last part, which must be greater; null = it is none} */
    private static @Nullable InetAddress lastPart(InetAddress first, String part) {
        boolean ipv4 = first.getAddress().length == 4;
        if (!(ipv4 ? DECIMAL : HEXADECIMAL).matcher(part).matches()) {
            return null;
        }
        int end = Integer.parseInt(part, ipv4 ? 10 : 16);
        BigInteger mask = BigInteger.valueOf(ipv4 ? 0xff : 0xffff);
        BigInteger start = number(first).and(mask);
        if (end > mask.intValue() || start.intValue() >= end) {
            return null;
        }
        return address(number(first).subtract(start).add(BigInteger.valueOf(end)), ipv4 ? 4 : 16);
    }

    static InetAddress address(BigInteger number, int length) {
        byte[] bytes = new byte[length];
        byte[] digits = number.toByteArray();
        for (int i = 0; i < length && i < digits.length; i++) {
            bytes[length - 1 - i] = digits[digits.length - 1 - i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(length + " bytes are no address", e);
        }
    }
}
