package io.lvs4j.keepalived.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a tree of tokens whose braces are in order: each opens after a statement, and each is closed. Not thread-safe. */
final class TreeBuilder {
    private final Deque<Level> levels = new ArrayDeque<>();

    /** The statements and comments of one block, as far as they have been read. */
    private static final class Level {
        private final List<Statement> statements = new ArrayList<>();
        private final @Nullable Position open;
        private List<Comment> comments = new ArrayList<>(0);
        private List<Comment> before = List.of();
        private @Nullable Token last;

        Level(@Nullable Position open) {
            this.open = open;
        }

        void statement(Token token) {
            finish(Optional.empty());
            last = token;
            before = comments;
            comments = new ArrayList<>(0);
        }

        void finish(Optional<Block> block) {
            if (last != null) {
                statements.add(
                        new Statement(last.words(), last.rest(), block, before, Optional.ofNullable(last.comment())));
                last = null;
            }
        }
    }

    static ConfigTree build(List<Token> tokens) {
        TreeBuilder builder = new TreeBuilder();
        builder.levels.push(new Level(null));
        tokens.forEach(builder::add);
        Level top = builder.levels.pop();
        top.finish(Optional.empty());
        return new ConfigTree(top.statements, top.comments);
    }

    private void add(Token token) {
        Level level = levels.getFirst();
        switch (token.kind()) {
            case STATEMENT -> level.statement(token);
            case COMMENT -> {
                if (token.comment() != null) {
                    level.comments.add(token.comment());
                }
            }
            case OPEN -> {
                Level inner = new Level(token.at());
                // What stands between a statement and its brace is written after the brace.
                inner.comments = level.comments;
                level.comments = new ArrayList<>(0);
                levels.push(inner);
            }
            case CLOSE -> {
                levels.pop();
                level.finish(Optional.empty());
                Position open = level.open == null ? token.at() : level.open;
                levels.getFirst().finish(Optional.of(new Block(level.statements, level.comments, open, token.at())));
            }
        }
    }
}
