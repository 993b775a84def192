package io.lvs4j.netty;

import java.util.List;

/**
 * What two peers do on one connection.
 *
 * @param client what the client does
 * @param server what the server does
 * @param clientPauses whether it is the client that pauses; if both did they might wait for each other for ever
 * @param smallBuffers whether both have small socket buffers
 */
record Script(Plan client, Plan server, boolean clientPauses, boolean smallBuffers) {

    /** How a peer ends its stream once it has sent everything. */
    enum End {
        FIN,
        /** A FIN, but only once the other's stream has ended. */
        FIN_AFTER_PEER,
        /** A reset, once the forwarder's host has acknowledged every byte: then all of them must arrive. */
        RESET_WHEN_ACKNOWLEDGED,
        /** A reset whatever may be lost by it. */
        RESET_AT_ONCE,
        /** A FIN, and then a reset, once everything is acknowledged and half of what the other sends has come. */
        FIN_THEN_RESET;

        boolean resets() {
            return this != FIN && this != FIN_AFTER_PEER;
        }
    }

    /**
     * One peer's part.
     *
     * @param chunks the sizes in which it sends
     * @param end how it ends its stream
     * @param readSize how much it reads at a time
     * @param pauseAt the number of received bytes at which it stops to read, until the other has received half of what is
     *     sent to it
     */
    record Plan(List<Integer> chunks, End end, int readSize, int pauseAt) {
        int total() {
            return chunks.stream().mapToInt(Integer::intValue).sum();
        }
    }
}
