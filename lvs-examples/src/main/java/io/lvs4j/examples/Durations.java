package io.lvs4j.examples;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 10s}, {@code 500ms}, {@code 1m}, or plain seconds. */
final class Durations {
    static final String FORM = "a duration such as 10s, 500ms, 1m, 2h, 1d, or plain seconds";

    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)?");
    private static final Pattern ISO = Pattern.compile("\\bPT(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+([.][0-9]+)?S)?");

    private Durations() {}

    /** Returns the duration that an option's value means. */
    static Duration parse(String option, String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new BadInput(option, text, FORM);
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /** Returns the greatest unit that needs no fraction. */
    static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
    }

    /** Returns the text with its ISO durations, which the library's messages bear, in the form of this class. */
    static String readable(String text) {
        return ISO.matcher(text).replaceAll(found -> format(Duration.parse(found.group())));
    }
}
