package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Word;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an argument stands for: the catalogue of forms that values have.
 *
 * @param <V> the type of the value
 */
@FunctionalInterface
interface Value<V> {
    /** The greatest number that keepalived keeps in 32 bits. */
    long MAX = 0xffff_ffffL;

    /** Greater than every number that is looked for; how much greater does not matter. */
    long GREAT = 100_000_000_000_000_000L;

    /** What times in seconds look like. */
    Pattern SECONDS = Pattern.compile("[0-9]+\\.?[0-9]{0,6}|\\.[0-9]{1,6}");

    /** {@return the value of a word; empty = it has none, which has been told} */
    Optional<V> parse(String keyword, Word word, Reading reading);

    /** {@return the same as another type} */
    default <W> Value<W> as(Function<V, W> convert) {
        return (keyword, word, reading) -> parse(keyword, word, reading).map(convert);
    }

    /** {@return any text} */
    static Value<String> text() {
        return (keyword, word, reading) -> Optional.of(word.text());
    }

    /** {@return a text of so many bytes at most} */
    static Value<String> text(int longest) {
        return (keyword, word, reading) -> {
            if (word.text().length() <= longest) {
                return Optional.of(word.text());
            }
            reading.error(
                    "too-long",
                    word.at(),
                    keyword + ": " + Reading.shown(word.text()) + " (expected: at most " + longest + " characters)");
            return Optional.empty();
        };
    }

    /** {@return a whole number} */
    static Value<Long> number(long min, long max) {
        return (keyword, word, reading) -> {
            String text = word.text().strip();
            OptionalLong number = number(text);
            if (number.isPresent() && min <= number.getAsLong() && number.getAsLong() <= max) {
                return Optional.of(number.getAsLong());
            }
            String range = min + ".." + max;
            return number.isPresent()
                    ? bad("out-of-range", keyword, word, range, reading)
                    : bad("not-a-number", keyword, word, "a whole number, " + range, reading);
        };
    }

    /** {@return a whole number that an {@code int} holds} */
    static Value<Integer> integer(int min, int max) {
        return number(min, max).as(Math::toIntExact);
    }

    /** {@return a time in seconds with up to six decimals, at least so many microseconds and so many at most} */
    static Value<Duration> seconds(long minMicros, long maxMicros) {
        return (keyword, word, reading) -> {
            String text = word.text();
            BigDecimal most = BigDecimal.valueOf(maxMicros, 6).stripTrailingZeros();
            String range = BigDecimal.valueOf(minMicros, 6).stripTrailingZeros().toPlainString() + ".."
                    + most.toPlainString() + " seconds";
            if (text.length() > 40 || !SECONDS.matcher(text).matches()) {
                return bad("not-a-time", keyword, word, range + ", at most 6 decimals", reading);
            }
            BigDecimal micros = new BigDecimal(text.endsWith(".") ? text + "0" : text).movePointRight(6);
            if (micros.compareTo(BigDecimal.valueOf(minMicros)) < 0
                    || micros.compareTo(BigDecimal.valueOf(maxMicros)) > 0) {
                return bad("out-of-range", keyword, word, range, reading);
            }
            long value = micros.longValueExact();
            return Optional.of(Duration.ofSeconds(value / 1_000_000, value % 1_000_000 * 1000));
        };
    }

    /** {@return yes or no, in keepalived's words} */
    static Value<Boolean> bool() {
        return oneOf(Map.of("true", true, "on", true, "yes", true, "false", false, "off", false, "no", false));
    }

    /** {@return one of some words, written exactly so} */
    static <V> Value<V> oneOf(Map<String, V> words) {
        return (keyword, word, reading) -> {
            V value = words.get(word.text());
            if (value != null) {
                return Optional.of(value);
            }
            if (reading.isFull()) {
                return bad("unknown-value", keyword, word, "another", reading);
            }
            List<String> known = words.keySet().stream().sorted().toList();
            Optional<String> same =
                    known.stream().filter(word.text()::equalsIgnoreCase).findFirst();
            Optional<String> near = same.or(() -> Spelling.nearest(word.text(), known));
            reading.error(
                    same.isPresent() ? "wrong-case" : "unknown-value",
                    word.at(),
                    keyword + ": " + Reading.shown(word.text()) + " (expected: one of " + String.join(", ", known)
                            + ")",
                    near.map(meant -> "did you mean " + meant + "?").orElse(null));
            return Optional.empty();
        };
    }

    /** {@return one of some words, written exactly so} */
    static Value<String> oneOf(String... words) {
        return oneOf(List.of(words).stream().collect(Collectors.toMap(Function.identity(), Function.identity())));
    }

    /** {@return an IPv4 or IPv6 literal; what follows a {@code -} or {@code /} is ignored, as keepalived does} */
    static Value<InetAddress> address() {
        return (keyword, word, reading) -> {
            String text = word.text();
            int end = 0;
            while (end < text.length() && text.charAt(end) != '-' && text.charAt(end) != '/') {
                end++;
            }
            Optional<InetAddress> address = Addresses.parse(text.substring(0, end));
            if (address.isEmpty()) {
                return bad("not-an-address", keyword, word, "an IPv4 or IPv6 literal", reading);
            }
            if (end < text.length()) {
                reading.warning(
                        "ignored-value",
                        word.at(),
                        keyword + ": " + Reading.shown(text) + " (expected: one address, "
                                + Reading.shown(text.substring(end)) + " is ignored)");
            }
            return address;
        };
    }

    /** {@return a port of 1..65535} */
    static Value<Integer> port() {
        return integer(1, 65535);
    }

    /** {@return a port, or 0 where zeros say that there is none} */
    static Value<Integer> portOrNone() {
        return (keyword, word, reading) ->
                word.text().replace("0", "").isEmpty() ? Optional.of(0) : port().parse(keyword, word, reading);
    }

    /** {@return the whole number that a text is, or 10^17 and more for greater ones; empty = it is none} */
    private static OptionalLong number(String text) {
        int first = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        long number = 0;
        for (int i = first; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            number = number >= GREAT ? number : 10 * number + digit;
        }
        return first == text.length() ? OptionalLong.empty() : OptionalLong.of(text.startsWith("-") ? -number : number);
    }

    private static <V> Optional<V> bad(String code, String keyword, Word word, String expected, Reading reading) {
        reading.error(code, word.at(), keyword + ": " + Reading.shown(word.text()) + " (expected: " + expected + ")");
        return Optional.empty();
    }
}
