package io.lvs4j.keepalived.syntax;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a file's bytes. They end with a line feed, before which carriage returns are left out. Bytes that are no UTF-8 are told and
 * replaced; what follows a NUL on its line is told and not read, as keepalived does not; a byte order mark at the beginning is told and
 * left out; and what is beyond 64 KiB of a line is told and not read.
 *
 * <p>Differs from keepalived 2.2.7, which passes on all bytes, takes a byte order mark for a part of the first word, and reads a line of
 * more than 1,023 bytes as several.
 */
final class FileLines {
    private static final int LONGEST = 64 << 10;

    private final String file;
    private final byte[] content;
    private final Diagnostics diagnostics;
    private int next;
    private int number;

    FileLines(Includes.Source source, Diagnostics diagnostics) {
        file = source.name();
        content = source.content();
        this.diagnostics = diagnostics;
        if (content.length >= 3
                && content[0] == (byte) 0xEF
                && content[1] == (byte) 0xBB
                && content[2] == (byte) 0xBF) {
            next = 3;
            diagnostics.warning(
                    "byte-order-mark",
                    new Position(file, 1, 1),
                    "the file begins with a byte order mark",
                    "leave it out");
        }
    }

    boolean hasNext() {
        return next < content.length;
    }

    SourceLine next() {
        number++;
        int begin = next;
        int nul = -1;
        boolean ascii = true;
        while (next < content.length && content[next] != '\n') {
            if (content[next] == 0 && nul < 0) {
                nul = next;
            }
            ascii &= content[next] >= 0;
            next++;
        }
        int end = next++;
        while (end > begin && content[end - 1] == '\r') {
            end--;
        }
        if (end - begin > LONGEST) {
            diagnostics.error(
                    "too-large",
                    new Position(file, number, 1),
                    "the line has more than " + LONGEST + " bytes: its rest is not read");
            end = begin + LONGEST;
        }
        if (nul >= 0 && nul < end) {
            diagnostics.error(
                    "nul-character",
                    new Position(file, number, nul - begin + 1),
                    "a NUL is in the line, whose rest is not read",
                    "is it a text file?");
            end = nul;
        }
        return SourceLine.of(file, number, ascii ? ascii(begin, end) : decode(begin, end));
    }

    private String ascii(int begin, int end) {
        return new String(content, begin, end - begin, StandardCharsets.ISO_8859_1);
    }

    private String decode(int begin, int end) {
        ByteBuffer bytes = ByteBuffer.wrap(content, begin, end - begin);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            String text = new String(content, begin, end - begin, StandardCharsets.UTF_8);
            diagnostics.warning(
                    "not-utf-8",
                    new Position(file, number, Math.max(0, text.indexOf('\uFFFD')) + 1),
                    "bytes that are no UTF-8",
                    "they are read as \uFFFD");
            return text;
        }
    }
}
