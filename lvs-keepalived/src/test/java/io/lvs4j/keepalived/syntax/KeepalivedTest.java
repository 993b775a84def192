package io.lvs4j.keepalived.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares what lines become with the installed keepalived: it names each keyword that it does not know, and its line. None is known, so
 * that all are named, as it takes what stands in an unknown block for outside of it.
 */
class KeepalivedTest {
    private static final Pattern UNKNOWN = Pattern.compile("\\(Line (\\d+)\\) Unknown keyword '(.*)'");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@main qa 1\n@other qb\n@^main qc\n@^other qd\n@main\n",
                "qx { @main qa\n@other qb\n}\n",
                "qa{ qb }\nqc\n{\nqd } qe { qf }\n",
                "qa#b\nqb \"#\" !c\nqc \"d {\" }\n",
                "qa\"b c\" d\n\"qb c\" d\n",
                "$A=1 2\nq${A}\nqb$A c\nqc${A}x\n",
                "$A=10.$B\n$B=1\nq${A}\n$B=2\nq${A}\n",
                "$A=\nqa$A b${A}c\n",
                "$M= \\\n qa${N} { \\\n qb \\\n }\n$N=1\n$M\n$N=2\n${M}\n",
                "$M=qa \\\nqb\n\nqx $M\n",
                "$R=qr$N\n$V=qv { \\\n$N=1 \\\n$R \\\n$N=2 \\\n$R \\\n}\n$V\n",
                "$M=qa \\\n\nqb\n$M\n",
                "~SEQ(i, 1) qa$i\n~SEQ(j,0,2) qb${j}\n",
                "~SEQx(j, 8, 0x10) qc${j}\n~SEQ(k, 010, -4, 0) qd${k}\n",
                "~SEQ(i,1,2) ~SEQ(j,1,2) q${i}${j} { qx }\n",
                "~LST({a, b}, {1,2}, {3}) qb${a}-${b}\n~LST(c,7,8) qz${c}\n",
                "q${_INSTANCE} ${_RANDOM 5 5}\nq${_RANDOM 7 7}\n"
            })
    void linesBecomeWhatKeepalivedReads(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("conf"), text);
        ParseResult read = ConfigParser.parse(file, ParseOptions.DEFAULT.withConfigId("main"));
        SortedSet<String> ours = new TreeSet<>();
        keywords(read.tree().statements(), ours);

        assertThat(ours).isEqualTo(keepalived(file));
    }

    private static void keywords(List<Statement> statements, SortedSet<String> keywords) {
        for (Statement each : statements) {
            keywords.add(each.keyword().at().line() + " " + each.keyword().text());
            each.block().ifPresent(block -> keywords(block.statements(), keywords));
        }
    }

    private SortedSet<String> keepalived(Path file) throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder("keepalived", "-t", "-i", "main", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.waitFor();
        SortedSet<String> keywords = new TreeSet<>();
        Matcher unknown = UNKNOWN.matcher(Files.readString(log, StandardCharsets.UTF_8));
        while (unknown.find()) {
            if (!unknown.group(2).equals("}")) {
                keywords.add(unknown.group(1) + " " + unknown.group(2));
            }
        }
        return keywords;
    }
}
