package io.lvs4j.vrrp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The number in a tracked file: keepalived's rules ({@code process_track_file}). It stands at the beginning, after white space, with or without a
 * sign, in decimals, in hexadecimals after {@code 0x} or in octals after {@code 0}; what follows does not matter. No file and no number are 0.
 * Numbers outside of -2147483648..2147483648 do not count.
 */
final class FileNumber {
    private static final int MOST_BYTES = 127;
    private static final long LEAST = Integer.MIN_VALUE;
    private static final long MOST = 1L << 31;
    private static final int DECIMAL = 10;
    private static final int HEX = 16;
    private static final int OCTAL = 8;

    private FileNumber() {}

    /**
     * {@return what a file says; empty = nothing that counts}
     *
     * @param file where it is; what is there but no regular file, such as a FIFO, says 0
     * @throws IOException if this process cannot look, for lack of descriptors
     */
    static OptionalLong read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return OptionalLong.of(0);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return parse(in.readNBytes(MOST_BYTES));
        } catch (FileSystemException e) {
            if (OwnLack.is(e)) {
                throw e;
            }
            return OptionalLong.of(0);
        } catch (IOException e) {
            return OptionalLong.of(0);
        }
    }

    /**
     * {@return the number at the beginning of a text; empty = too large}
     *
     * @param text at most 127 bytes of it are looked at
     */
    static OptionalLong parse(byte[] text) {
        int end = Math.min(text.length, MOST_BYTES);
        int at = 0;
        while (at < end && isSpace(text[at])) {
            at++;
        }
        boolean negative = at < end && text[at] == '-';
        if (at < end && (text[at] == '-' || text[at] == '+')) {
            at++;
        }
        int radix = DECIMAL;
        if (at < end && text[at] == '0') {
            boolean hex = at + 2 < end && (text[at + 1] | 0x20) == 'x' && digit(text[at + 2], HEX) >= 0;
            radix = hex ? HEX : OCTAL;
            at += hex ? 2 : 1;
        }
        long number = 0;
        for (; at < end && digit(text[at], radix) >= 0; at++) {
            number = Math.min(number * radix + digit(text[at], radix), MOST + 1);
        }
        number = negative ? -number : number;
        return number < LEAST || number > MOST ? OptionalLong.empty() : OptionalLong.of(number);
    }

    private static boolean isSpace(byte each) {
        return each == ' ' || (each >= '\t' && each <= '\r');
    }

    private static int digit(byte each, int radix) {
        return Character.digit(each, radix);
    }
}
