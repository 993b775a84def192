package io.lvs4j.ipvsadm;

import io.lvs4j.ConnectionEntry;
import java.net.InetSocketAddress;
import java.util.Locale;

/** The columns of {@code ipvsadm -Lcn}. */
final class ConnectionLine {
    /** What comes before connections, without an end of line, as what persistence engines remember is more columns. */
    static final String TITLE =
            "IPVS connection entries\n" + "pro expire state       source             virtual            destination";

    private ConnectionLine() {}

    /** Returns a connection's line, likewise without its end. */
    static String of(ConnectionEntry connection) {
        return of(connection, 1);
    }

    /** Returns the same with the last column that wide, for more to follow. */
    static String of(ConnectionEntry connection, int destinationWidth) {
        long seconds = connection.expiresIn().toSeconds();
        return String.format(
                Locale.ROOT,
                "%-3s %-6s %-11s %-18s %-18s %-" + destinationWidth + "s",
                connection.protocol(),
                String.format(Locale.ROOT, "%02d:%02d", seconds / 60, seconds % 60),
                connection.state(),
                text(connection.client()),
                text(connection.virtual()),
                text(connection.destination()));
    }

    private static String text(InetSocketAddress address) {
        return AddressText.format(address.getAddress(), address.getPort());
    }
}
