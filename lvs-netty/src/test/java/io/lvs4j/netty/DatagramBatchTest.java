package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatagramBatchTest {
    private final DatagramBatch batch = new DatagramBatch();

    @AfterEach
    void release() {
        batch.release();
    }

    private static byte[] datagram(int length) {
        return Lab.pattern(length, length);
    }

    private void receive(int length) {
        batch.room().writeBytes(datagram(length));
        batch.add(length);
    }

    @Test
    void itTakesDatagramsAsLongAsTheFirstAndOneThatIsShorter() {
        assertThat(batch.takes(10)).isTrue();
        receive(10);
        assertThat(batch.takes(11)).isFalse();
        assertThat(batch.takes(10)).isTrue();
        receive(10);
        assertThat(batch.takes(9)).isTrue();
        receive(9);
        assertThat(batch.takes(9)).isFalse();
        assertThat(batch.takes(10)).isFalse();
        assertThat(batch.count()).isEqualTo(3);
        assertThat(batch.each()).isEqualTo(10);
        assertThat(batch.all().readableBytes()).isEqualTo(29);
        assertThat(ByteBufUtil.getBytes(batch.get(1))).isEqualTo(datagram(10));
        assertThat(ByteBufUtil.getBytes(batch.get(2))).isEqualTo(datagram(9));
    }

    @Test
    void anEmptyDatagramStaysAlone() {
        receive(0);
        assertThat(batch.takes(0)).isFalse();
        assertThat(batch.count()).isOne();
        assertThat(batch.get(0).readableBytes()).isZero();
        batch.clear();
        receive(5);
        assertThat(batch.takes(0)).isFalse();
    }

    @Test
    void itTakesSixtyFourDatagramsAndNoMoreBytesThanOneSendMayHave() {
        for (int i = 0; i < 64; i++) {
            assertThat(batch.takes(1)).isTrue();
            receive(1);
        }
        assertThat(batch.takes(1)).isFalse();
        batch.clear();
        receive(32_754);
        assertThat(batch.takes(32_754)).isFalse();
        assertThat(batch.takes(32_753)).isTrue();
    }

    @Test
    void theLongestDatagramFitsBehindTheFullestBatchAndCanBeginTheNext() {
        receive(65_507);
        assertThat(batch.room().writableBytes()).isGreaterThanOrEqualTo(65_535);
        batch.room().writeBytes(datagram(65_535));
        batch.beginWith(65_535);
        assertThat(batch.count()).isOne();
        assertThat(ByteBufUtil.getBytes(batch.get(0))).isEqualTo(datagram(65_535));
    }
}
