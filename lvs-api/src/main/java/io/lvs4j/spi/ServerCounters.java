package io.lvs4j.spi;

/**
 * The counters of one real server.
 *
 * @param active connections that are established in both directions
 * @param inactive connections that are being opened or closed, as IPVS counts them
 * @param persistent persistence templates that point to it
 * @param connections connections given to it since it was added
 * @param connectFailures connections to it that were refused or timed out; the client was offered another server
 * @param resets established connections to it that it reset before it had sent anything, while the client had neither ended nor
 *     reset its stream: nobody but the server can have failed then. A reset after an answer is an ordinary end to many servers,
 *     and is not counted. The {@code netty} backend counts them on TCP; embedders of the {@code headless} one say so; the kernel
 *     does not look, and UDP has none: 0
 * @param packetsIn packets from clients to it, where they are known: the kernel's of every protocol, and UDP datagrams; a TCP
 *     connection that this process carries is a stream, and has none
 * @param packetsOut packets from it to clients, likewise
 * @param bytesIn bytes from clients to it
 * @param bytesOut bytes from it to clients
 */
public record ServerCounters(
        int active,
        int inactive,
        int persistent,
        long connections,
        long connectFailures,
        long resets,
        long packetsIn,
        long packetsOut,
        long bytesIn,
        long bytesOut) {

    /** The counters of a server that has not been used. */
    public static final ServerCounters ZERO = new ServerCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** {@return all connections that it has now} */
    public int open() {
        return active + inactive;
    }
}
