package io.lvs4j.scheduler;

import java.util.concurrent.atomic.LongAdder;

/** What has happened on a destination since it was first described. */
final class Totals {
    final LongAdder connections = new LongAdder();
    final LongAdder connectFailures = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
}
