package io.lvs4j.keepalived.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncludesTest {
    @TempDir
    private Path given;

    private Path directory;

    @BeforeEach
    void resolve() throws IOException {
        directory = given.toRealPath();
    }

    private void file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private ParseResult read() {
        return ConfigParser.parse(directory.resolve("main"), ParseOptions.DEFAULT);
    }

    private List<String> keywords() {
        return read().tree().statements().stream()
                .map(each -> each.keyword().text())
                .toList();
    }

    @Test
    void namesAreRelativeToTheFileTheyStandIn() throws IOException {
        file("main", "a\ninclude sub/one\nd\n");
        file("sub/one", "b ${_PWD}\ninclude two\n");
        file("sub/two", "c\n");

        assertThat(keywords()).containsExactly("a", "b", "c", "d");
        Statement one = read().tree().statements().get(1);
        assertThat(one.arguments().get(0).text())
                .isEqualTo(directory.resolve("sub").toString());
        assertThat(one.keyword().at())
                .isEqualTo(new Position(directory.resolve("sub/one").toString(), 1, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "*.conf, a b",
        "[^a].conf, b",
        "?.conf, a b",
        "{b;a}.conf, b a",
        "x{;1}, x x1",
        "{x{;1};a.conf}, x x1 a",
        "*/y, y",
        ".h*, h"
    })
    void namesMayBePatterns(String pattern, String expected) throws IOException {
        file("main", "include " + pattern.replace(';', ',') + "\n");
        file("a.conf", "a\n");
        file("b.conf", "b\n");
        file(".hidden", "h\n");
        file("x", "x\n");
        file("x1", "x1\n");
        file("sub/y", "y\n");

        assertThat(String.join(" ", keywords())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "include nothing, WARNING include-missing",
        "includer nothing, WARNING include-missing",
        "includem nothing, ERROR include-missing",
        "includea nothing, ERROR include-missing",
        "includeb {main2;nothing}, ERROR include-missing",
        "include {main2;nothing}, WARNING include-missing",
        "includew no*, ERROR include-missing",
        "includea no*, ERROR include-missing",
        "include sub, WARNING unreadable-file",
        "includer sub, ERROR unreadable-file",
        "include main, ERROR include-loop",
        "include program, WARNING unreadable-file"
    })
    void whatCannotBeIncludedIsTold(String line, String expected) throws IOException {
        file("main", "a\n" + line.replace(';', ',') + "\nb\n");
        file("main2", "");
        file("sub/y", "");
        file("program", "");
        assertThat(directory.resolve("program").toFile().setExecutable(true)).isTrue();

        ParseResult read = read();
        assertThat(read.diagnostics())
                .extracting(each ->
                        each.severity() + " " + each.code() + " " + each.at().line())
                .containsExactly(expected + " 2");
        assertThat(read.tree().statements()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "include_check, include nothing, ERROR",
        "include_check, include no*, ERROR",
        "include_check read, include nothing, WARNING",
        "include_check read, include sub, ERROR",
        "include_check match, include nothing, ERROR",
        "include_check match, include sub, ERROR",
        "include_check brace_match, include {main2;nothing}, ERROR",
        "include_check wildcard_match, include no*, ERROR",
        "include_check +match, include sub, WARNING",
        "include_check -read, includer sub, ERROR",
        "include_check match -match, include nothing, WARNING",
        "include_checks, include nothing, WARNING"
    })
    void includeCheckDemandsOfIncludesAfterIt(String check, String line, String expected) throws IOException {
        file("main2", "");
        file("sub/y", "");
        for (String text : new String[] {"global_defs {\n" + check + "\n}\n", "\nglobal_defs { " + check + " }\n\n"}) {
            file("main", text + line.replace(';', ',') + "\n");

            assertThat(read().diagnostics())
                    .extracting(each -> each.severity() + " " + each.at().line())
                    .containsExactly(expected + " 4");
        }
    }

    @Test
    void whatTheReaderDemandsHoldsWhateverTheFilesSay() throws IOException {
        file("main", "global_defs {\ninclude_check -match\n}\ninclude nothing\ninclude sub\ninclude no*\n");
        file("sub/y", "");

        assertThat(ConfigParser.parse(
                                directory.resolve("main"),
                                ParseOptions.DEFAULT.withDemands(Set.of(IncludeDemand.READ, IncludeDemand.MATCH)))
                        .diagnostics())
                .extracting(each ->
                        each.severity() + " " + each.code() + " " + each.at().line())
                .containsExactly("ERROR include-missing 4", "ERROR unreadable-file 5");
    }

    @Test
    void includeCheckEndsWithItsFile() throws IOException {
        file("main", "include one\ninclude nothing\n");
        file("one", "global_defs {\ninclude_check match\n}\ninclude two\n");
        file("two", "include nothing\n");

        assertThat(read().diagnostics())
                .extracting(each ->
                        each.severity() + " " + Path.of(each.at().file()).getFileName())
                .containsExactly("ERROR two", "WARNING main");
    }

    @Test
    void aPatternThatMatchesNothingIsNoFault() throws IOException {
        file("main", "include *.conf\nincluder *.conf\n");

        assertThat(read().diagnostics()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        assertThat(read().diagnostics()).singleElement().satisfies(found -> {
            assertThat(found.code()).isEqualTo("unreadable-file");
            assertThat(found.message())
                    .isEqualTo("cannot read " + directory.resolve("main") + ": there is no such file");
        });
        assertThat(ConfigParser.parse(directory, ParseOptions.DEFAULT).diagnostics())
                .extracting(Diagnostic::message)
                .containsExactly("cannot read " + directory + ": it is a directory");
    }

    @Test
    void whatIsNoFileOfTextIsNotWaitedFor() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.createSymbolicLink(directory.resolve("loop"), directory.resolve("pool"));
        Files.createSymbolicLink(directory.resolve("pool"), directory.resolve("loop"));
        Files.createSymbolicLink(directory.resolve("here"), directory);
        file("main", "include pipe\ninclude /dev/zero\ninclude here\ninclude l*\ninclude /proc/self/status\na\n");
        file("more", "include here/here/here/mor?\nb\n");

        assertThat(read().diagnostics())
                .extracting(each ->
                        each.severity() + " " + each.code() + " " + each.at().line())
                .containsExactly(
                        "WARNING unreadable-file 1",
                        "WARNING unreadable-file 2",
                        "WARNING unreadable-file 3",
                        "WARNING unreadable-file 4",
                        "WARNING unreadable-file 5");
        assertThat(keywords()).containsExactly("a");
        assertThat(ConfigParser.parse(pipe, ParseOptions.DEFAULT).diagnostics())
                .extracting(Diagnostic::message)
                .containsExactly("cannot read " + pipe + ": it is not a regular file");
        assertThat(ConfigParser.parse(directory.resolve("more"), ParseOptions.DEFAULT)
                        .diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly("include-loop");
    }

    @Test
    void patternsThatMatchTooMuchAreTold() throws IOException {
        file("main", ("include " + "{}".repeat(2000) + "a\n").repeat(3) + "c\n");
        file("a", "a\n");

        assertThat(read().diagnostics())
                .extracting(each -> each.at().line() + " " + each.code())
                .containsExactly("2 too-large");
        assertThat(keywords()).containsExactly("a", "c");
    }

    @Test
    void filesThatIncludeEachOtherEnd() throws IOException {
        file("main", "include two\nb\n");
        file("two", "include main\na\n");

        assertThat(keywords()).containsExactly("a", "b");
        assertThat(read().diagnostics()).extracting(Diagnostic::code).containsExactly("include-loop");
    }
}
