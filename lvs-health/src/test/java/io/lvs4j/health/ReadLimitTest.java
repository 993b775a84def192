package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import org.junit.jupiter.api.Test;

class ReadLimitTest {
    @Test
    void readingEndsBeforeTheLimitIsPassed() {
        EmbeddedChannel channel = new EmbeddedChannel(new ReadLimit());
        int read = 0;
        ChannelFuture latest = channel.newSucceededFuture();
        while (channel.config().isAutoRead()) {
            ByteBuf chunk = Unpooled.buffer(ReadLimit.CHUNK_BYTES).writeZero(ReadLimit.CHUNK_BYTES - 1);
            read += chunk.readableBytes();
            latest = channel.writeOneInbound(chunk);
        }

        assertThat(read).isBetween(ReadLimit.BYTES - ReadLimit.CHUNK_BYTES, ReadLimit.BYTES);
        assertThat(latest.cause()).isInstanceOf(TooLongFrameException.class);
        channel.finishAndReleaseAll();
    }
}
