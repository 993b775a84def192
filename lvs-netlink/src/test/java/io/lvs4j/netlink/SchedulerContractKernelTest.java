package io.lvs4j.netlink;

import io.lvs4j.Scheduling;
import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.SchedulerContract;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class SchedulerContractKernelTest extends SchedulerContract {
    @Override
    protected List<Scheduling> schedulings() {
        return IpvsHarness.schedulers().stream().map(Scheduling::of).toList();
    }

    @Override
    protected BackendHarness createHarness() {
        return IpvsHarness.soonForgetting();
    }
}
