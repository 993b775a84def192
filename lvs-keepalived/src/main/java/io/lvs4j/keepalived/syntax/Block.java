package io.lvs4j.keepalived.syntax;

import java.util.List;

/**
 * What stands between two braces.
 *
 * @param statements the statements, in order
 * @param end the comments after the last of them
 * @param open where the opening brace is
 * @param close where the closing brace is, or the end of the file if there is none
 */
public record Block(List<Statement> statements, List<Comment> end, Position open, Position close) {
    /** Copies the lists. */
    public Block {
        statements = List.copyOf(statements);
        end = List.copyOf(end);
    }
}
