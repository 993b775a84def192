package io.lvs4j.vrrp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link FileNumber} and {@link FileReadings}. */
class FileReadingTest {
    @TempDir
    private Path directory;

    private static OptionalLong parse(String text) {
        return FileNumber.parse(text.getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "5, 5",
                "\" \t\r\n5\n\", 5",
                "-17, -17",
                "+3, 3",
                "\"12 of them\", 12",
                "0x1f, 31",
                "-0XfF, -255",
                "0x, 0",
                "0xg, 0",
                "010, 8",
                "089, 0",
                "\"\", 0",
                "text, 0",
                "- 5, 0",
                "+-5, 0",
                "2147483648, 2147483648",
                "-2147483648, -2147483648",
            })
    void theNumberStandsAtTheBeginning(String text, long number) {
        assertThat(parse(text)).hasValue(number);
    }

    @ParameterizedTest
    @CsvSource({"2147483649", "-2147483649", "99999999999999999999999999999999999999999", "0xffffffffffffffffffffff"})
    void numbersOutOfRangeDoNotCount(String text) {
        assertThat(parse(text)).isEmpty();
    }

    @Property
    void everyIntegerIsReadAsItIsWritten(@ForAll int number) {
        assertThat(parse(number + "\n")).hasValue(number);
        assertThat(parse((number < 0 ? "-" : "") + "0x" + Long.toHexString(Math.abs((long) number))))
                .hasValue(number);
        assertThat(parse((number < 0 ? "-0" : "0") + Long.toOctalString(Math.abs((long) number))))
                .hasValue(number);
    }

    @Property
    void anyBytesAreANumberOrNone(@ForAll byte[] text) {
        FileNumber.parse(text).ifPresent(number -> assertThat(number).isBetween(-(1L << 31), 1L << 31));
    }

    @Test
    void noFileSaysZero() throws Exception {
        assertThat(FileNumber.read(directory.resolve("nowhere"))).hasValue(0);
        assertThat(FileNumber.read(directory)).hasValue(0);
        assertThat(FileNumber.read(Path.of("/dev/zero"))).hasValue(0);
    }

    @Test
    void onlyTheBeginningOfALargeFileIsRead() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), " ".repeat(126) + "12");
        assertThat(FileNumber.read(file)).hasValue(1);
    }

    private static long[] told(long... found) {
        FileReadings readings = new FileReadings();
        return java.util.Arrays.stream(found)
                .mapToObj(each -> readings.count(each == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(each)))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .toArray();
    }

    @Test
    void whatIsFoundFirstIsTold() {
        assertThat(told(7)).containsExactly(7);
        assertThat(told(0)).containsExactly(0);
    }

    @Test
    void aChangeIsToldWhenItIsFoundTwice() {
        assertThat(told(7, 8, 8, 8, 9, 9)).containsExactly(7, 8, 9);
        assertThat(told(7, 0, 8, 8)).containsExactly(7, 8);
        assertThat(told(7, 0, 7, 0, 7)).containsExactly(7);
    }

    @Test
    void whatDoesNotCountLeavesWhatWasThere() {
        long outOfRange = Long.MAX_VALUE;
        assertThat(told(7, outOfRange, outOfRange, 8, outOfRange, 8, 8)).containsExactly(7, 8);
        assertThat(told(outOfRange, outOfRange)).containsExactly(0);
    }
}
