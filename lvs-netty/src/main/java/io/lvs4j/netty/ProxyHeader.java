package io.lvs4j.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a PROXY header says.
 *
 * @param endpoints who connected where to; empty = the two ends of the connection that the header came on
 * @param tlvs what it says beyond, in the form of version 2 and without the checksum; not to be moved, only duplicated
 */
record ProxyHeader(Optional<Endpoints> endpoints, ByteBuffer tlvs) {
    /** The longest line of version 1, with its line end. */
    static final int MAX_V1_BYTES = 107;

    /** What comes first in version 2, up to and with the length of the rest. */
    static final int V2_FIXED_BYTES = 16;

    /** The longest rest of version 2 that we take. It has room for 65,535, but a sender is to keep within one segment. */
    static final int MAX_V2_REST_BYTES = 4096;

    static final ByteBuffer NO_TLVS = ByteBuffer.allocate(0);

    /** A client and what it connected to. */
    record Endpoints(InetSocketAddress source, InetSocketAddress destination) {}

    /** A header that names nobody. */
    static ProxyHeader local() {
        return new ProxyHeader(Optional.empty(), NO_TLVS);
    }

    static ProxyHeader of(InetSocketAddress source, InetSocketAddress destination) {
        return new ProxyHeader(Optional.of(new Endpoints(source, destination)), NO_TLVS);
    }

    ProxyHeader withTlvs(ByteBuffer bytes) {
        return new ProxyHeader(endpoints, bytes);
    }

    /** The first twelve bytes of version 2. */
    static byte[] v2Signature() {
        return new byte[] {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    }
}
