package io.lvs4j.benchmarks.suite;

import java.util.Map;

/**
 * One row to measure: one JMH benchmark with its parameters, in a JVM of its own.
 *
 * @param key the row
 * @param benchmark class and method, below {@code io.lvs4j.benchmarks}
 * @param params JMH parameters
 * @param per what an operation's time is divided by, as for a table that is built entry by entry; usually 1
 */
record Task(Key key, String benchmark, Map<String, String> params, int per) {}
