package io.lvs4j.health;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;

/** Bounds what one connection may make us read, whatever protocol it speaks above. Stands first in the pipeline. */
final class ReadLimit extends ChannelInboundHandlerAdapter {
    /** The most that is read at once. */
    static final int CHUNK_BYTES = 4 * 1024;

    /** The most that is read at all. */
    static final int BYTES = 64 * 1024;

    private int left = BYTES;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        left -= ((ByteBuf) message).readableBytes();
        if (left < CHUNK_BYTES) {
            ctx.channel().config().setAutoRead(false); // also ends the present round of reading
        }
        super.channelRead(ctx, message);
        if (left < CHUNK_BYTES) {
            ctx.fireExceptionCaught(new TooLongFrameException("more than " + BYTES / 1024 + " KiB"));
        }
    }
}
