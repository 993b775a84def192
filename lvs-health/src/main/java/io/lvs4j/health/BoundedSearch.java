package io.lvs4j.health;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Looks for a pattern in what a server sent, without letting it hold up the event loop: java.util.regex goes back and tries again,
 * for some patterns and texts without an end in sight, but it cannot do so without reading the text, and that is counted. (An engine
 * that takes linear time would be a dependency, and the one for Java is no named module.)
 */
final class BoundedSearch {
    /** How many characters may be read, some again and again; takes some 10 ms, and ten times that the first time. The text itself has at most 65,536. */
    static final int MAX_STEPS = 500_000;

    private BoundedSearch() {}

    /** What was found, in words for an operator. */
    enum Outcome {
        FOUND,
        NOT_FOUND,
        NOT_FOUND_AFTER_500000_STEPS,
        TOO_DEEPLY_NESTED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    static Outcome of(Pattern pattern, String text) {
        try {
            return pattern.matcher(new Counted(text)).find() ? Outcome.FOUND : Outcome.NOT_FOUND;
        } catch (ExhaustedException e) {
            return Outcome.NOT_FOUND_AFTER_500000_STEPS;
        } catch (StackOverflowError e) {
            return Outcome.TOO_DEEPLY_NESTED; // a repeated choice calls itself for every repetition
        }
    }

    private static final class Counted implements CharSequence {
        private final String text;
        private int left = MAX_STEPS;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new ExhaustedException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ExhaustedException() {
            super("search not finished", null, false, false);
        }
    }
}
