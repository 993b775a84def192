package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Scheduling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The README's code is code that compiles: a block after {@code <!-- code: File.java name -->} is what stands between
 * {@code // tag::name} and {@code // end::name} in that example.
 */
class ReadmeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/lvs4j/examples");
    private static final Pattern BLOCK =
            Pattern.compile("<!-- code: (\\S+) (\\S+) -->\\s*```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyCodeBlockIsPartOfAnExample() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        List<String> files = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(readme); block.find(); ) {
            files.add(block.group(1));
            assertThat(block.group(3))
                    .as("%s %s", block.group(1), block.group(2))
                    .isEqualTo(tagged(block.group(1), block.group(2)));
        }
        assertThat(files)
                .containsExactlyInAnyOrder(
                        "QuickStart.java",
                        "AuthProxyFrontEnd.java",
                        "CustomGateway.java",
                        "UserGateway.java",
                        "FloatingService.java");
        assertThat(readme.split("```java", -1)).as("every block is tagged").hasSize(files.size() + 1);
    }

    @Test
    void everySchedulerHasItsLine() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        for (String name : Scheduling.names()) {
            assertThat(readme).contains("| `" + name + "` |");
        }
    }

    private static String tagged(String file, String name) throws IOException {
        String source = Files.readString(SOURCES.resolve(file));
        Matcher tag = Pattern.compile("// tag::" + name + "\\n(.*?) *// end::" + name, Pattern.DOTALL)
                .matcher(source);
        assertThat(tag.find()).as("%s has a tag %s", file, name).isTrue();
        return tag.group(1).stripTrailing().stripIndent() + "\n";
    }
}
