package io.lvs4j.ipvsadm;

import io.lvs4j.Rates;
import io.lvs4j.spi.ServerCounters;

/**
 * What has passed so far, or passes a second.
 *
 * @param connections connections
 * @param packetsIn packets from clients
 * @param packetsOut packets to clients
 * @param bytesIn bytes from clients
 * @param bytesOut bytes to clients
 */
public record Traffic(long connections, long packetsIn, long packetsOut, long bytesIn, long bytesOut) {
    /** Nothing. */
    public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0);

    static Traffic of(ServerCounters counters) {
        return new Traffic(
                counters.connections(),
                counters.packetsIn(),
                counters.packetsOut(),
                counters.bytesIn(),
                counters.bytesOut());
    }

    static Traffic of(Rates rates) {
        return new Traffic(
                Math.round(rates.connections()),
                Math.round(rates.packetsIn()),
                Math.round(rates.packetsOut()),
                Math.round(rates.bytesIn()),
                Math.round(rates.bytesOut()));
    }
}
