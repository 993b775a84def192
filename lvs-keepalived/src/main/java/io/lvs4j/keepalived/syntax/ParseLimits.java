package io.lvs4j.keepalived.syntax;

/**
 * How much is read before reading ends with a diagnostic. What is read may come from anybody, so that time and memory are bounded.
 *
 * @param bytes of all files together, 1..{@link Integer#MAX_VALUE}
 * @param files that are named by includes, there or not, each time, at least 1
 * @param includes how deep files include each other, at least 1
 * @param words in the tree: words of statements, comments and braces, at least 1
 * @param blocks how deep blocks stand in each other, at least 1
 * @param expansion characters that come of definitions, lists and sequences, and those that are compared to find files by patterns, at
 *     least 1
 * @param diagnostics that are kept, at least 1
 */
public record ParseLimits(int bytes, int files, int includes, int words, int blocks, int expansion, int diagnostics) {
    /**
     * 10 MiB in 5,000 files that include each other 32 deep, of 160,000 words (some 4,000 services with two servers and their checks
     * each), 64 blocks deep, with 4 Mi characters expanded, and 1,000 diagnostics.
     */
    public static final ParseLimits DEFAULT = new ParseLimits(10 << 20, 5000, 32, 160_000, 64, 4 << 20, 1000);

    /** Requires that all are positive. */
    public ParseLimits {
        positive("bytes", bytes);
        positive("files", files);
        positive("includes", includes);
        positive("words", words);
        positive("blocks", blocks);
        positive("expansion", expansion);
        positive("diagnostics", diagnostics);
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
        }
    }
}
