package io.lvs4j.netlink;

/**
 * Something that the host must have, or should be set to, so that the kernel does what a description says.
 *
 * @param name what it is, such as {@code net.ipv4.vs.expire_nodest_conn}
 * @param actual what it is now; {@code missing} if there is no such thing
 * @param expected what it should be
 * @param reason what happens otherwise
 * @param remedy the command that sets it
 */
public record Prerequisite(String name, String actual, String expected, String reason, String remedy) {

    /** {@return whether it is as it should be} */
    public boolean met() {
        return actual.equals(expected);
    }

    @Override
    public String toString() {
        return name + ": " + actual
                + (met() ? "" : " (expected: " + expected + "; otherwise " + reason + "; " + remedy + ")");
    }
}
