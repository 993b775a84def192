package io.lvs4j.keepalived.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvs4j.keepalived.CpuTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever files include each other by whatever names: diagnostics, and soon. The input is the files, with a byte of 1 between them. */
class IncludesFuzzTest {
    private static final List<String> NAMES = List.of("main", "a", "b", "c.conf", "sub/a", "sub/sub/b");
    private static final ParseOptions OPTIONS = ParseOptions.DEFAULT.withConfigId("main");

    @TempDir
    static Path directory;

    static Stream<byte[]> files() {
        return Stream.of(
                        "a\ninclude a\nb\n\u0001include b\nc\u0001include main\n",
                        "include {a,b}*\n\u0001include sub/*\n\u0001d {\n\u0001e\n\u0001include sub/b\n}\u0001f",
                        "$A=sub\n$B=include sub/$A \\\ninclude [a-c]*\n$B\n\u0001$A=.\n\u0001@main include ?.conf\u0001~SEQ(i,1,9) include a",
                        "global_defs {\nincludea nothing\nincludeb {a,c}\nincludew *x\nincludem sub\n}\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("files")
    @DictionaryFile(resourcePath = "/io/lvs4j/keepalived/fuzz.dict")
    @FuzzTest(maxDuration = "10m")
    void filesThatIncludeEachOtherAreReadOrTold(byte[] bytes) throws IOException {
        // Only these files are looked for: no name begins at the root, or climbs up to it.
        String[] texts = new String(bytes, StandardCharsets.ISO_8859_1)
                .replaceAll("(?<!sub)/", "")
                .replace("..", "")
                .split("\u0001", NAMES.size());
        for (int i = 0; i < NAMES.size(); i++) {
            Path file = directory.resolve(NAMES.get(i));
            Files.createDirectories(file.getParent());
            Files.writeString(file, i < texts.length ? texts[i] : "", StandardCharsets.ISO_8859_1);
        }
        CpuTime.bounded(() -> read(directory.resolve("main")));
    }

    private static void read(Path main) {
        ParseResult read = ConfigParser.parse(main, OPTIONS);
        assertThat(read.diagnostics()).hasSizeLessThanOrEqualTo(OPTIONS.limits().diagnostics() + 1);
        assertThat(ConfigWriter.write(read.tree())).isNotNull();
    }
}
