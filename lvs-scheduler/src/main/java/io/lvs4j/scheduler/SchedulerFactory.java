package io.lvs4j.scheduler;

import io.lvs4j.spi.CustomScheduler;

/**
 * Brings a scheduler of the embedder's own to the in-process backends.
 *
 * <pre>{@code
 * VirtualService.builder().scheduling(Scheduling.custom(new FewestErrors()))...     // by value
 * VirtualService.builder().scheduler("fewest-errors")...                            // by name
 * }</pre>
 *
 * <p>By name it must be registered for {@link java.util.ServiceLoader} under the type {@link CustomScheduler}: in a module by
 * {@code provides io.lvs4j.spi.CustomScheduler with ...}, on the class path by a line in
 * {@code META-INF/services/io.lvs4j.spi.CustomScheduler}.
 */
public interface SchedulerFactory extends CustomScheduler {

    /** {@return a new scheduler for one virtual service} */
    Scheduler create();
}
