package io.lvs4j.netty;

import io.lvs4j.Refusal;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a connection must begin with. Confined to one event loop, and if it has a state, used for one connection.
 *
 * @param <T> what is learnt from it
 */
interface OpeningFormat<T> {
    /** From this many bytes on {@link #decode} does not ask for more. */
    int maxBytes();

    /**
     * Looks at all bytes that have come so far.
     *
     * @return what they say, and the reader index is where what follows begins; null if more bytes are needed, and it has not
     *     moved
     * @throws BadOpeningException if no more bytes could make them good
     */
    @Nullable
    T decode(ByteBuf in) throws BadOpeningException;

    /** Why a connection is refused that ends before. */
    Refusal incomplete();

    /** Why a connection is refused that takes too long. */
    Refusal late();
}
