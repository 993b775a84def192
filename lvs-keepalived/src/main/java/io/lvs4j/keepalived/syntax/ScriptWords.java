package io.lvs4j.keepalived.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Words of a program or a pattern, which keepalived reads by rules of their own: {@code '} and {@code "} quote, pieces without blanks
 * between them are one word, and a {@code \} takes a character's meaning away, in quotes too, or stands for one: {@code \a \b \E \f \n
 * \r \t \v}, {@code \}octal, {@code \x}hexadecimal, and {@code \c} and a letter. Of hexadecimal digits any number is taken, of which the
 * last two count.
 *
 * <p>Differs from keepalived 2.2.7 in that a word may have more than 1,023 bytes.
 */
public final class ScriptWords {
    private static final String LETTERS = "abEfnrtv";
    private static final String MEANINGS = "\u0007\b\u001b\f\n\r\t\u000b";

    private final String text;
    private int next;

    private ScriptWords(String text) {
        this.text = text;
    }

    /**
     * {@return the words; empty if a quote does not end, or nothing follows a {@code \}}
     *
     * @param text them, such as {@link Statement#rest}
     */
    public static Optional<List<String>> parse(String text) {
        return new ScriptWords(text).read();
    }

    private Optional<List<String>> read() {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        char quote = 0;
        while (next < text.length()) {
            char each = text.charAt(next++);
            if (each == '\\') {
                if (next == text.length()) {
                    return Optional.empty();
                }
                begun = true;
                word.append(escaped());
            } else if (quote != 0) {
                if (each == quote) {
                    quote = 0;
                } else {
                    word.append(each);
                }
            } else if (each == '"' || each == '\'') {
                begun = true;
                quote = each;
            } else if (!SourceLine.isBlank(each)) {
                begun = true;
                word.append(each);
            } else if (begun) {
                words.add(word.toString());
                word.setLength(0);
                begun = false;
            }
        }
        if (quote != 0) {
            return Optional.empty();
        }
        if (begun) {
            words.add(word.toString());
        }
        return Optional.of(words);
    }

    private char escaped() {
        char each = text.charAt(next++);
        if (each == 'x' && digit(16) >= 0) {
            int value = 0;
            for (int digit = digit(16); digit >= 0; digit = digit(16)) {
                value = (value << 4 | digit) & 0xff;
                next++;
            }
            return (char) value;
        }
        if (each == 'c' && next < text.length()) {
            return (char) (text.charAt(next++) & 0x1f);
        }
        if (each >= '0' && each <= '7') {
            int value = each - '0';
            for (int i = 0; i < 2 && digit(8) >= 0; i++) {
                value = value << 3 | digit(8);
                next++;
            }
            return (char) (value & 0xff);
        }
        int letter = LETTERS.indexOf(each);
        return letter < 0 ? each : MEANINGS.charAt(letter);
    }

    private int digit(int radix) {
        return next < text.length() && text.charAt(next) < 128 ? Character.digit(text.charAt(next), radix) : -1;
    }
}
