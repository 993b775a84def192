package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.syntax.Word;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What follows {@code encap} in a route: {@code ip} and {@code ip6} with pairs of words, {@code mpls label/label}, {@code ila locator}. It is
 * checked alone: routes keep their words.
 */
final class Encapsulation {
    private static final int MOST_LABELS = 2;
    private static final long MOST_LABEL = 0xf_ffff;

    private static final Map<String, Value<?>> IP = Map.of(
            "id", unsigned64(),
            "dst", address(AddressFamily.INET),
            "src", address(AddressFamily.INET),
            "tos", LineValues.named(RouteNames.SERVICES),
            "ttl", Value.number(0, 255),
            "flags", Value.number(0, 65535));
    private static final Map<String, Value<?>> IP6 = Map.of(
            "id", unsigned64(),
            "dst", address(AddressFamily.INET6),
            "src", address(AddressFamily.INET6),
            "tc", LineValues.named(RouteNames.SERVICES),
            "hoplimit", Value.number(0, 255),
            "flags", Value.number(0, 65535));

    private Encapsulation() {}

    static void read(Word keyword, LineWords line) {
        Optional<Word> kind = line.valueOf(keyword);
        if (kind.isEmpty()) {
            return;
        }
        switch (kind.get().text()) {
            case "ip" -> pairs(kind.get(), line, IP);
            case "ip6" -> pairs(kind.get(), line, IP6);
            case "mpls" -> line.valueOf(kind.get(), labels());
            case "ila" -> line.valueOf(kind.get(), locator());
            default -> line.parse(keyword, kind.get(), Value.oneOf("ip", "ip6", "mpls", "ila"));
        }
    }

    private static void pairs(Word kind, LineWords line, Map<String, Value<?>> table) {
        Set<String> needed = Set.of("id", "dst");
        boolean complete = false;
        while (line.nextOf(table.keySet()).isPresent()) {
            Word keyword = line.next();
            complete |= needed.contains(keyword.text());
            Optional.ofNullable(table.get(keyword.text())).ifPresent(form -> line.valueOf(keyword, form));
        }
        if (!complete) {
            line.error("missing-value", kind, "encap " + kind.text() + " (expected: dst or id after it)");
        }
    }

    private static Value<InetAddress> address(AddressFamily family) {
        return (keyword, word, reading) -> LineValues.address()
                .parse(keyword, word, reading)
                .flatMap(address -> AddressFamily.of(address) == family
                        ? Optional.of(address)
                        : LineValues.bad("family-mismatch", keyword, word, "an address of family " + family, reading));
    }

    static Value<BigInteger> unsigned64() {
        return (keyword, word, reading) -> {
            String text = word.text().strip();
            BigInteger most = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
            String expected = "0.." + most;
            if (!text.matches("\\+?[0-9]{1,40}")) {
                return LineValues.bad("not-a-number", keyword, word, expected, reading);
            }
            BigInteger number = new BigInteger(text);
            return number.compareTo(most) > 0
                    ? LineValues.bad("out-of-range", keyword, word, expected, reading)
                    : Optional.of(number);
        };
    }

    private static Value<String> labels() {
        return (keyword, word, reading) -> {
            String[] labels = word.text().split("/", -1);
            boolean good = labels.length <= MOST_LABELS
                    && Arrays.stream(labels).allMatch(each -> LineValues.isBased(each, MOST_LABEL));
            return good
                    ? Optional.of(word.text())
                    : LineValues.bad(
                            "not-a-label",
                            keyword,
                            word,
                            "1.." + MOST_LABELS + " labels of 0.." + MOST_LABEL + ", such as 100/200",
                            reading);
        };
    }

    private static Value<String> locator() {
        return (keyword, word, reading) -> word.text().matches("0*[0-9a-fA-F]{1,4}(:0*[0-9a-fA-F]{1,4}){3}")
                ? Optional.of(word.text())
                : LineValues.bad("not-a-locator", keyword, word, "four parts, such as 2001:db8:0:1", reading);
    }
}
