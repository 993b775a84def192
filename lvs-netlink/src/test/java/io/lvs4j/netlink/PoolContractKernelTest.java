package io.lvs4j.netlink;

import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.PoolContract;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PoolContractKernelTest extends PoolContract {
    @Override
    protected BackendHarness createHarness() {
        return IpvsHarness.soonForgetting();
    }
}
