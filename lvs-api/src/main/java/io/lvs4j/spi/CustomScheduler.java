package io.lvs4j.spi;

/**
 * A scheduler that is not one of the kernel's, known by its name. What it does is not this module's business: implement
 * {@code io.lvs4j.scheduler.SchedulerFactory} of lvs-scheduler, which extends this. Give it to a service by value
 * ({@link io.lvs4j.Scheduling#custom}), or register it under this type for {@link java.util.ServiceLoader} and give its name.
 */
public interface CustomScheduler {

    /** {@return its name: 1..15 of {@code a-z}, {@code 0-9} and {@code -}, not one of the kernel's} Always the same. */
    String name();
}
