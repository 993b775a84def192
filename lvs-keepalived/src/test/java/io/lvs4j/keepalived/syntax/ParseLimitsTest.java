package io.lvs4j.keepalived.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is read, it ends, and takes no more than it may. */
class ParseLimitsTest {
    private static final int MOST = ParseLimits.DEFAULT.bytes();

    @Property
    void noTextIsThrown(@ForAll("texts") String text) {
        ParseResult read = ConfigParser.parse("conf", text, ParseOptions.DEFAULT);

        assertThat(read.diagnostics()).allSatisfy(each -> {
            assertThat(each.at().line()).isBetween(1, 2 + (int) text.lines().count());
            assertThat(each.at().column()).isPositive();
        });
    }

    @Property
    void noBytesAreThrown(@ForAll byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);

        assertThat(ConfigParser.parse("conf", text, ParseOptions.DEFAULT).tree())
                .isNotNull();
    }

    @Provide
    static Arbitrary<String> texts() {
        return Soup.texts();
    }

    private static String filled(String head, String piece) {
        return head + piece.repeat((MOST - head.length()) / piece.length());
    }

    private static Named<Supplier<String>> large(String name, Supplier<String> text) {
        return Named.of(name, text);
    }

    private static int words(List<Statement> statements) {
        int words = 0;
        for (Statement each : statements) {
            words += each.words().size()
                    + each.block().map(block -> words(block.statements())).orElse(0);
        }
        return words;
    }

    static Stream<Named<Supplier<String>>> large() {
        StringBuilder doubling = new StringBuilder("$A0=\n");
        for (int i = 1; i < 40; i++) {
            doubling.append("$A")
                    .append(i)
                    .append("=${A")
                    .append(i - 1)
                    .append("}${A")
                    .append(i - 1)
                    .append("}\n");
        }
        StringBuilder random = new StringBuilder();
        Random numbers = new Random(3);
        String signs = "ab {}\"\n\n$=\\#!@~";
        while (random.length() < MOST) {
            random.append(signs.charAt(numbers.nextInt(signs.length())));
        }
        return Stream.of(
                large("a long line", () -> filled("a ", "x")),
                large("short words", () -> filled("", "a ")),
                large("short lines", () -> filled("", "a\n")),
                large("long words", () -> filled("", "abcdefghijklmnopqrstuvwxyzabcdefghijklmno\n")),
                large("blanks", () -> filled("", " ")),
                large("comments", () -> filled("", "#\n")),
                large("opening braces", () -> filled("", "{")),
                large("blocks", () -> filled("", "a{")),
                large("closing braces", () -> filled("", "}\n")),
                large("quotes", () -> filled("", "\"\n")),
                large("dollars", () -> filled("$A=1\n", "$A ")),
                large("undefined", () -> filled("", "${B}")),
                large("a loop", () -> filled("$A=$A x\n", "$A\n")),
                large("doubling", () -> doubling + "a ${A39}\n"),
                large("sequences", () -> filled("", "~SEQ(i,1,2) ") + "a"),
                large("a long sequence", () -> "~SEQ(i,1,0x7fffffffffffffff) $i"),
                large("lists", () -> filled("", "~LST({a,b},{1,2}) ")),
                large(
                        "includes",
                        () -> filled(
                                "", "include /nowhere/{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}\n")),
                large(
                        "a usual file",
                        () -> filled(
                                "",
                                "virtual_server 10.0.0.1 80 {\n    real_server 10.0.0.2 80 {\n        weight 1\n    }\n}\n")),
                large("definitions", () -> filled("", "$A=1\n")),
                large("lines of a definition", () -> filled("$A= \\\n", "a b \\\n") + "\n\n$A\n$A\n"),
                large("conditions", () -> filled("", "@^x ".repeat(16_000) + "\n")),
                large("pieces", () -> filled("", "a { @^x ".repeat(8000) + "\n")),
                large("empty braces", () -> filled("", "include /nowhere/" + "{}".repeat(2000) + "\n")),
                large(
                        "braces in braces",
                        () -> filled("", "include /nowhere/" + "{".repeat(2000) + "}".repeat(2000) + "\n")),
                large("directories", () -> filled("", "include /*/*/*/*/*/*/nowhere\n")),
                large("stars", () -> filled("", "include /*/" + "*a".repeat(1500) + "\n")),
                large("sets", () -> filled("", "include /*/" + ("*[" + "a-b".repeat(300) + "]").repeat(4) + "\n")),
                large("the same directory", () -> filled("", "include " + "/.".repeat(2000) + "/nowhere\n")),
                large("unclosed", () -> filled("", "virtual_server 10.0.0.1 80 {\nreal_server 1 2 {\n")),
                large("random", random::toString));
    }

    @ParameterizedTest
    @MethodSource("large")
    void whatIsLargeIsReadInBounds(Supplier<String> text) {
        ParseResult read = ConfigParser.parse("conf", text.get(), ParseOptions.DEFAULT);

        assertThat(read.diagnostics()).hasSizeLessThanOrEqualTo(ParseLimits.DEFAULT.diagnostics() + 1);
        assertThat(words(read.tree().statements())).isLessThanOrEqualTo(ParseLimits.DEFAULT.words());
    }
}
