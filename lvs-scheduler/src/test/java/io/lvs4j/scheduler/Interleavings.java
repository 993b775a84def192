package io.lvs4j.scheduler;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;

/**
 * How thoroughly Lincheck looks at a class with operations. {@link #explore} stops threads at their accesses to shared memory
 * and goes through what may happen in between, as if memory were sequentially consistent; {@link #stress} lets them run on the
 * machine as it is, which shows what its memory and its compiler make of it.
 *
 * <p>With a specification, what the calls return must be what it returns for the same calls one after the other, in an order
 * that agrees with what each thread has seen. Without one, only what the class validates when all threads have come to rest
 * counts.
 */
final class Interleavings {
    private static final int SCENARIOS = 20;

    private Interleavings() {}

    static void explore(Class<?> operations, Class<?> specification) {
        exploration().sequentialSpecification(specification).check(operations);
    }

    static void explore(Class<?> operations) {
        explore(SCENARIOS, operations);
    }

    static void explore(int scenarios, Class<?> operations) {
        exploration().iterations(scenarios).verifier(EpsilonVerifier.class).check(operations);
    }

    static void stress(Class<?> operations, Class<?> specification) {
        runs().sequentialSpecification(specification).check(operations);
    }

    static void stress(Class<?> operations) {
        runs().verifier(EpsilonVerifier.class).check(operations);
    }

    /**
     * Few and short threads, but even so only a part of their interleavings: a lost update that takes two switches at the right
     * places can go unnoticed. More invocations find more.
     */
    private static ModelCheckingOptions exploration() {
        return new ModelCheckingOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(2)
                .actorsAfter(1);
    }

    private static StressOptions runs() {
        return new StressOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(2000)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(1);
    }
}
