package io.lvs4j.keepalived.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ConfigWriterTest {
    private static final Position NOWHERE = new Position("", 1, 1);
    /** What cannot be written without quotes, and comes of definitions whose quote does not end. */
    private static final Pattern ESCAPED = Pattern.compile("\\\\[#!]");

    private static ConfigTree parse(String text) {
        return ConfigParser.parse("conf", text, ParseOptions.DEFAULT).tree();
    }

    /** {@return a tree without positions, without quotes of keywords and words that need them, and with each rest's words alone} */
    private static String bare(ConfigTree tree) {
        return bare(tree.statements()) + tree.end().stream().map(Comment::text).toList();
    }

    private static String bare(List<Statement> statements) {
        return statements.stream()
                .map(each -> each.before().stream().map(Comment::text).toList()
                        + each.keyword().text()
                        + each.arguments().stream()
                                .map(word -> ESCAPED.matcher(word.text()).find() ? word.text() : word.toString())
                                .toList()
                        + each.after().map(Comment::text).orElse("")
                        + each.block()
                                .map(block -> "{" + bare(block.statements())
                                        + block.end().stream()
                                                .map(Comment::text)
                                                .toList() + "}")
                                .orElse(""))
                .collect(Collectors.joining(";"));
    }

    @Test
    void commentsBlocksAndQuotesAreWrittenWhereTheyWere() {
        String text = """
                # first
                virtual_server 10.0.0.1 80 { # web
                    ! about it
                    notify_up "/bin/x 'a  b'" ""
                    real_server 10.0.0.2 80 {
                        # nothing
                    }
                    auth_pass a\\#b\\!
                    # end
                }
                # last
                """;

        assertThat(ConfigWriter.write(parse(text))).isEqualTo(text);
    }

    @Test
    void aBackslashBeforeASignThatBeginsACommentIsWrittenInQuotes() {
        String text = "$A=x \"\n\"${A}\\# y\n";

        assertThat(ConfigWriter.write(parse(text))).isEqualTo("\"x \" \"\\#\" y\n");
    }

    @Test
    void aCommentThatEndsLikeALineThatGoesOnIsWrittenWithoutThat() {
        assertThat(ConfigWriter.write(parse("a # b\\ \nc ! d\\\\\n# \\ \\\\\t\n")))
                .isEqualTo("a # b\nc ! d\n#\n");
    }

    @Test
    void wordsOfRecordsAreQuotedWhereNeeded() {
        Statement statement = new Statement(
                List.of(word("a"), word("b c"), word(""), word("d{e}"), word("${x}"), word("#f")),
                "other",
                Optional.empty(),
                List.of(),
                Optional.empty());

        assertThat(ConfigWriter.write(new ConfigTree(List.of(statement), List.of())))
                .isEqualTo("a \"b c\" \"\" \"d{e}\" ${x} \\#f\n");
    }

    @Test
    void aWordThatCannotBeWrittenIsRefused() {
        Statement statement =
                new Statement(List.of(word("a"), word("b \" c")), "", Optional.empty(), List.of(), Optional.empty());

        assertThatThrownBy(() -> ConfigWriter.write(new ConfigTree(List.of(statement), List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("word: b \" c (expected: no \" and no line feed)");
    }

    private static Word word(String text) {
        return new Word(text, NOWHERE, false);
    }

    @Property
    void whatIsWrittenIsReadAsTheSameTree(@ForAll("texts") String text) {
        ConfigTree tree = parse(text);
        String written = ConfigWriter.write(tree);
        ConfigTree again = parse(written);

        assertThat(bare(again)).isEqualTo(bare(tree));
        assertThat(ConfigWriter.write(again)).isEqualTo(written);
    }

    @Provide
    static Arbitrary<String> texts() {
        return Soup.texts();
    }
}
