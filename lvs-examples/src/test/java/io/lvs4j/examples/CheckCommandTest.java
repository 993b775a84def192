package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lvs check}: what it says of the example configurations, and of files that cannot be read. */
class CheckCommandTest {
    private static final String PAIR = "keepalived/web-pair.conf";
    private static final String AUTH = "keepalived/auth-proxy.conf";

    @TempDir
    private Path directory;

    private record Said(int code, List<String> out, List<String> err) {}

    private static Said check(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("check"));
        all.addAll(Arrays.asList(arguments));
        int code = Lvs.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        return new Said(
                code, out.toString().lines().toList(), err.toString().lines().toList());
    }

    @Test
    void theWebPairHasNothingWrong() {
        Said said = check(PAIR);

        assertThat(said.code()).isZero();
        assertThat(said.out()).isEmpty();
    }

    @Test
    void theAuthProxyMisspellsPersistenceTimeout() {
        Said said = check(AUTH);

        assertThat(said.code()).isEqualTo(5);
        assertThat(said.out())
                .containsExactly(AUTH + ":10:5: error: persistent_timeout is no keyword in virtual_server;"
                        + " did you mean persistence_timeout?");
    }

    @Test
    void leniencyMakesAWarningOfIt() {
        Said said = check("--lenient", AUTH);

        assertThat(said.code()).isZero();
        assertThat(said.out()).hasSize(1).first().asString().startsWith(AUTH + ":10:5: warning: persistent_timeout");
    }

    @Test
    void aDiagnosticIsOneJsonObjectOnOneLine() throws IOException {
        Said said = check("--json", AUTH);

        assertThat(said.out()).hasSize(1);
        assertThat(fields(said.out().get(0)))
                .containsEntry("file", AUTH)
                .containsEntry("line", "10")
                .containsEntry("column", "5")
                .containsEntry("severity", "error")
                .containsEntry("code", "unknown-keyword")
                .containsEntry("hint", "did you mean persistence_timeout?")
                .containsKey("message")
                .hasSize(7);
    }

    private static Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, json.getText());
            }
        }
        return fields;
    }

    @Test
    void whatCannotBeReadIsNamedOnOneLine() {
        for (String file : List.of("/nowhere/k.conf", "/etc", "/proc/self/mem")) {
            Said said = check(file);
            assertThat(said.code()).as(file).isEqualTo(5);
            assertThat(said.out()).hasSize(1).first().asString().contains(file).contains("cannot read");
            assertThat(said.err()).isEmpty();
        }
    }

    @Test
    void aRouterThatKeepalivedTakesAndRunRefusesIsAWarning() throws IOException {
        Path file = Files.writeString(directory.resolve("k.conf"), RunCommandTest.IPV6_OF_VERSION_2);
        String line = file + ":1:1: warning: vrrp_instance six is left out: version: 2 (expected: 3 for IPv6";

        Said strict = check(file.toString());
        assertThat(strict.code()).isZero();
        assertThat(strict.out())
                .singleElement()
                .asString()
                .startsWith(line)
                .endsWith("; run refuses the file; run --lenient runs the others");
        Said lenient = check("--lenient", file.toString());
        assertThat(lenient.code()).isZero();
        assertThat(lenient.out()).singleElement().asString().startsWith(line).doesNotContain("; run");
    }

    @Test
    void linesForAnotherHostAreLeftOut() throws IOException {
        Path file = directory.resolve("k.conf");
        Files.writeString(file, "@first nonsense\n@second global_defs {\n@second }\n");

        assertThat(check("--config-id", "second", file.toString()).code()).isZero();
        assertThat(check("--config-id", "first", file.toString()).code()).isEqualTo(5);
    }
}
