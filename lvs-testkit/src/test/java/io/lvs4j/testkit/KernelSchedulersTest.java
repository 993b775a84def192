package io.lvs4j.testkit;

import io.lvs4j.Scheduling;
import io.lvs4j.scheduler.Schedulers;
import java.util.List;

/** The kernel's schedulers keep to the contract. */
class KernelSchedulersTest extends SchedulerContract {
    @Override
    protected List<Scheduling> schedulings() {
        return Schedulers.names().stream().map(Scheduling::of).toList();
    }

    @Override
    protected BackendHarness createHarness() {
        return new HeadlessHarness();
    }
}
