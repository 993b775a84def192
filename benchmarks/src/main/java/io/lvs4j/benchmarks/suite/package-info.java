/**
 * Asks all questions in one run and writes the page of results. {@link io.lvs4j.benchmarks.suite.Suite} is the program,
 * {@code Catalogue} says which rows there are, {@code gates.txt} what they may cost, {@code Results} which of them were
 * disturbed.
 */
package io.lvs4j.benchmarks.suite;
