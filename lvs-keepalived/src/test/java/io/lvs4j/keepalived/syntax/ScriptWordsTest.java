package io.lvs4j.keepalived.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptWordsTest {
    static List<Arguments> texts() {
        return List.of(
                Arguments.of("", List.of()),
                Arguments.of(" a  b ", List.of("a", "b")),
                Arguments.of("abcd\" efg h jkl \"mnop", List.of("abcd efg h jkl mnop")),
                Arguments.of("abcd \"efg h jkl\" mnop", List.of("abcd", "efg h jkl", "mnop")),
                Arguments.of("'a\"b' \"c'd\" '' ", List.of("a\"b", "c'd", "")),
                Arguments.of("\\\"a\\ b\\'", List.of("\"a b'")),
                Arguments.of("\"a\\\"b\" 'c\\'d'", List.of("a\"b", "c'd")),
                Arguments.of("\\a\\b\\E\\f\\n\\r\\t\\v\\q", List.of("\u0007\b\u001b\f\n\r\t\u000bq")),
                Arguments.of("\\101\\7\\1018 \\x41\\x041z \\cA\\c", List.of("A\u0007A8", "AAz", "\u0001c")));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void quotesJoinAndBackslashesEscape(String text, List<String> expected) {
        assertThat(ScriptWords.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a", "'a", "a 'b\"", "a\\"})
    void whatDoesNotEndHasNoWords(String text) {
        assertThat(ScriptWords.parse(text)).isEqualTo(Optional.empty());
    }

    @Test
    void theRestOfAStatementIsItsProgram() {
        Statement read = ConfigParser.parse("conf", "notify \"/bin/x 'a  b'\" root", ParseOptions.DEFAULT)
                .tree()
                .statements()
                .get(0);

        assertThat(ScriptWords.parse(read.rest())).contains(List.of("/bin/x 'a  b'", "root"));
        assertThat(ScriptWords.parse("/bin/x 'a  b'")).contains(List.of("/bin/x", "a  b"));
    }
}
