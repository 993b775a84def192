package io.lvs4j.check;

/**
 * A range of HTTP status codes.
 *
 * @param first the lowest code, 100..599
 * @param last the highest code, first..599
 */
public record StatusRange(int first, int last) {
    /** Checks the range. */
    public StatusRange {
        if (first < 100 || last > 599 || last < first) {
            throw new IllegalArgumentException(
                    "status: " + (first == last ? "" + first : first + "-" + last) + " (expected: 100..599, low-high)");
        }
    }

    /**
     * {@return whether a code lies in the range}
     *
     * @param status a status code
     */
    public boolean contains(int status) {
        return first <= status && status <= last;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
