package io.lvs4j.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A counter that many threads add to, with a cache line of nothing on either side: fields of one size stay in their order. */
abstract class PaddedCounter {
    static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(PaddedCounter.class, "count", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    long before1, before2, before3, before4, before5, before6, before7;
    volatile long count;
    long after1, after2, after3, after4, after5, after6, after7;
}
