package io.lvs4j.netty;

import io.lvs4j.testkit.BackendContract;
import io.lvs4j.testkit.BackendHarness;

class NioContractTest extends BackendContract {
    @Override
    protected BackendHarness createHarness() {
        return new TcpHarness(
                () -> NettyBackend.builder().transport(Transport.NIO).threads(2).build());
    }
}
