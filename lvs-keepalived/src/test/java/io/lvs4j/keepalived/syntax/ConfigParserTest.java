package io.lvs4j.keepalived.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigParserTest {
    private static ParseResult parse(String... lines) {
        return ConfigParser.parse("conf", String.join("\n", lines) + "\n", ParseOptions.DEFAULT);
    }

    /** {@return a tree on one line: words, comments after a dot, blocks in brackets} */
    private static String shape(List<Statement> statements) {
        return statements.stream()
                .map(each -> each.words().stream().map(Word::toString).collect(Collectors.joining(" "))
                        + each.block()
                                .map(block -> "[" + shape(block.statements()) + "]")
                                .orElse(""))
                .collect(Collectors.joining("; "));
    }

    private static String shape(ParseResult result) {
        return shape(result.tree().statements());
    }

    @Test
    void bracesMayBeOnAnyLine() {
        ParseResult read = parse("a 1 {", "b", "}", "c", "{ d", "e } f {g}", "h{i 2}");

        assertThat(read.diagnostics()).isEmpty();
        assertThat(shape(read)).isEqualTo("a 1[b]; c[d; e]; f[g]; h[i 2]");
    }

    @Test
    void commentsBeginAnywhereButNotInQuotes() {
        ParseResult read = parse("# one", "a b#two", "c \"#d !e\" ! three", "f\\#g h\\!", "{ # four", "}", "# five");

        assertThat(read.diagnostics()).isEmpty();
        assertThat(shape(read)).isEqualTo("a b; c \"#d !e\"; f#g h![]");
        Statement first = read.tree().statements().get(0);
        assertThat(first.before()).extracting(Comment::text).containsExactly("# one");
        assertThat(first.after()).map(Comment::text).contains("#two");
        assertThat(read.tree().statements().get(2).block().orElseThrow().end())
                .extracting(Comment::text)
                .containsExactly("# four");
        assertThat(read.tree().end()).extracting(Comment::text).containsExactly("# five");
    }

    @Test
    void everyWordHasItsPlaceAndTheRestIsKeptAsWritten() {
        Statement read = parse("", "\tnotify \"/bin/x 'a b'\"  root\\#")
                .tree()
                .statements()
                .get(0);

        assertThat(read.words())
                .extracting(word -> word.at().toString())
                .containsExactly("conf:2:2", "conf:2:9", "conf:2:25");
        assertThat(read.rest()).isEqualTo("\"/bin/x 'a b'\"  root#");
    }

    @Test
    void anUnterminatedQuoteEndsWithItsLine() {
        ParseResult read = parse("a \"b c", "d");

        assertThat(shape(read)).isEqualTo("a \"b c\"; d");
        assertThat(read.diagnostics()).singleElement().satisfies(found -> {
            assertThat(found.code()).isEqualTo("unterminated-quote");
            assertThat(found.at()).hasToString("conf:1:3");
        });
    }

    @Test
    void anUnknownBlockIsOneLikeAnyOther() {
        assertThat(shape(parse("virtual_server 10.0.0.1 80 {", "foo {", "x", "}", "real_server a 1 {", "}", "}")))
                .isEqualTo("virtual_server 10.0.0.1 80[foo[x]; real_server a 1[]]");
    }
}
