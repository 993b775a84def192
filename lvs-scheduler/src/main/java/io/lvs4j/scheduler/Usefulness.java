package io.lvs4j.scheduler;

/**
 * Who gives way when there is no room: a template that has expired; then one without a connection that never had an established
 * one; then one without a connection; then one whose connections never were established; among equals the one to expire next,
 * as of its last connection that ended. A template with a connection, one of which has been established, never gives way. So
 * spoofed sources push out each other, then idle clients, and nobody who is connected. Under attack the kernel drops templates
 * that never had an established connection, at random.
 */
final class Usefulness {
    static final int EXPIRED = 0;
    static final int NEVER_ESTABLISHED = 1;
    static final int IDLE = 2;
    static final int OPENING = 3;
    static final int CONNECTED = 4;

    private static final int CLASS_SHIFT = 60;
    private static final long MOST_LEFT = (1L << (CLASS_SHIFT - 1)) - 1;

    /** The lowest rank that does not give way. */
    static final long LIMIT = ((long) CONNECTED << CLASS_SHIFT) - MOST_LEFT;

    private Usefulness() {}

    /**
     * Returns the class of a template.
     *
     * @param left time until it expires if none of its connections lives; 0 or less if it has
     */
    static int of(long word, long left) {
        boolean assured = TemplateWord.assured(word);
        if (TemplateWord.live(word) > 0) {
            return assured ? CONNECTED : OPENING;
        }
        if (left <= 0) {
            return EXPIRED;
        }
        return assured ? IDLE : NEVER_ESTABLISHED;
    }

    /** Returns the class and the time left as one number: the lower, the less useful. */
    static long rank(long word, long left) {
        return ((long) of(word, left) << CLASS_SHIFT) + Math.max(-MOST_LEFT, Math.min(left, MOST_LEFT));
    }

    /** Whether a rank is that of a template that has expired. */
    static boolean isExpired(long rank) {
        return rank <= 0;
    }
}
