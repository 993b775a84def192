package io.lvs4j.keepalived.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts braces in order, so that each opens after a statement, and each is closed. If they are in order, nothing is changed whatever the
 * text looks like. Otherwise one is missing or too many, and where that is, is guessed: by keywords that have a block or stand in one
 * ({@link BlockKeywords}), and by how far lines are indented. A brace that is missing is told in the last line before its place. Blocks
 * that stand in each other too deep are told, and their braces left out.
 *
 * <p>Differs from keepalived 2.2.7, which ignores the opening brace of an unknown keyword and lets the closing one end the block around it,
 * goes on in the block that was not closed, and counts the braces at the end.
 */
final class Braces {
    /** So far is looked for the brace that closes what was not opened. */
    private static final int AHEAD = 200;

    private final List<Token> tokens;
    private final int deepest;
    private final Diagnostics diagnostics;
    private final List<Token> repaired;
    private final List<Open> open = new ArrayList<>();
    private boolean indented;
    /** The blocks that are open beyond the deepest. */
    private int tooDeep;

    /** The opening braces that are left without a closing one, as far as is known. */
    private int surplus;

    /** The last token that was kept and is not a comment; there is none before the first. */
    private Optional<Token> before = Optional.empty();

    /** A block that is open. */
    private static final class Open {
        private final Token statement;
        /** Whether its braces are left out. */
        private final boolean ghost;
        /** Of the first line in it; {@link SourceLine#NO_INDENT} until there is one. */
        private int indent = SourceLine.NO_INDENT;

        Open(Token statement, boolean ghost) {
            this.statement = statement;
            this.ghost = ghost;
        }
    }

    private Braces(List<Token> tokens, int deepest, Diagnostics diagnostics) {
        this.tokens = tokens;
        this.deepest = deepest;
        this.diagnostics = diagnostics;
        repaired = new ArrayList<>(tokens.size() + 16);
    }

    static List<Token> repair(List<Token> tokens, int deepest, Diagnostics diagnostics) {
        return inOrder(tokens, deepest) ? tokens : new Braces(tokens, deepest, diagnostics).repair();
    }

    private static boolean inOrder(List<Token> tokens, int deepest) {
        List<String> open = new ArrayList<>();
        Token before = null;
        for (Token token : tokens) {
            if (token.kind() == Token.Kind.COMMENT) {
                continue;
            }
            String within = open.isEmpty() ? BlockKeywords.TOP : open.get(open.size() - 1);
            String keyword = before == null || before.kind() != Token.Kind.STATEMENT ? null : before.keyword();
            if (token.kind() == Token.Kind.OPEN) {
                if (before == null || keyword == null || open.size() == deepest) {
                    return false;
                }
                boolean nested = !open.isEmpty() && before.indent() == 0;
                if (nested
                        && BlockKeywords.hasBlock(BlockKeywords.TOP, keyword)
                        && BlockKeywords.isKnown(within)
                        && !BlockKeywords.hasBlock(within, keyword)) {
                    return false;
                }
                open.add(keyword);
            } else {
                if (keyword != null && BlockKeywords.hasBlock(within, keyword)) {
                    return false;
                }
                if (token.kind() == Token.Kind.CLOSE) {
                    if (open.isEmpty()) {
                        return false;
                    }
                    open.remove(open.size() - 1);
                }
            }
            before = token;
        }
        String within = BlockKeywords.TOP;
        return open.isEmpty()
                && (before == null
                        || before.kind() != Token.Kind.STATEMENT
                        || !BlockKeywords.hasBlock(within, before.keyword()));
    }

    private List<Token> repair() {
        int deeper = 0;
        int opening = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.kind() == Token.Kind.OPEN) {
                surplus++;
                opening++;
                Optional<Token> next = next(i);
                if (next.isPresent()
                        && i > 0
                        && next.get().indent() > Math.max(0, tokens.get(i - 1).indent())) {
                    deeper++;
                }
            } else if (token.kind() == Token.Kind.CLOSE) {
                surplus--;
            }
        }
        indented = 2 * deeper > opening;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            switch (token.kind()) {
                case STATEMENT -> statement(token, i);
                case OPEN -> open(token, i);
                case CLOSE -> close(token, i);
                case COMMENT -> repaired.add(token);
            }
        }
        while (!open.isEmpty()) {
            closeMissing();
        }
        return repaired;
    }

    private void add(Token token) {
        repaired.add(token);
        before = Optional.of(token);
    }

    private Optional<Token> next(int index) {
        for (int i = index + 1; i < tokens.size(); i++) {
            if (tokens.get(i).kind() != Token.Kind.COMMENT) {
                return Optional.of(tokens.get(i));
            }
        }
        return Optional.empty();
    }

    private static boolean is(Optional<Token> token, Token.Kind kind) {
        return token.isPresent() && token.get().kind() == kind;
    }

    private Open top() {
        return open.get(open.size() - 1);
    }

    /** {@return the keyword of the block that a statement stands in if so many blocks are closed before} */
    private String within(int closed) {
        for (int i = open.size() - 1 - closed; i >= 0; i--) {
            if (!open.get(i).ghost) {
                return open.get(i).statement.keyword();
            }
        }
        return BlockKeywords.TOP;
    }

    private void statement(Token token, int index) {
        Optional<Token> next = next(index);
        for (int missing = missingBefore(token, next); missing > 0; missing--) {
            closeMissing();
        }
        if (!open.isEmpty() && top().indent < 0) {
            top().indent = token.indent();
        }
        add(token);
        if (is(next, Token.Kind.OPEN)) {
            return;
        }
        boolean block = BlockKeywords.hasBlock(within(0), token.keyword());
        if (is(next, Token.Kind.CLOSE) && block && isForOpen(next.get(), token)) {
            // It is written where { belongs: see close.
            return;
        }
        if (open.size() < deepest && (block || isOpenedByIndent(token, index, next))) {
            surplus++;
            diagnostics.error(
                    "missing-open-brace",
                    token.at(),
                    "no { opens the block of " + Diagnostics.shown(token.keyword()),
                    "write { after it");
            push(token.at(), new Open(token, false));
        }
    }

    /** {@return whether a closing brace stands where a statement's block should be opened} */
    private static boolean isForOpen(Token close, Token statement) {
        return close.indent() < 0 || close.indent() == statement.indent();
    }

    private void push(Position at, Open block) {
        if (!block.ghost) {
            add(Token.open(at, SourceLine.NO_INDENT));
        }
        open.add(block);
    }

    /** {@return how many blocks should have been closed before a statement} */
    private int missingBefore(Token token, Optional<Token> next) {
        if (open.isEmpty()) {
            return 0;
        }
        if (is(next, Token.Kind.OPEN)
                && BlockKeywords.isBlock(within(0))
                && BlockKeywords.isBlock(token.keyword())
                && !BlockKeywords.hasBlock(within(0), token.keyword())) {
            for (int closed = 1; closed <= open.size(); closed++) {
                if (BlockKeywords.hasBlock(within(closed), token.keyword())) {
                    return closed;
                }
            }
        }
        int closed = 0;
        if (indented && token.indent() >= 0) {
            while (closed < open.size()) {
                Open each = open.get(open.size() - 1 - closed);
                int indent = each.statement.indent();
                if (each.ghost || indent < 0 || each.indent <= indent || token.indent() > indent) {
                    break;
                }
                closed++;
            }
            if (closed > 0 && next.isPresent()) {
                // One line alone stands too far left if what follows it is in the block again.
                int indent = top().statement.indent();
                boolean goesOn = next.get().indent() > indent;
                boolean ends =
                        next.get().kind() == Token.Kind.CLOSE && next.get().indent() == indent;
                if ((goesOn || ends) && !is(next, Token.Kind.OPEN)) {
                    return 0;
                }
            }
        }
        return closed;
    }

    /** {@return whether lines that are further in follow a statement without a block, and a brace as far in as it} */
    private boolean isOpenedByIndent(Token token, int index, Optional<Token> next) {
        if (!indented
                || surplus >= 0
                || token.indent() < 0
                || next.isEmpty()
                || next.get().indent() <= token.indent()) {
            return false;
        }
        for (int i = index + 1; i < tokens.size() && i < index + AHEAD; i++) {
            Token each = tokens.get(i);
            if (each.indent() >= 0 && each.indent() <= token.indent()) {
                return each.kind() == Token.Kind.CLOSE && each.indent() == token.indent();
            }
        }
        return false;
    }

    private void closeMissing() {
        Open block = open.remove(open.size() - 1);
        if (block.ghost) {
            return;
        }
        surplus--;
        Token statement = block.statement;
        Token last = before.orElse(statement);
        if (!diagnostics.isFull()) {
            diagnostics.error(
                    "missing-close-brace",
                    last.at(),
                    "no } closes the block of " + Diagnostics.shown(statement.keyword()) + " that begins at "
                            + statement.at(),
                    "write } after this line");
        }
        add(Token.close(last.at(), SourceLine.NO_INDENT));
    }

    private void open(Token token, int index) {
        if (!is(before, Token.Kind.STATEMENT)) {
            unexpected(token, is(before, Token.Kind.OPEN) ? "{ follows another one" : "{ follows no keyword");
            return;
        }
        Token statement = before.orElseThrow();
        if (!indented
                && surplus > 0
                && BlockKeywords.isBlock(within(0))
                && !BlockKeywords.hasBlock(within(0), statement.keyword())) {
            unexpected(token, Diagnostics.shown(statement.keyword()) + " has no block");
            return;
        }
        if (indented && surplus > 0 && !BlockKeywords.hasBlock(within(0), statement.keyword())) {
            Optional<Token> next = next(index);
            boolean closes = !open.isEmpty()
                    && token.indent() >= 0
                    && token.indent() == top().statement.indent()
                    && statement.indent() > token.indent();
            if (closes) {
                diagnostics.error(
                        "unexpected-open-brace", token.at(), "{ where the block is closed", "write } instead of it");
                surplus -= 2;
                open.remove(open.size() - 1);
                add(Token.close(token.at(), token.indent()));
                return;
            }
            boolean empty = next.isEmpty() || next.get().kind() == Token.Kind.CLOSE;
            boolean further = next.isPresent() && next.get().indent() > statement.indent();
            if (statement.indent() >= 0
                    && !further
                    && (next.isEmpty() || next.get().indent() >= 0)
                    && !(empty && next.isPresent() && next.get().indent() == statement.indent())) {
                unexpected(token, "{ opens a block that has nothing in it");
                return;
            }
        }
        if (tooDeep > 0 || open.size() >= deepest) {
            diagnostics.error(
                    "too-large", token.at(), "blocks stand in each other deeper than " + deepest + ": { is left out");
            tooDeep++;
            return;
        }
        open.add(new Open(statement, false));
        add(token);
    }

    /** Leaves a brace out, and that which closes it if there is one. */
    private void unexpected(Token token, String why) {
        diagnostics.error("unexpected-open-brace", token.at(), why, "leave it out");
        if (surplus > 0) {
            surplus--;
        } else if (open.size() >= deepest) {
            tooDeep++;
        } else {
            open.add(new Open(token, true));
        }
    }

    private void close(Token token, int index) {
        Optional<Token> next = next(index);
        if (tooDeep > 0) {
            tooDeep--;
            return;
        }
        boolean afterStatement = is(before, Token.Kind.STATEMENT);
        if (afterStatement
                && isForOpen(token, before.orElseThrow())
                && BlockKeywords.hasBlock(within(0), before.orElseThrow().keyword())) {
            diagnostics.error("missing-open-brace", token.at(), "} where the block is opened", "write { instead of it");
            surplus += 2;
            push(token.at(), new Open(before.orElseThrow(), false));
            return;
        }
        if (open.isEmpty()) {
            surplus++;
            diagnostics.error("unexpected-close-brace", token.at(), "} closes no block", "leave it out");
            return;
        }
        int missing = missingBefore(token.indent(), next);
        if (missing < 0) {
            surplus++;
            diagnostics.error(
                    "unexpected-close-brace",
                    token.at(),
                    "} closes the block of "
                            + Diagnostics.shown(
                                    top().statement.kind() == Token.Kind.STATEMENT
                                            ? top().statement.keyword()
                                            : "{")
                            + ", which goes on after it",
                    "leave it out");
            return;
        }
        for (; missing > 0; missing--) {
            closeMissing();
        }
        Open block = open.remove(open.size() - 1);
        if (!block.ghost) {
            add(token);
        }
    }

    /** {@return whether a statement has a block that stands in the innermost one, and not in the one around it} */
    private boolean belongsInside(Token token) {
        return token.kind() == Token.Kind.STATEMENT
                && BlockKeywords.hasBlock(within(0), token.keyword())
                && !BlockKeywords.hasBlock(within(1), token.keyword());
    }

    /** {@return how many blocks should have been closed before a closing brace; negative = it closes none} */
    private int missingBefore(int indent, Optional<Token> next) {
        if (surplus < 0 && next.isPresent() && belongsInside(next.get())) {
            return -1;
        }
        int own = top().statement.indent();
        if (!indented || indent < 0 || own < 0 || indent == own || top().ghost) {
            return 0;
        }
        boolean goesOn = next.isPresent() && next.get().indent() > indent;
        for (int closed = 1; closed < open.size(); closed++) {
            Open outer = open.get(open.size() - 1 - closed);
            if (outer.statement.indent() == indent && !goesOn) {
                return closed;
            }
        }
        if (surplus >= 0 || next.isEmpty()) {
            return 0;
        }
        boolean within = next.get().indent() > own && !is(next, Token.Kind.CLOSE);
        boolean again = is(next, Token.Kind.CLOSE) && next.get().indent() == own;
        return within || again ? -1 : 0;
    }
}
