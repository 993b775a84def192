package io.lvs4j.ipvsadm;

import io.lvs4j.keepalived.syntax.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes a line apart into options, as ipvsadm and its option library popt do: words are separated by blanks, nothing is quoted;
 * letters may be written together ({@code -At}), a value follows its letter, with or without {@code =}, or is the next word.
 */
final class Words {
    private static final String PROGRAM = "ipvsadm";

    /** An option as it was given. */
    record Given(Option option, Optional<String> value, Position at) {}

    private record Word(String text, Position at) {}

    private final Findings findings;
    private final List<Word> words = new ArrayList<>();
    private final List<Given> given = new ArrayList<>();
    private boolean comment;
    private int next;

    private Words(String file, int line, String text, Findings findings) {
        this.findings = findings;
        split(file, line, text);
    }

    /** Returns a line's options in their order. What is no option is told. */
    static Words of(String file, int line, String text, Findings findings) {
        Words words = new Words(file, line, text, findings);
        words.read();
        return words;
    }

    List<Given> given() {
        return given;
    }

    /** Whether there is anything but blanks and a comment. */
    boolean any() {
        return !words.isEmpty();
    }

    /** Whether there is a comment, which ipvsadm itself does not take. */
    boolean hasComment() {
        return comment;
    }

    private void split(String file, int line, String text) {
        int i = 0;
        while (i < text.length()) {
            if (isBlank(text.charAt(i))) {
                i++;
                continue;
            }
            if (text.charAt(i) == '#') {
                comment = true;
                return;
            }
            int start = i;
            while (i < text.length() && !isBlank(text.charAt(i))) {
                i++;
            }
            words.add(new Word(text.substring(start, i), new Position(file, line, start + 1)));
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    private void read() {
        if (!words.isEmpty()) {
            String first = words.get(0).text;
            next = first.equals(PROGRAM) || first.endsWith("/" + PROGRAM) ? 1 : 0;
        }
        while (next < words.size() && !otherCommand()) {
            Word word = words.get(next);
            next++;
            if (word.text.equals("--")) {
                words.subList(next, words.size()).forEach(this::unexpected);
                return;
            } else if (word.text.startsWith("--")) {
                longOption(word);
            } else if (word.text.startsWith("-") && word.text.length() > 1) {
                letters(word);
            } else {
                unexpected(word);
            }
        }
    }

    /** What follows a command that is not taken here is that command's. */
    private boolean otherCommand() {
        return !given.isEmpty() && given.get(0).option.kind() == Option.Kind.OTHER_COMMAND;
    }

    private void unexpected(Word word) {
        String message = Findings.quoted(word.text) + " (expected: an option, or the end of the line)";
        if (word.text.equals("\\")) {
            findings.error("unexpected-word", word.at, message, "a rule is one line, it cannot be continued");
        } else {
            findings.error("unexpected-word", word.at, message);
        }
    }

    private void longOption(Word word) {
        int equals = word.text.indexOf('=');
        String name = word.text.substring(2, equals < 0 ? word.text.length() : equals);
        Optional<Option> option = Option.of(name);
        if (option.isEmpty()) {
            findings.error(
                    "unknown-option",
                    word.at,
                    Findings.quoted("--" + name) + " (expected: an option of ipvsadm, in full)");
            return;
        }
        take(option.get(), word, equals < 0 ? Optional.empty() : Optional.of(word.text.substring(equals + 1)));
    }

    private void letters(Word word) {
        for (int i = 1; i < word.text.length(); i++) {
            Optional<Option> option = Option.of(word.text.charAt(i));
            if (option.isEmpty()) {
                findings.error(
                        "unknown-option",
                        word.at,
                        Findings.quoted("-" + word.text.charAt(i)) + " (expected: an option of ipvsadm)");
                return;
            }
            String rest = word.text.substring(i + 1);
            boolean value = rest.startsWith("=");
            boolean takesValue = option.get().kind() == Option.Kind.WITH_VALUE
                    || option.get().kind() == Option.Kind.PERHAPS_WITH_VALUE;
            if (takesValue && !rest.isEmpty()) {
                take(option.get(), word, Optional.of(value ? rest.substring(1) : rest));
                return;
            }
            take(option.get(), word, value ? Optional.of(rest) : Optional.empty());
            if (value) {
                return;
            }
        }
    }

    private void take(Option option, Word word, Optional<String> attached) {
        switch (option.kind()) {
            case WITH_VALUE -> {
                if (attached.isPresent()) {
                    given.add(new Given(option, attached, word.at));
                } else if (next < words.size()) {
                    given.add(new Given(option, Optional.of(words.get(next++).text), word.at));
                } else {
                    findings.error("missing-value", word.at, option + ": nothing (expected: a value)");
                }
            }
            case PERHAPS_WITH_VALUE -> {
                Optional<String> value = attached;
                if (value.isEmpty()
                        && next < words.size()
                        && !words.get(next).text.startsWith("-")) {
                    value = Optional.of(words.get(next++).text);
                }
                given.add(new Given(option, value, word.at));
            }
            case COMMAND, OTHER_COMMAND, SWITCH -> {
                if (attached.isPresent()) {
                    findings.error(
                            "unexpected-value",
                            word.at,
                            option + ": " + Findings.quoted(attached.get()) + " (expected: no value)");
                } else {
                    given.add(new Given(option, Optional.empty(), word.at));
                }
            }
        }
    }
}
