package io.lvs4j.benchmarks.suite;

import io.lvs4j.benchmarks.suite.Group.Pace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures one row at a time with JMH, each in a JVM of its own. */
final class Meter {
    private static final String PACKAGE = "io.lvs4j.benchmarks.";
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final String SIZE = "bytesPerEntry";

    /** What counts as nothing, per operation. */
    private static final double NOTHING = 0.01;

    /** What JMH itself allocates in an iteration, at most. It weighs on rows that are slow and so have few operations. */
    private static final double HARNESS_BYTES = 16 * 1024;

    private final boolean thorough;

    /**
     * Creates a meter.
     *
     * @param thorough whether to take more time for each row
     */
    Meter(boolean thorough) {
        this.thorough = thorough;
    }

    /**
     * Measures a row.
     *
     * @throws RunnerException if JMH could not run it; the message says why
     */
    Value measure(Task task, Pace pace) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + (PACKAGE + task.benchmark()).replace(".", "\\.") + "$")
                .threads(task.key().threads())
                .forks(1)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class);
        task.params().forEach(options::param);
        pace(options, pace);
        Collection<RunResult> results = new Runner(options.build()).run();
        if (results.size() != 1) {
            throw new RunnerException(task.key() + ": " + results.size() + " results");
        }
        return value(results.iterator().next(), task);
    }

    private void pace(ChainedOptionsBuilder options, Pace pace) {
        switch (pace) {
            case BRISK -> pace(options, 2, 100, thorough ? 5 : 3, 60);
            case NORMAL ->
                pace(options, thorough ? 4 : 3, thorough ? 250 : 150, thorough ? 15 : 8, thorough ? 100 : 70);
            case LONG -> pace(options, thorough ? 5 : 3, thorough ? 1000 : 500, thorough ? 15 : 8, 100);
            case ONCE -> {} // as the class says
        }
    }

    private static void pace(ChainedOptionsBuilder options, int warmups, int warmupMillis, int iterations, int millis) {
        options.warmupIterations(warmups)
                .warmupTime(TimeValue.milliseconds(warmupMillis))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(millis));
    }

    private static Value value(RunResult result, Task task) {
        Result<?> size = result.getSecondaryResults().get(SIZE);
        if (size != null) {
            return new Value(size.getScore(), 0, true);
        }
        double nanos = result.getPrimaryResult().getStatistics().getPercentile(50);
        double bytes = Results.median(allocated(result));
        double millis =
                result.getParams().getMeasurement().getTime().convertTo(java.util.concurrent.TimeUnit.MILLISECONDS);
        double operations = millis * 1e6 / nanos * task.key().threads();
        return new Value(nanos / task.per(), bytes, bytes > NOTHING && bytes * operations > HARNESS_BYTES);
    }

    private static List<Double> allocated(RunResult result) {
        List<Double> bytes = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                Result<?> norm = iteration.getSecondaryResults().get(ALLOCATED);
                if (norm != null) {
                    bytes.add(norm.getScore());
                }
            }
        }
        return bytes;
    }
}
