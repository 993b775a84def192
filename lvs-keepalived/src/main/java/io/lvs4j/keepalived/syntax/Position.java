package io.lvs4j.keepalived.syntax;

/**
 * A place in a file.
 *
 * @param file the file, as it was named where it was opened
 * @param line its line, from 1
 * @param column the character in the line, from 1
 */
public record Position(String file, int line, int column) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
