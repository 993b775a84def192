package io.lvs4j.keepalived.syntax;

import java.util.List;

/**
 * A configuration as it is written: every statement, comment and place.
 *
 * @param statements the statements outside of every block, in order
 * @param end the comments after the last of them
 */
public record ConfigTree(List<Statement> statements, List<Comment> end) {
    /** Copies the lists. */
    public ConfigTree {
        statements = List.copyOf(statements);
        end = List.copyOf(end);
    }
}
