package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EpollSelfTestTest {
    @Test
    void whatEpollSocketsWantOfNettyIsThere() {
        assertThat(EpollSelfTest.failure()).isNull();
    }
}
