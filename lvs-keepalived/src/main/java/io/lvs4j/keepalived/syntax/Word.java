package io.lvs4j.keepalived.syntax;

/**
 * A word of a statement, after definitions have been replaced.
 *
 * @param text the word, without its quotes
 * @param at where it begins
 * @param quoted whether it stood in double quotes
 */
public record Word(String text, Position at, boolean quoted) {
    @Override
    public String toString() {
        return quoted ? '"' + text + '"' : text;
    }
}
