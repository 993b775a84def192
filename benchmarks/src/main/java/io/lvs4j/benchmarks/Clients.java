package io.lvs4j.benchmarks;

/** The addresses of many clients: the lower half of each; the upper half is 0, for they are IPv4. */
final class Clients {
    static final long IPV4_MAPPED = 0xffff_0000_0000L;

    private Clients() {}

    /** Returns the address of a client, a different one for each number below 2^32, spread over all of them. */
    static long address(int client) {
        return IPV4_MAPPED | (client * 0x9e37_79b9L & 0xffff_ffffL);
    }
}
