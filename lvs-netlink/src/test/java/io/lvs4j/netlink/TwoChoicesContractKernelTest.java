package io.lvs4j.netlink;

import io.lvs4j.Scheduling;
import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.SchedulerContract;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@EnabledIf(
        value = "io.lvs4j.netlink.IpvsHarness#kernelHasTwos",
        disabledReason = "Debian's user-mode Linux 6.1 is built without twos; run on --kernel 6.12")
@Execution(ExecutionMode.CONCURRENT)
class TwoChoicesContractKernelTest extends SchedulerContract {
    @Override
    protected List<Scheduling> schedulings() {
        return List.of(Scheduling.of(IpvsHarness.TWOS));
    }

    @Override
    protected BackendHarness createHarness() {
        return IpvsHarness.soonForgetting();
    }
}
