package io.lvs4j.netlink.conversation;

/**
 * What became of a request.
 *
 * @param errno 0 if it was carried out, else the error number, above 0
 * @param detail what else the kernel says about it; often nothing
 */
public record Outcome(int errno, String detail) {
    /** It was carried out. */
    public static final Outcome DONE = new Outcome(0, "");

    /** {@return whether it was carried out} */
    public boolean ok() {
        return errno == 0;
    }
}
