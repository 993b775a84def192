/**
 * The questions: one JMH class each, its doc says which question and how to ask it alone. {@code io.lvs4j.benchmarks.suite}
 * asks them all and writes the page of results.
 *
 * <p>Starting points: {@link io.lvs4j.benchmarks.Floors} for what the machine can do at best,
 * {@link io.lvs4j.benchmarks.PickBenchmark} and {@link io.lvs4j.benchmarks.OpenCloseBenchmark} for the schedulers,
 * {@link io.lvs4j.benchmarks.TableBenchmark} for persistence, {@link io.lvs4j.benchmarks.ChangeBenchmark} for changes.
 */
package io.lvs4j.benchmarks;
