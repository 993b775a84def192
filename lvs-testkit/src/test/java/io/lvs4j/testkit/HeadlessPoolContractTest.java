package io.lvs4j.testkit;

class HeadlessPoolContractTest extends PoolContract {
    @Override
    protected BackendHarness createHarness() {
        return new HeadlessHarness();
    }
}
