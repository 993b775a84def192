package io.lvs4j.scheduler;

import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;

/**
 * How thoroughly Lincheck looks at a class with operations. {@link #race} and {@link #explore} stop threads at their accesses to
 * shared memory, as if memory were sequentially consistent, and go through what may happen in between: in scenarios that are
 * made for the races we know, and in random ones. {@link #stress} lets threads run on the machine as it is, which shows what its
 * memory and its compiler make of it.
 *
 * <p>With a specification, what the calls return must be what it returns for the same calls one after the other, in an order
 * that agrees with what each thread has seen. Without one, only what the class validates when all threads have come to rest
 * counts.
 */
final class Interleavings {
    private static final int SCENARIOS = 20;
    private static final int INVOCATIONS = 500;
    private static final int MOST = 1_000;

    /** Of these nobody depends on what happens within a call. */
    private static final String[] STEPS = {
        "java.util.concurrent.atomic.LongAdder",
        "java.util.ArrayDeque",
        "java.util.ArrayList",
        "java.util.BitSet",
        "java.util.HashMap",
        "java.util.HashSet"
    };

    /** Nothing that they look at changes. */
    private static final String[] UNSHARED = {
        "io.lvs4j.scheduler.Schedulers",
        "io.lvs4j.VirtualService",
        "io.lvs4j.VirtualService$Builder",
        "io.lvs4j.ServerKey",
        "java.util.ServiceLoader",
        "io.lvs4j.scheduler.Counts",
        "io.lvs4j.scheduler.Load",
        "io.lvs4j.scheduler.TemplateWord",
        "io.lvs4j.scheduler.SipHash"
    };

    private Interleavings() {}

    /** Those with the fewest switches of threads first. */
    static void race(Scenario... scenarios) {
        for (Scenario scenario : scenarios) {
            made(scenario).verifier(EpsilonVerifier.class).check(scenario.operations);
        }
    }

    static void race(Class<?> specification, Scenario... scenarios) {
        for (Scenario scenario : scenarios) {
            made(scenario).sequentialSpecification(specification).check(scenario.operations);
        }
    }

    private static ModelCheckingOptions made(Scenario scenario) {
        return managed()
                .iterations(0)
                .invocationsPerIteration(MOST)
                .minimizeFailedScenario(false)
                .addCustomScenario(scenario.asLincheckWantsIt());
    }

    static void explore(Class<?> operations, Class<?> specification) {
        exploration().sequentialSpecification(specification).check(operations);
    }

    static void explore(Class<?> operations) {
        exploration().verifier(EpsilonVerifier.class).check(operations);
    }

    static void stress(Class<?> operations, Class<?> specification) {
        runs().sequentialSpecification(specification).check(operations);
    }

    static void stress(Class<?> operations) {
        runs().verifier(EpsilonVerifier.class).check(operations);
    }

    private static ModelCheckingOptions exploration() {
        return managed()
                .iterations(SCENARIOS)
                .invocationsPerIteration(INVOCATIONS)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(2)
                .actorsAfter(1);
    }

    private static ModelCheckingOptions managed() {
        return new ModelCheckingOptions()
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses(UNSHARED)
                        .allMethods()
                        .ignore())
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses(STEPS)
                        .allMethods()
                        .treatAsAtomic());
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
