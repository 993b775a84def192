package io.lvs4j.keepalived.syntax;

import java.util.List;

/**
 * What a configuration was read as. There is a tree whatever is wrong: of as much as could be understood.
 *
 * @param tree its statements
 * @param diagnostics all that is wrong with its syntax, in the order in which it was found
 */
public record ParseResult(ConfigTree tree, List<Diagnostic> diagnostics) {
    /** Copies the list. */
    public ParseResult {
        diagnostics = List.copyOf(diagnostics);
    }

    /** {@return whether there is an error among the diagnostics} */
    public boolean hasErrors() {
        return diagnostics.stream().anyMatch(each -> each.severity() == Diagnostic.Severity.ERROR);
    }
}
