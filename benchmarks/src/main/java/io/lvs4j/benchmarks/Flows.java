package io.lvs4j.benchmarks;

import io.lvs4j.scheduler.Flow;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * A thread's flows, filled beforehand: what is measured is the choice, not the filling. As many as fit the first-level cache,
 * or for lblc and lblcr one to each address that their table is to hold, or with persistence {@value #MANY} clients.
 */
@State(Scope.Thread)
public class Flows {
    /** Addresses that lblc's table and its peers hold. A quarter of the table's room, so that hardly any set overflows. */
    static final int ADDRESSES = 4096;

    private static final int FEW = 256;
    private static final int MANY = 1 << 16;

    private final XorShift random = new XorShift();
    private Flow[] flows = {};

    @Setup
    public void fill(BenchmarkParams params) {
        flows = new Flow[count(params)];
        for (int i = 0; i < flows.length; i++) {
            long address = Clients.address(i);
            flows[i] = new Flow().set(0, address, 1024 + i % 60_000, 0, address, 80);
        }
    }

    private static int count(BenchmarkParams params) {
        if ("true".equals(params.getParam("persistent"))) {
            return MANY;
        }
        String scheduler = params.getParam("scheduler");
        return scheduler != null && scheduler.startsWith("lblc") ? ADDRESSES : FEW;
    }

    /** Returns the same one each time. */
    Flow one() {
        return flows[0];
    }

    /** Returns any of them. */
    Flow any() {
        return flows[random.below(flows.length)];
    }
}
