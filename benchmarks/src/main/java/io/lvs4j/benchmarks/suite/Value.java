package io.lvs4j.benchmarks.suite;

/**
 * What was measured.
 *
 * @param amount nanoseconds per operation, or bytes per entry for a row that asks for size
 * @param bytes bytes allocated per operation
 * @param allocates whether those bytes are more than the harness allocates itself
 */
record Value(double amount, double bytes, boolean allocates) {}
