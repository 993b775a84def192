package io.lvs4j.keepalived.syntax;

import java.util.Optional;

/**
 * Takes a line of a file apart: code, comment, and whether it goes on. {@code #} and {@code !} begin a comment anywhere, even within a word,
 * but not between double quotes; {@code \#} and {@code \!} are the characters themselves, and after any other {@code \} a character means
 * nothing here. A {@code \} at the very end, of a comment too, says that a definition goes on.
 *
 * <p>Differs from keepalived 2.2.7: there the escapes are taken away twice, as each process reads a copy of what the first one has read,
 * so that {@code \#} begins a comment after all; here they do what they are for.
 *
 * @param code the text without its comment and escapes, and without blanks at both ends
 * @param comment the comment
 * @param continued whether it goes on
 */
record Comments(SourceLine code, Optional<Comment> comment, boolean continued) {
    static Comments split(SourceLine line, Diagnostics diagnostics) {
        String text = line.text();
        if (text.indexOf('#') < 0 && text.indexOf('!') < 0 && text.indexOf('"') < 0 && text.indexOf('\\') < 0) {
            return new Comments(line.trim(), Optional.empty(), false); // most lines
        }
        SourceLine.Builder unescaped = null; // most lines need none
        int taken = 0;
        int quote = -1;
        int comment = -1;
        int end = text.length();
        boolean continued = false;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '\\') {
                if (i + 1 == text.length()) {
                    continued = true;
                    end = i;
                } else if (comment < 0 && quote < 0 && (text.charAt(i + 1) == '#' || text.charAt(i + 1) == '!')) {
                    unescaped = unescaped == null ? new SourceLine.Builder(line) : unescaped;
                    unescaped.take(line, taken, i);
                    taken = i + 1;
                }
                i++;
            } else if (comment < 0 && each == '"') {
                quote = quote < 0 ? i : -1;
            } else if (comment < 0 && quote < 0 && (each == '#' || each == '!')) {
                comment = i;
            }
        }
        if (quote >= 0) {
            unterminated(line, quote, diagnostics);
        }
        SourceLine code = unescaped == null
                ? line.slice(0, comment < 0 ? end : comment)
                : unescaped.take(line, taken, comment < 0 ? end : comment).build();
        Optional<Comment> found = comment < 0
                ? Optional.empty()
                : Optional.of(new Comment(text.substring(comment, endOf(text, end)), line.at(comment)));
        return new Comments(code.trim(), found, continued);
    }

    /** {@return where a comment ends without blanks and \, which would make its line go on if they were not followed by blanks} */
    private static int endOf(String text, int end) {
        int last = end;
        while (text.charAt(last - 1) == '\\' || Character.isWhitespace(text.charAt(last - 1))) {
            last--;
        }
        return last;
    }

    static void unterminated(SourceLine line, int quote, Diagnostics diagnostics) {
        if (diagnostics.isTold("unterminated-quote", line.at(quote))) {
            return;
        }
        diagnostics.error(
                "unterminated-quote",
                line.at(quote),
                "no \" ends the text that begins here: " + Diagnostics.shown(line.text(), quote),
                "it is read up to the end of its line");
    }
}
