package io.lvs4j.netlink;

import io.lvs4j.Scheduling;
import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.SchedulerContract;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The schedulers that every kernel has; {@link TwoChoicesContractKernelTest} has the other one. */
@Execution(ExecutionMode.CONCURRENT)
class SchedulerContractKernelTest extends SchedulerContract {
    @Override
    protected List<Scheduling> schedulings() {
        return Scheduling.names().stream()
                .filter(name -> !name.equals(IpvsHarness.TWOS))
                .map(Scheduling::of)
                .toList();
    }

    @Override
    protected BackendHarness createHarness() {
        return IpvsHarness.soonForgetting();
    }
}
