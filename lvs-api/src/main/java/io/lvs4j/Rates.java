package io.lvs4j;

/**
 * How much there is a second, as {@code ipvsadm --rate} shows it: the kernel's estimator looks at the counters every 2 s and
 * moves a quarter of the way from what it thought before to what it has seen since. So a rate follows a change by three quarters
 * in about 10 s, and begins at 0.
 *
 * @param connections connections a second
 * @param packetsIn packets from clients a second, where they are known
 * @param packetsOut packets to clients a second, where they are known
 * @param bytesIn bytes from clients a second
 * @param bytesOut bytes to clients a second
 */
public record Rates(double connections, double packetsIn, double packetsOut, double bytesIn, double bytesOut) {

    /** Nothing so far. */
    public static final Rates ZERO = new Rates(0, 0, 0, 0, 0);
}
