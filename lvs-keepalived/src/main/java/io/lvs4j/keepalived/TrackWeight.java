package io.lvs4j.keepalived;

/** {@code weight number [reverse]} of what is tracked, as it is read. Not thread-safe. */
final class TrackWeight {
    private final int most;
    private int value;
    private boolean reverse;

    /** Begins with a weight, of {@code -most..most}. */
    TrackWeight(int most, int value) {
        this.most = most;
        this.value = value;
    }

    void read(Arguments arguments) {
        arguments.value(0, Value.integer(-most, most)).ifPresent(weight -> value = weight);
        if (arguments.count() > 1) {
            arguments.value(1, Value.oneOf("reverse")).ifPresent(word -> reverse = true);
        }
    }

    int value() {
        return value;
    }

    boolean isReverse() {
        return reverse;
    }
}
