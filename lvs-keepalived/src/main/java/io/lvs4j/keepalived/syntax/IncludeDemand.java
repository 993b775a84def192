package io.lvs4j.keepalived.syntax;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is an error where files are included, if it is not so: the letter of an {@code includer} demands some for itself, and {@code
 * include_check} for all that follow in its file.
 */
public enum IncludeDemand {
    /** What is found can be read. */
    READ,
    /** A name without wildcards is found. */
    MATCH,
    /** A name with wildcards finds something. */
    WILDCARD_MATCH,
    /** Each name of {@code {a,b}} is found. */
    BRACE_MATCH;

    /** {@return its word in {@code include_check}} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return what a word stands for; empty = nothing}
     *
     * @param word it, which may have a sign
     */
    public static Optional<IncludeDemand> of(String word) {
        String plain = word.startsWith("+") || word.startsWith("-") ? word.substring(1) : word;
        return Arrays.stream(values()).filter(each -> each.word().equals(plain)).findFirst();
    }

    /** {@return all words, as they are shown} */
    public static String words() {
        return Arrays.stream(values()).map(IncludeDemand::word).collect(Collectors.joining(", "));
    }

    /** {@return what an include demands by its letter; a blank is none} */
    static Set<IncludeDemand> ofLetter(char letter) {
        return switch (letter) {
            case 'r' -> EnumSet.of(READ);
            case 'm' -> EnumSet.of(READ, MATCH);
            case 'w' -> EnumSet.of(READ, MATCH, WILDCARD_MATCH);
            case 'b' -> EnumSet.of(READ, BRACE_MATCH);
            case 'a' -> EnumSet.allOf(IncludeDemand.class);
            default -> EnumSet.noneOf(IncludeDemand.class);
        };
    }

    /**
     * {@return what is demanded after {@code include_check}}
     *
     * @param before what is demanded before
     * @param words what follows the keyword: nothing is all; the first may replace what was before, others and those with a sign add or remove
     */
    static Set<IncludeDemand> changed(Set<IncludeDemand> before, List<String> words) {
        if (words.isEmpty()) {
            return EnumSet.allOf(IncludeDemand.class);
        }
        Set<IncludeDemand> after = EnumSet.noneOf(IncludeDemand.class);
        after.addAll(before);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            Optional<IncludeDemand> demand = of(word);
            if (word.startsWith("+")) {
                demand.ifPresent(after::add);
            } else if (word.startsWith("-")) {
                demand.ifPresent(after::remove);
            } else if (i == 0) {
                after.clear();
                demand.ifPresent(each -> after.addAll(EnumSet.of(READ, each)));
            }
        }
        return after;
    }
}
