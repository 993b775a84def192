package io.lvs4j.keepalived.syntax;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads keepalived.conf. What is wrong is told by diagnostics, all of them, and the rest is read nevertheless. Nothing of a file's
 * content is thrown. Thread-safe.
 *
 * <p>Codes of diagnostics: {@code unterminated-quote}, {@code unexpected-open-brace}, {@code unexpected-close-brace},
 * {@code missing-open-brace}, {@code missing-close-brace}, {@code undefined-definition}, {@code definition-not-replaced}, {@code
 * definition-loop}, {@code invalid-sequence}, {@code line-continuation}, {@code include-missing}, {@code include-loop}, {@code
 * unreadable-file}, {@code not-utf-8}, {@code nul-character}, {@code byte-order-mark}, {@code too-large}, {@code too-many-diagnostics}.
 *
 * <pre>{@code
 * ParseResult read = ConfigParser.parse(Path.of("/etc/keepalived/keepalived.conf"), ParseOptions.DEFAULT);
 * read.diagnostics().forEach(System.err::println);
 * }</pre>
 */
public final class ConfigParser {
    private ConfigParser() {}

    /**
     * Reads a file and what it includes.
     *
     * @param file it
     * @param options what it is read with
     * @return its tree, and what is wrong; if the file cannot be read, an empty tree and why
     */
    public static ParseResult parse(Path file, ParseOptions options) {
        return parse(options, preprocessor -> preprocessor.main(file));
    }

    /**
     * Reads a text, and what it includes: names in it are relative to the working directory.
     *
     * @param name what positions name as its file
     * @param text it
     * @param options what it is read with
     * @return its tree, and what is wrong
     */
    public static ParseResult parse(String name, String text, ParseOptions options) {
        return parse(options, preprocessor -> preprocessor.text(name, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static ParseResult parse(ParseOptions options, Consumer<Preprocessor> read) {
        Diagnostics diagnostics = new Diagnostics(options.limits().diagnostics());
        Lexer lexer = new Lexer(options.limits().words(), diagnostics);
        read.accept(new Preprocessor(options, diagnostics, lexer));
        List<Token> tokens = Braces.repair(lexer.tokens(), options.limits().blocks(), diagnostics);
        return new ParseResult(TreeBuilder.build(tokens), diagnostics.all());
    }
}
