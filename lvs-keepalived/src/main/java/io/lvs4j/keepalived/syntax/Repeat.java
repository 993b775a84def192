package io.lvs4j.keepalived.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line that is read several times, with other values of definitions: {@code ~SEQ(name, start, step, end) text}, where start or start and
 * step may be left out, {@code ~SEQx} in hexadecimal, {@code ~LST(name, value, ...) text}, and {@code ~LST({name, ...}, {value, ...},
 * ...) text}. Values of a list that are missing are empty; the numbers of a sequence may be definitions, begin with {@code 0x} or, in
 * octal, {@code 0}.
 *
 * @param names the definitions
 * @param rounds the values of each round; empty = a sequence
 * @param start a sequence's first value
 * @param step what is added to it
 * @param end its last value, or beyond it
 * @param hex whether it is written in hexadecimal
 * @param text where the text begins
 */
record Repeat(List<String> names, List<List<String>> rounds, long start, long step, long end, boolean hex, int text) {
    /** {@return what a line that begins with {@code ~SEQ} or {@code ~LST} says; empty = nothing that makes sense} */
    static Optional<Repeat> parse(String line, Definitions definitions, Position at) {
        return new Reader(line, definitions, at).read();
    }

    private static final class Reader {
        private final String line;
        private final Definitions definitions;
        private final Position at;
        private int i = 4;

        Reader(String line, Definitions definitions, Position at) {
            this.line = line;
            this.definitions = definitions;
            this.at = at;
        }

        Optional<Repeat> read() {
            boolean list = line.startsWith("~LST");
            boolean hex = !list && take('x');
            if (!take('(')) {
                return Optional.empty();
            }
            return list ? list() : sequence(hex);
        }

        private Optional<Repeat> sequence(boolean hex) {
            String name = word(",)");
            int end = line.indexOf(')', i);
            if (name.isEmpty() || !take(',') || end < 0) {
                return Optional.empty();
            }
            SourceLine values = SourceLine.of(at, line.substring(i, end));
            List<Long> numbers = new ArrayList<>();
            for (String each : definitions.replace(values).first().text().split(",", 4)) {
                Optional<Long> number = number(each.strip());
                if (number.isEmpty()) {
                    return Optional.empty();
                }
                numbers.add(number.get());
            }
            if (numbers.size() > 3) {
                return Optional.empty();
            }
            long last = numbers.get(numbers.size() - 1);
            long first = numbers.size() > 1 ? numbers.get(0) : last < 0 ? -1 : 1;
            long step = numbers.size() > 2 ? numbers.get(1) : first <= last ? 1 : -1;
            boolean never = step == 0 || (first < last && step < 0) || (first > last && step > 0);
            if (never || (hex && (first < 0 || last < 0))) {
                return Optional.empty();
            }
            return Optional.of(new Repeat(List.of(name), List.of(), first, step, last, hex, end + 1));
        }

        private Optional<Repeat> list() {
            Optional<List<String>> names = group();
            if (names.isEmpty() || names.get().contains("") || !take(',')) {
                return Optional.empty();
            }
            List<List<String>> rounds = new ArrayList<>();
            do {
                Optional<List<String>> values = group();
                if (values.isEmpty() || values.get().size() > names.get().size()) {
                    return Optional.empty();
                }
                List<String> round = new ArrayList<>(values.get());
                while (round.size() < names.get().size()) {
                    round.add("");
                }
                rounds.add(round);
            } while (take(','));
            if (!take(')')) {
                return Optional.empty();
            }
            return Optional.of(new Repeat(names.get(), rounds, 0, 0, 0, false, i));
        }

        /** {@return a word, or words in braces} */
        private Optional<List<String>> group() {
            if (!take('{')) {
                return Optional.of(List.of(word(",)}")));
            }
            List<String> words = new ArrayList<>();
            do {
                words.add(word(",)}"));
            } while (take(','));
            return take('}') ? Optional.of(words) : Optional.empty();
        }

        private String word(String ends) {
            blanks();
            int start = i;
            while (i < line.length() && !SourceLine.isBlank(line.charAt(i)) && ends.indexOf(line.charAt(i)) < 0) {
                i++;
            }
            return line.substring(start, i);
        }

        private boolean take(char expected) {
            blanks();
            if (i < line.length() && line.charAt(i) == expected) {
                i++;
                return true;
            }
            return false;
        }

        private void blanks() {
            while (i < line.length() && SourceLine.isBlank(line.charAt(i))) {
                i++;
            }
        }

        private static Optional<Long> number(String text) {
            try {
                return Optional.of(Long.decode(text));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }
}
