package io.lvs4j.netlink;

import io.lvs4j.testkit.BackendContract;
import io.lvs4j.testkit.BackendHarness;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class BackendContractKernelTest extends BackendContract {
    @Override
    protected BackendHarness createHarness() {
        return IpvsHarness.soonForgetting();
    }
}
