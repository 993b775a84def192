package io.lvs4j.netty;

import io.lvs4j.Scheduling;
import io.lvs4j.scheduler.Schedulers;
import io.lvs4j.testkit.BackendHarness;
import io.lvs4j.testkit.SchedulerContract;
import java.util.List;

/** The kernel's schedulers keep to the contract on real sockets, too. */
class NettySchedulersTest extends SchedulerContract {
    @Override
    protected List<Scheduling> schedulings() {
        return Schedulers.names().stream().map(Scheduling::of).toList();
    }

    @Override
    protected BackendHarness createHarness() {
        return new TcpHarness(() -> NettyBackend.builder().threads(2).build());
    }
}
