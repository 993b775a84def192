package io.lvs4j;

import java.util.Arrays;

/** A switch of one scheduler, by the name that ipvsadm and keepalived give it, if they know it. */
public enum SchedulerFlag {
    /** {@code sh}: a client whose server cannot be used gets the next one that its address leads to, instead of none. */
    SH_FALLBACK("sh-fallback", "sh"),
    /** {@code sh}: the client's port counts too, so that one client's connections are spread. */
    SH_PORT("sh-port", "sh"),
    /**
     * {@code sh}: hashes addresses as Linux before 4.18 did, to stand in for a director with such a kernel. Not on the kernel
     * backend: a kernel has one hash.
     */
    SH_OLD_HASH("sh-old-hash", "sh"),
    /** {@code dh}: the same. */
    DH_OLD_HASH("dh-old-hash", "dh"),
    /** {@code mh}: a client whose server cannot be used gets the next one that its address leads to, instead of none. */
    MH_FALLBACK("mh-fallback", "mh"),
    /** {@code mh}: the client's port counts too, so that one client's connections are spread. */
    MH_PORT("mh-port", "mh");

    private final String text;
    private final String scheduler;

    SchedulerFlag(String text, String scheduler) {
        this.text = text;
        this.scheduler = scheduler;
    }

    /** {@return the short name of the scheduler that has this flag} */
    public String scheduler() {
        return scheduler;
    }

    /**
     * {@return the flag of this name}
     *
     * @param text such as {@code sh-port}
     * @throws IllegalArgumentException if there is no such flag; the message lists those that there are
     */
    public static SchedulerFlag parse(String text) {
        for (SchedulerFlag flag : values()) {
            if (flag.text.equals(text)) {
                return flag;
            }
        }
        throw new IllegalArgumentException("scheduler flag: " + text + " (expected: one of "
                + String.join(
                        ", ",
                        Arrays.stream(values()).map(SchedulerFlag::toString).toList()) + ")");
    }

    @Override
    public String toString() {
        return text;
    }
}
