package io.lvs4j.keepalived.syntax;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code $name} stands for, and putting it in its place. A definition is text: it is replaced where it is used, with what its own
 * definitions mean there, in quotes too. {@code $name} is one if a blank, a comma, {@code )} or the end of the line follows; {@code
 * ${name}} always is. A definition of several lines must be the last on its line: its first line takes its place, and the others follow.
 *
 * <p>Differs from keepalived 2.2.7: there {@code ${_HASH}} begins a comment, {@code ${_RANDOM 5}} followed by text leaves parts of itself
 * behind, a definition that contains itself never ends; and what is not replaced is not told.
 *
 * <p>Time and space are bounded: by the characters that may come of definitions in all, and by how many stand in each other.
 */
final class Definitions {
    private static final int DEEPEST = 100;
    /** What a line of a definition costs beside its characters. */
    static final long KEPT = 32;
    /** What a use costs beside its characters. */
    private static final long USE = 16;

    private static final int RANDOM_MAX = 32767;

    private final Map<String, List<String>> values = new HashMap<>();
    private final Set<String> standard = new HashSet<>();
    private final Diagnostics diagnostics;
    private final Random random;
    private long left;

    /** A text that is being read: the line, or a definition's. */
    private static final class Source {
        private final String name;
        private final String text;
        /** Where the line uses it; null = it is the line. */
        private final @Nullable Position at;

        private int next;

        Source(String name, String text, @Nullable Position at) {
            this.name = name;
            this.text = text;
            this.at = at;
        }
    }

    /** Reads on, from the source on top to the line, without taking anything away. */
    private static final class Peek {
        private final List<Source> sources;
        private int source;
        private int next;

        Peek(List<Source> sources) {
            this.sources = sources;
            source = sources.size() - 1;
            next = sources.get(source).next;
        }

        /** {@return the next character, or -1 at the end} */
        int next() {
            while (next == sources.get(source).text.length()) {
                if (source == 0) {
                    return -1;
                }
                source--;
                next = sources.get(source).next;
            }
            return sources.get(source).text.charAt(next++);
        }
    }

    /**
     * A line after replacing.
     *
     * @param first what it is now
     * @param rest the lines that follow it
     * @param replaced whether anything was
     */
    record Replaced(SourceLine first, List<SourceLine> rest, boolean replaced) {}

    Definitions(ParseOptions options, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        left = options.limits().expansion();
        random = options.randomSeed().isPresent()
                ? new Random(options.randomSeed().getAsLong())
                : new Random();
        standard("_INSTANCE", options.configId().orElse(""));
        standard("_HASH", "#");
        standard("_BANG", "!");
        standard("_RANDOM", "");
        options.definitions().forEach(this::define);
    }

    /** Defines what keepalived does. */
    void standard(String name, String value) {
        if (!values.containsKey(name) || standard.contains(name)) {
            values.put(name, List.of(value));
            standard.add(name);
        }
    }

    void define(String name, String value) {
        define(name, List.of(value));
    }

    void define(String name, List<String> lines) {
        values.put(name, lines);
        standard.remove(name);
    }

    /** {@return whether more may be expanded; otherwise that has been told} */
    boolean spend(long characters, Position at) {
        if (left < 0) {
            return false;
        }
        left -= characters;
        if (left < 0) {
            diagnostics.error(
                    "too-large", at, "too much text comes of definitions, lists and sequences: the rest is not read");
        }
        return left >= 0;
    }

    boolean isSpent() {
        return left < 0;
    }

    /** {@return the index of the sign of equality in {@code $name=}, or -1 if a line does not begin so} */
    static int assignment(String text) {
        return assignment(text, 0);
    }

    static int assignment(String text, int at) {
        if (!text.startsWith("$", at) || text.length() < at + 2 || isDigit(text.charAt(at + 1))) {
            return -1;
        }
        int i = at + 1;
        while (i < text.length() && isName(text.charAt(i))) {
            i++;
        }
        return i > at + 1 && i < text.length() && text.charAt(i) == '=' ? i : -1;
    }

    Replaced replace(SourceLine line) {
        if (line.text().indexOf('$') < 0) {
            return new Replaced(line, List.of(), false);
        }
        SourceLine.Builder out = new SourceLine.Builder(line);
        List<Source> sources = new ArrayList<>(List.of(new Source("", line.text(), null)));
        List<SourceLine> rest = new ArrayList<>(0);
        boolean replaced = false;
        boolean looped = false;
        boolean quoted = false;
        while (true) {
            Source top = sources.get(sources.size() - 1);
            int dollar = top.text.indexOf('$', top.next);
            int end = dollar < 0 ? top.text.length() : dollar;
            quoted ^= copy(line, out, sources, end);
            if (dollar < 0) {
                if (sources.size() == 1) {
                    return new Replaced(out.build(), rest, replaced && !looped);
                }
                sources.remove(sources.size() - 1);
                continue;
            }
            Position at = top.at == null ? line.at(dollar) : top.at;
            @Nullable Reference found = reference(sources);
            @Nullable List<String> value = found == null ? null : values.get(found.name);
            boolean usable = found != null && value != null && usable(found, value);
            if (found != null && usable && isWithin(found.name, sources, at)) {
                looped = true;
                usable = false;
            }
            if (found == null || value == null || !usable) {
                boolean begins = out.length() == 0 || SourceLine.isBlank(out.last());
                tell(found, value, at, quoted, begins);
                if (!spend(USE, at)) {
                    return new Replaced(out.build(), List.of(), false);
                }
                quoted ^= copy(line, out, sources, end + 1);
                continue;
            }
            String text = found.name.equals("_RANDOM") && standard.contains("_RANDOM") ? random(found) : value.get(0);
            if (!spend(text.length() + USE, at)) {
                return new Replaced(out.build(), List.of(), false);
            }
            skip(sources, found.length);
            replaced = true;
            List<SourceLine> lines = new ArrayList<>(value.size() - 1);
            for (String each : value.subList(1, value.size())) {
                if (!spend(each.length() + KEPT, at)) {
                    return new Replaced(out.build(), List.of(), false);
                }
                lines.add(SourceLine.of(at, each));
            }
            rest.addAll(0, lines);
            sources.add(new Source(found.name, text, at));
            if (out.length() == 0 && text.strip().startsWith("~")) {
                // The text of a list or sequence is replaced when its turn has come.
                while (!sources.isEmpty()) {
                    Source each = sources.get(sources.size() - 1);
                    copy(line, out, sources, each.text.length());
                    sources.remove(sources.size() - 1);
                }
                return new Replaced(out.build(), rest, true);
            }
        }
    }

    /**
     * A use of a definition.
     *
     * @param name its name
     * @param braces whether in braces
     * @param length the characters it takes, from the dollar
     * @param numbers what follows the name in the braces
     * @param last whether nothing follows it
     * @param separated whether what follows it makes it one
     */
    private record Reference(
            String name, boolean braces, int length, String numbers, boolean last, boolean separated) {}

    private static @Nullable Reference reference(List<Source> sources) {
        Peek peek = new Peek(sources);
        peek.next();
        int each = peek.next();
        boolean braces = each == '{';
        if (braces) {
            each = peek.next();
        }
        StringBuilder name = new StringBuilder();
        while (each >= 0 && isName((char) each)) {
            name.append((char) each);
            each = peek.next();
        }
        if (name.length() == 0 || isDigit(name.charAt(0))) {
            return null;
        }
        if (!braces) {
            boolean separated = each < 0 || each == ' ' || each == '\t' || each == ',' || each == ')';
            return new Reference(name.toString(), false, 1 + name.length(), "", each < 0, separated);
        }
        StringBuilder numbers = new StringBuilder();
        while (each == ' ' || (each >= '0' && each <= '9')) {
            numbers.append((char) each);
            each = peek.next();
        }
        if (each != '}') {
            return null;
        }
        int length = 3 + name.length() + numbers.length();
        return new Reference(name.toString(), true, length, numbers.toString(), peek.next() < 0, true);
    }

    private static boolean usable(Reference found, List<String> value) {
        return found.separated
                && (value.size() == 1 || found.last)
                && (found.numbers.isEmpty() || found.name.equals("_RANDOM"));
    }

    private boolean isWithin(String name, List<Source> sources, Position at) {
        boolean within = false;
        for (Source each : sources) {
            within |= each.name.equals(name);
        }
        if (within || sources.size() > DEEPEST) {
            String why = within ? " contains itself" : " contains definitions that contain others too deep";
            diagnostics.error("definition-loop", at, "$" + Diagnostics.shown(name) + why);
            return true;
        }
        return false;
    }

    private void tell(
            @Nullable Reference found, @Nullable List<String> value, Position at, boolean quoted, boolean begins) {
        String code = value == null ? "undefined-definition" : "definition-not-replaced";
        if (found == null || diagnostics.isTold(code, at)) {
            return;
        }
        String name = Diagnostics.shown(found.name);
        if (value == null) {
            if (!quoted && found.braces) {
                diagnostics.error(code, at, "${" + name + "} is not defined", "define $" + name + "=... before");
            } else if (!quoted && begins && found.separated) {
                diagnostics.warning(code, at, "$" + name + " is not defined", "define $" + name + "=... before");
            }
        } else if (!found.separated) {
            diagnostics.warning(
                    code, at, "$" + name + " is not replaced, as it is followed by text", "write ${" + name + "}");
        } else if (value.size() > 1 && !found.last) {
            diagnostics.error(
                    code,
                    at,
                    "$" + name + " has several lines and is not the last on its line",
                    "let nothing follow it");
        }
    }

    private String random(Reference found) {
        String[] numbers = found.numbers.strip().split(" +");
        long min = number(numbers[0], 0);
        long max = numbers.length > 1 ? number(numbers[1], RANDOM_MAX) : RANDOM_MAX;
        return Long.toString(min >= max ? min : min + (long) (random.nextDouble() * (max - min + 1)));
    }

    private static long number(String text, long otherwise) {
        return text.isEmpty() || text.length() > 9 ? otherwise : Long.parseLong(text);
    }

    /** Copies from the source on top up to an index, and {@return whether an odd number of quotes is in that}. */
    private static boolean copy(SourceLine line, SourceLine.Builder out, List<Source> sources, int end) {
        Source top = sources.get(sources.size() - 1);
        if (top.at == null) {
            out.take(line, top.next, end);
        } else if (end > top.next) {
            out.put(top.text.substring(top.next, end), top.at);
        }
        boolean odd = false;
        for (int i = top.next; i < end; i++) {
            odd ^= top.text.charAt(i) == '"';
        }
        top.next = end;
        return odd;
    }

    private static void skip(List<Source> sources, int length) {
        int left = length;
        for (int i = sources.size() - 1; left > 0; i--) {
            Source each = sources.get(i);
            int taken = Math.min(left, each.text.length() - each.next);
            each.next += taken;
            left -= taken;
        }
    }

    /** {@return the index after the brace that ends {@code {name}}, or -1 if that is not what stands there} */
    static int endOfName(String text, int brace) {
        int i = brace + 1;
        while (i < text.length() && isName(text.charAt(i))) {
            i++;
        }
        return i > brace + 1 && i < text.length() && text.charAt(i) == '}' && !isDigit(text.charAt(brace + 1))
                ? i + 1
                : -1;
    }

    private static boolean isName(char each) {
        return each == '_' || isDigit(each) || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
    }

    private static boolean isDigit(char each) {
        return each >= '0' && each <= '9';
    }
}
