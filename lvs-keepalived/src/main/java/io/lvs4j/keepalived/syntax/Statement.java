package io.lvs4j.keepalived.syntax;

import java.util.List;
import java.util.Optional;

/**
 * A keyword with its arguments, and perhaps a block.
 *
 * @param words the keyword and what follows it, at least one
 * @param rest the text after the keyword as it stands in the file, after definitions have been replaced and without comments: programs
 *     and patterns are quoted by rules of their own
 * @param block what stands in its braces; empty = it has none
 * @param before the comments on lines of their own before it
 * @param after the comment at the end of its line
 */
public record Statement(
        List<Word> words, String rest, Optional<Block> block, List<Comment> before, Optional<Comment> after) {
    /** Copies the lists. */
    public Statement {
        words = List.copyOf(words);
        before = List.copyOf(before);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("words: none (expected: at least the keyword)");
        }
    }

    /** {@return its first word} */
    public Word keyword() {
        return words.get(0);
    }

    /** {@return the words after the keyword} */
    public List<Word> arguments() {
        return words.subList(1, words.size());
    }
}
