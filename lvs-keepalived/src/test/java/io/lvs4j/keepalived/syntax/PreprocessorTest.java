package io.lvs4j.keepalived.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PreprocessorTest {
    private static final ParseOptions OPTIONS =
            ParseOptions.DEFAULT.withConfigId("main").withRandomSeed(1).withDefinitions(Map.of("GIVEN", "given"));

    private static ParseResult parse(String text) {
        return ConfigParser.parse("conf", text, OPTIONS);
    }

    private static String words(List<Statement> statements) {
        return statements.stream()
                .map(each -> each.words().stream().map(Word::text).collect(Collectors.joining(" "))
                        + each.block()
                                .map(block -> "[" + words(block.statements()) + "]")
                                .orElse(""))
                .collect(Collectors.joining("; "));
    }

    static List<Arguments> texts() {
        return List.of(
                Arguments.of("@main a 1\n@other b\n@^main c\n@^other d\n@main\n", "a 1; d"),
                Arguments.of("x { @main a\n@other b\n}", "x[a]"),
                Arguments.of("$A=1 2\na $A b\nc x${A}y $A,$A)\n", "a 1 2 b; c x1 2y 1 2,1 2)"),
                Arguments.of("$A=10.$B\n$B=1\na ${A}\n$B=2\na ${A}", "a 10.1; a 10.2"),
                Arguments.of("$A=\na$A b${A}c\n", "a bc"),
                Arguments.of("a \"$A x\"\n$A=b\na \"$A x\"", "a $A x; a b x"),
                Arguments.of("$I=@main\n$I a\n$J=@other\n$J b", "a"),
                Arguments.of("$M= \\\n a ${N} { \\\n # c \\\n  b \\\n }\n$N=1\n$M\n$N=2\n${M}", "a 1[b]; a 2[b]"),
                Arguments.of("$M=a \\\nb\n\nx $M", "x a; b"),
                Arguments.of("$R=r $N\n$V=v { \\\n$N=1 \\\n$R \\\n$N=2 \\\n$R \\\n}\n$V", "v[r 1; r 2]"),
                Arguments.of("$M=a \\\n\nb\n$M", "b; a"),
                Arguments.of("~SEQ(i, 1) a$i\n~SEQ(j,0,2) b${j}", "a1; b0; b1; b2"),
                Arguments.of("~SEQx(j, 8, 0x10) c${j}", "c8; c9; ca; cb; cc; cd; ce; cf; c10"),
                Arguments.of("~SEQ(k, 010, -4, 0) d${k}\n~SEQ(l,-2) e${l}", "d8; d4; d0; e-1; e-2"),
                Arguments.of("$N=2\n~SEQ(i,1,$N) ~SEQ(j,1,2) q${i}${j} { x }", "q11[x]; q12[x]; q21[x]; q22[x]"),
                Arguments.of("~LST({a, b}, {1,2}, {3}) b${a}-${b}\n~LST(c,7,8) z${c}", "b1-2; b3-; z7; z8"),
                Arguments.of("a ${_INSTANCE} ${_HASH}b ${_BANG} $GIVEN ${_RANDOM 5 5}x", "a main #b ! given 5x"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void linesBecomeWhatTheyStandFor(String text, String expected) {
        ParseResult read = parse(text);

        assertThat(words(read.tree().statements())).isEqualTo(expected);
        assertThat(read.diagnostics()).noneMatch(each -> each.severity() == Diagnostic.Severity.ERROR);
    }

    static List<Arguments> faults() {
        return List.of(
                Arguments.of("$A=$A\na $A\n", "conf:2:3 definition-loop"),
                Arguments.of("$A=$B x\n$B=$A x\na ${A}", "conf:3:3 definition-loop"),
                Arguments.of("$M=a \\\n$M\n$M", "conf:3:1 definition-loop"),
                Arguments.of("a ${B}", "conf:1:3 undefined-definition"),
                Arguments.of("a $B", "conf:1:3 undefined-definition"),
                Arguments.of("$B=1\na 1.$B.2", "conf:2:5 definition-not-replaced"),
                Arguments.of("$M=a \\\nb\n$M c", "conf:3:1 definition-not-replaced"),
                Arguments.of("~SEQ(i,1,0,2) a", "conf:1:1 invalid-sequence"),
                Arguments.of("~SEQ(i,1", "conf:1:1 invalid-sequence"),
                Arguments.of("~SEQx(i,-1) a", "conf:1:1 invalid-sequence"),
                Arguments.of("~LST(a,{1,2}) a", "conf:1:1 invalid-sequence"),
                Arguments.of("a \\\nb", "conf:1:1 line-continuation"),
                Arguments.of("a\u0000b", "conf:1:2 nul-character"),
                Arguments.of("\uFEFFa", "conf:1:1 byte-order-mark"),
                Arguments.of("~SEQ(i,1,9999999999) a", "conf:1:22 too-large"),
                Arguments.of("include /nowhere/at/all", "conf:1:1 include-missing"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultIsToldWhereItIs(String text, String expected) {
        assertThat(parse(text).diagnostics())
                .extracting(each -> each.at() + " " + each.code())
                .containsOnly(expected);
    }

    @Test
    void aWordOfADefinitionIsWhereItIsUsed() {
        Statement read = parse("$A=x \"y z\"\n\n  a $A b").tree().statements().get(0);

        assertThat(read.words())
                .extracting(word -> word.at().toString())
                .containsExactly("conf:3:3", "conf:3:5", "conf:3:5", "conf:3:8");
        assertThat(read.rest()).isEqualTo("x \"y z\" b");
    }
}
