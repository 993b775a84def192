package io.lvs4j.keepalived.syntax;

/**
 * A comment.
 *
 * @param text it, with the sign that begins it, {@code #} or {@code !}
 * @param at where it begins
 */
public record Comment(String text, Position at) {}
