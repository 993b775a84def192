package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.syntax.Word;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms that values have in lines of addresses, routes and rules. */
final class LineValues {
    private static final int LONGEST_DEVICE = 15;
    private static final Pattern BASED =
            Pattern.compile("\\s*\\+?(0[xX][0-9a-fA-F]{1,20}|0[0-7]{0,20}|[1-9][0-9]{0,20})");
    private static final Pattern RTT = Pattern.compile(
            "\\s*(?<number>[0-9]{1,12}\\.?(?<decimals>[0-9]{0,3})|\\.(?<only>[0-9]{1,3}))(?<unit>m?s(?:ecs?)?)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");
    private static final Set<String> ALL = Set.of("default", "any", "all");

    private LineValues() {}

    /**
     * An address with the length of its network's prefix.
     *
     * @param address it
     * @param length 0..32 or 0..128
     * @param hasLength whether the length is written
     */
    record Subnet(InetAddress address, int length, boolean hasLength) {
        AddressFamily family() {
            return AddressFamily.of(address);
        }
    }

    /**
     * Where packets come from or go to.
     *
     * @param family empty = any
     * @param subnet empty = any of the family
     */
    record Place(Optional<AddressFamily> family, Optional<Subnet> subnet) {}

    /** {@return an IPv4 or IPv6 literal and nothing else} */
    static Value<InetAddress> address() {
        return (keyword, word, reading) -> {
            Optional<InetAddress> address = Addresses.parse(word.text());
            return address.isPresent()
                    ? address
                    : bad("not-an-address", keyword, word, "an IPv4 or IPv6 literal", reading);
        };
    }

    /** {@return an IPv4 or IPv6 literal, which may have the length of a prefix} */
    static Value<Subnet> subnet() {
        return (keyword, word, reading) -> {
            String text = word.text();
            int slash = text.indexOf('/');
            Optional<InetAddress> address = Addresses.parse(slash < 0 ? text : text.substring(0, slash));
            if (address.isEmpty()) {
                return bad("not-an-address", keyword, word, "an IPv4 or IPv6 literal, or address/length", reading);
            }
            int bits = address.get().getAddress().length * Byte.SIZE;
            int all = text.indexOf(':') >= 0 ? 128 : bits;
            if (slash < 0) {
                return Optional.of(new Subnet(address.get(), bits, false));
            }
            String length = text.substring(slash + 1);
            if (!LENGTH.matcher(length).matches() || Integer.parseInt(length) > all) {
                return bad("out-of-range", keyword, word, "address/length, length of 0.." + all, reading);
            }
            return Optional.of(new Subnet(address.get(), Math.max(0, Integer.parseInt(length) - all + bits), true));
        };
    }

    /** {@return a network, or what means all} */
    static Value<Place> place() {
        return (keyword, word, reading) -> {
            if (ALL.contains(word.text())) {
                return Optional.of(new Place(Optional.empty(), Optional.empty()));
            }
            if (word.text().equals("default6")) {
                reading.warning("deprecated-keyword", word.at(), keyword + ": default6 is deprecated, write ::/0");
                return Optional.of(new Place(Optional.of(AddressFamily.INET6), Optional.empty()));
            }
            return subnet().parse(keyword, word, reading)
                    .map(subnet -> new Place(Optional.of(subnet.family()), Optional.of(subnet)));
        };
    }

    /** {@return the name of an interface} */
    static Value<String> device() {
        return (keyword, word, reading) -> {
            String name = word.text();
            boolean good = !name.isEmpty()
                    && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_DEVICE
                    && !name.equals(".")
                    && !name.equals("..")
                    && name.chars().noneMatch(each -> each == '/' || each == ':' || Character.isWhitespace(each));
            return good
                    ? Optional.of(name)
                    : bad(
                            "not-a-device",
                            keyword,
                            word,
                            "the name of an interface, 1..15 bytes without /, : and blanks",
                            reading);
        };
    }

    /** {@return a whole number that may be written in octal or with 0x} */
    static Value<Long> based(long max) {
        return (keyword, word, reading) -> {
            Optional<BigInteger> number = based(word.text());
            if (number.isEmpty()) {
                return bad("not-a-number", keyword, word, "a whole number, 0.." + max, reading);
            }
            return number.get().compareTo(BigInteger.valueOf(max)) > 0
                    ? bad("out-of-range", keyword, word, "0.." + max, reading)
                    : Optional.of(number.get().longValueExact());
        };
    }

    static boolean isBased(String text, long max) {
        return based(text)
                .filter(number -> number.compareTo(BigInteger.valueOf(max)) <= 0)
                .isPresent();
    }

    /** {@return the number that a word is, in octal or with 0x too} */
    static Optional<BigInteger> based(String text) {
        if (text.isEmpty() || text.charAt(0) > '9') {
            return Optional.empty(); // most words are names
        }
        Matcher matcher = BASED.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String digits = matcher.group(1).toLowerCase(Locale.ROOT);
        return Optional.of(
                digits.startsWith("0x")
                        ? new BigInteger(digits.substring(2), 16)
                        : new BigInteger(digits, digits.startsWith("0") ? 8 : 10));
    }

    /** {@return a number, or a name that the host has for one} */
    static Value<Long> named(RouteNames names) {
        return (keyword, word, reading) -> {
            Optional<BigInteger> number = based(word.text());
            if (number.isPresent()) {
                return based(names.max()).parse(keyword, word, reading);
            }
            Optional<Long> named = names.find(word.text());
            if (named.isEmpty()) {
                Optional<String> near =
                        reading.isFull() ? Optional.empty() : Spelling.nearest(word.text(), names.names());
                reading.error(
                        "unknown-value",
                        word.at(),
                        keyword + ": " + Reading.shown(word.text()) + " (expected: 0.." + names.max()
                                + ", or a name of " + names.file() + ")",
                        near.map(meant -> "did you mean " + meant + "?").orElse(null));
            }
            return named;
        };
    }

    /** {@return one or two realms, {@code from/to}} */
    static Value<String> realms() {
        return (keyword, word, reading) -> {
            String[] parts = word.text().split("/", 2);
            boolean good = true;
            for (String part : parts) {
                good &= named(RouteNames.REALMS)
                        .parse(keyword, new Word(part, word.at(), word.quoted()), reading)
                        .isPresent();
            }
            return good ? Optional.of(word.text()) : Optional.empty();
        };
    }

    /** {@return a firewall mark, which may have a mask} */
    static Value<Long> mark() {
        return (keyword, word, reading) -> {
            String[] parts = word.text().split("/", 2);
            Optional<Long> mark = Optional.empty();
            for (int i = parts.length - 1; i >= 0; i--) {
                mark = based(Value.MAX).parse(keyword, new Word(parts[i], word.at(), word.quoted()), reading);
                if (mark.isEmpty()) {
                    break;
                }
            }
            return mark;
        };
    }

    /** {@return a time of TCP: a plain number counts parts of a millisecond, of which there are so many; with s or ms it is a time} */
    static Value<String> rtt(int parts) {
        return (keyword, word, reading) -> {
            Matcher matcher = RTT.matcher(word.text());
            String expected = "up to 120s, such as 250ms or 0.25s";
            if (!matcher.matches()) {
                return bad("not-a-time", keyword, word, expected, reading);
            }
            Optional<String> unit = Optional.ofNullable(matcher.group("unit"));
            boolean seconds =
                    unit.isPresent() && unit.get().toLowerCase(Locale.ROOT).startsWith("s");
            String decimals = Optional.ofNullable(matcher.group("decimals")).orElse("");
            if (!seconds && (!decimals.isEmpty() || matcher.group("only") != null)) {
                return bad("not-a-time", keyword, word, expected, reading);
            }
            String number = matcher.group("number");
            BigDecimal value = new BigDecimal(number.endsWith(".") ? number + "0" : number);
            BigDecimal most = BigDecimal.valueOf(120_000L * parts);
            if ((seconds ? value.movePointRight(3) : value).compareTo(most) > 0) {
                return bad("out-of-range", keyword, word, expected, reading);
            }
            return Optional.of(word.text());
        };
    }

    static <V> Optional<V> bad(String code, String keyword, Word word, String expected, Reading reading) {
        reading.error(code, word.at(), keyword + ": " + Reading.shown(word.text()) + " (expected: " + expected + ")");
        return Optional.empty();
    }
}
