package io.lvs4j.netty;

import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.PoolContract;

class EpollPoolContractTest extends PoolContract {
    @Override
    protected BackendHarness createHarness() {
        return new TcpHarness(() ->
                NettyBackend.builder().transport(Transport.EPOLL).threads(2).build());
    }
}
