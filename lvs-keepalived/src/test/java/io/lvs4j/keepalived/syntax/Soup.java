package io.lvs4j.keepalived.syntax;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Texts of pieces that mean something to a reader of keepalived.conf, in any order. */
final class Soup {
    private static final List<String> PIECES = List.of(
            "virtual_server ",
            "real_server ",
            "global_defs",
            "TCP_CHECK",
            "foo ",
            "a",
            "1",
            " ",
            "\n",
            "\n",
            "\n",
            "\t",
            "{",
            "}",
            "{\n",
            "}\n",
            "\"",
            "\"b c\"",
            "'",
            "# d\n",
            "! e",
            "\\#",
            "\\!",
            "$A",
            "${A}",
            "$A=",
            "$B=$A ",
            "${_RANDOM 1 2}",
            "${_HASH}",
            "@id ",
            "@^id ",
            "@x",
            "~SEQ(A, 1, 3) ",
            "~SEQx(B,8,-4,0) ",
            "~LST({A,B},{1,2},{3}) ",
            "~LST(A",
            " \\\n",
            "\r\n",
            "é",
            "，",
            ",",
            ")",
            "include /nowhere/{a,b}\n",
            "\u0000",
            "\f");

    private Soup() {}

    static Arbitrary<String> texts() {
        return Arbitraries.of(PIECES).list().ofMaxSize(60).map(pieces -> String.join("", pieces));
    }
}
