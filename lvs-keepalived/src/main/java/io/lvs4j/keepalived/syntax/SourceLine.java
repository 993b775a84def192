package io.lvs4j.keepalived.syntax;

import java.util.Arrays;

/**
 * A line on its way through the steps: text, and the place where each of its characters came from. A line is made of runs; the characters
 * of a run stand side by side in the file, or all of them come of one place, where a definition is used.
 */
final class SourceLine {
    /** The indent of a line that is not one of a file. */
    static final int NO_INDENT = -1;

    private static final int TAB = 8;
    private static final int[] START = {0};
    private static final int[] FIRST = {1};

    private final String file;
    private final int line;
    private final int indent;
    private final String text;
    /** Where the runs begin in the text, ascending, the first at 0. */
    private final int[] starts;
    /** The column of each run's first character; negative = of all its characters. */
    private final int[] columns;

    private SourceLine(String file, int line, int indent, String text, int[] starts, int[] columns) {
        this.file = file;
        this.line = line;
        this.indent = indent;
        this.text = text;
        this.starts = starts;
        this.columns = columns;
    }

    /** {@return a line of a file} */
    static SourceLine of(String file, int line, String text) {
        int indent = 0;
        for (int i = 0; i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t'); i++) {
            indent = text.charAt(i) == '\t' ? (indent / TAB + 1) * TAB : indent + 1;
        }
        return new SourceLine(file, line, indent, text, START, FIRST);
    }

    /** {@return a line that stands for another one's text} */
    static SourceLine of(Position at, String text) {
        return new SourceLine(at.file(), at.line(), NO_INDENT, text, START, new int[] {-at.column()});
    }

    String text() {
        return text;
    }

    /** {@return the width of the blanks that its file's line begins with, or {@link #NO_INDENT}} */
    int indent() {
        return indent;
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    Position at(int index) {
        return new Position(file, line, column(index));
    }

    private int column(int index) {
        int run = run(index);
        return columns[run] < 0 ? -columns[run] : columns[run] + index - starts[run];
    }

    /** {@return the run that a character belongs to} */
    private int run(int index) {
        if (starts.length == 1) {
            return 0;
        }
        int run = Arrays.binarySearch(starts, index);
        return run >= 0 ? run : -run - 2;
    }

    /** {@return a part of it, which has its indent} */
    SourceLine slice(int begin, int end) {
        if (begin == 0 && end == text.length()) {
            return this;
        }
        if (starts.length == 1 && begin < end) {
            int[] column = begin == 0 || columns[0] < 0 ? columns : new int[] {columns[0] + begin};
            return new SourceLine(file, line, indent, text.substring(begin, end), START, column);
        }
        return new Builder(this).take(this, begin, end).build();
    }

    /** {@return the same without blanks at both ends} */
    SourceLine trim() {
        int begin = 0;
        int end = text.length();
        while (begin < end && isBlank(text.charAt(begin))) {
            begin++;
        }
        while (end > begin && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return slice(begin, end);
    }

    /** {@return the same, as a line that has no indent of its own} */
    SourceLine withoutIndent() {
        return new SourceLine(file, line, NO_INDENT, text, starts, columns);
    }

    /** {@return whether it separates words} */
    static boolean isBlank(char each) {
        return each == ' ' || (each >= '\t' && each <= '\r');
    }

    /** Joins parts of lines, and text that stands for a place, to one line. */
    static final class Builder {
        private final SourceLine like;
        private final StringBuilder text = new StringBuilder();
        private int[] starts = new int[4];
        private int[] columns = new int[4];
        private int runs;

        /** Begins a line at the same line of the same file. */
        Builder(SourceLine like) {
            this.like = like;
        }

        int length() {
            return text.length();
        }

        /** {@return the last character; there must be one} */
        char last() {
            return text.charAt(text.length() - 1);
        }

        Builder take(SourceLine from, int begin, int end) {
            int run = from.run(begin);
            for (int at = begin; at < end; run++) {
                int next = run + 1 < from.starts.length ? Math.min(end, from.starts[run + 1]) : end;
                run(from.columns[run] < 0 ? from.columns[run] : from.column(at));
                text.append(from.text, at, next);
                at = next;
            }
            return this;
        }

        Builder put(String replacement, Position at) {
            run(-at.column());
            text.append(replacement);
            return this;
        }

        private void run(int column) {
            if (runs > 0) {
                int last = columns[runs - 1];
                if (last < 0 ? last == column : last + text.length() - starts[runs - 1] == column) {
                    return;
                }
                if (starts[runs - 1] == text.length()) {
                    runs--;
                }
            }
            if (runs == starts.length) {
                starts = Arrays.copyOf(starts, 2 * runs);
                columns = Arrays.copyOf(columns, 2 * runs);
            }
            starts[runs] = text.length();
            columns[runs] = column;
            runs++;
        }

        SourceLine build() {
            if (runs == 0) {
                return new SourceLine(like.file, like.line, like.indent, "", START, FIRST);
            }
            return new SourceLine(
                    like.file,
                    like.line,
                    like.indent,
                    text.toString(),
                    Arrays.copyOf(starts, runs),
                    Arrays.copyOf(columns, runs));
        }
    }
}
