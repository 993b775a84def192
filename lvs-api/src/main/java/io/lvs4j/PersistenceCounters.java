package io.lvs4j;

/**
 * The counters of a service's persistence templates, since the service was added.
 *
 * @param templates how many there are now, expired ones not counted
 * @param hits new connections that followed a template
 * @param misses new connections for which a template was made
 * @param expired templates whose time had run out
 * @param evicted templates that gave way because there was no room
 * @param unremembered new connections that were scheduled without a template, because there was no room and every template
 *     was more useful
 */
public record PersistenceCounters(
        long templates, long hits, long misses, long expired, long evicted, long unremembered) {}
