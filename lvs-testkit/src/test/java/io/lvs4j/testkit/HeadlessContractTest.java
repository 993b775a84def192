package io.lvs4j.testkit;

class HeadlessContractTest extends BackendContract {
    @Override
    protected BackendHarness createHarness() {
        return new HeadlessHarness();
    }
}
