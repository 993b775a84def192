package io.lvs4j.spi;

/** A monotonic clock. Only differences of two readings mean anything. Thread-safe. */
@FunctionalInterface
public interface Ticker {

    /** {@return nanoseconds since an arbitrary moment} */
    long nanos();

    /** {@return the JVM's monotonic clock} */
    static Ticker system() {
        return System::nanoTime;
    }
}
