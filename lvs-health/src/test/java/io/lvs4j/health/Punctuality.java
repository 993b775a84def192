package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Runs many checks and measures how far apart the attempts of each begin. Figures come by windows of some rounds. This machine
 * stands still now and then, so that one of three windows must be as promised, and a window is given what the machine was late in it.
 */
final class Punctuality implements AutoCloseable {
    private static final int WINDOWS = 3;
    private static final int ROUNDS = 4;
    private static final double PROMISE = 1.1;

    private final CheckTiming timing;
    private final Ticker ticker = Ticker.system();
    private final Timers timers;
    private final Spread spread = new Spread(0);
    private final List<Measured> checks = new ArrayList<>();
    private final AtomicLong failures = new AtomicLong();

    Punctuality(CheckTiming timing, Timers timers) {
        this.timing = timing;
        this.timers = timers;
    }

    /** Begins to ask a server, which must pass at every attempt. */
    void add(ServerKey server, Probe probe) {
        Measured check = new Measured(server, probe);
        checks.add(check);
        check.loop.start(spread.next());
    }

    /** Begins to ask a server in whose results and times nobody is interested. */
    CheckLoop addUnmeasured(ServerKey server, Probe probe) {
        CheckLoop loop = new CheckLoop(server, timing, probe, (up, cause) -> {}, ticker, timers);
        loop.start(spread.next());
        return loop;
    }

    /** Lets the first rounds pass, while code is compiled, and asserts that thereafter all checks begin in time and pass. */
    void assertAllBeginInTime(String name, int warmupRounds) {
        awaitRounds(warmupRounds);
        List<Window> windows = new ArrayList<>();
        try (MachineStalls stalls = new MachineStalls()) {
            do {
                windows.add(measure(stalls));
                System.out.println(name + ": " + windows.get(windows.size() - 1));
            } while (!windows.get(windows.size() - 1).asPromised(timing) && windows.size() < WINDOWS);
        }
        assertThat(windows).as("one window as promised").anyMatch(window -> window.asPromised(timing));
    }

    private Window measure(MachineStalls stalls) {
        int[] from = checks.stream().mapToInt(each -> each.begun - 1).toArray();
        failures.set(0);
        stalls.takeLongest();
        awaitRounds(ROUNDS);
        long[] longest = IntStream.range(0, from.length)
                .mapToLong(i -> checks.get(i).longestIntervalSince(from[i]))
                .sorted()
                .toArray();
        return new Window(
                longest.length,
                longest[longest.length / 2],
                longest[longest.length - 1],
                failures.get(),
                stalls.takeLongest());
    }

    private void awaitRounds(int rounds) {
        int[] until = checks.stream().mapToInt(each -> each.begun + rounds).toArray();
        for (int i = 0; i < until.length; i++) {
            while (checks.get(i).begun < until[i]) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    @Override
    public void close() {
        checks.forEach(each -> each.loop.close());
    }

    /**
     * What was found in one window.
     *
     * @param medianNanos of the longest intervals of all checks
     * @param mostNanos the longest of them
     */
    private record Window(int checks, long medianNanos, long mostNanos, long failures, long stallNanos) {
        boolean asPromised(CheckTiming timing) {
            return failures == 0 && mostNanos <= timing.delayLoop().toNanos() * PROMISE + stallNanos;
        }

        @Override
        public String toString() {
            return String.format(
                    "%d checks, longest interval of each: median %.1f ms, most %.1f ms; %d failures; the machine stood still"
                            + " for %.1f ms",
                    checks, medianNanos / 1e6, mostNanos / 1e6, failures, stallNanos / 1e6);
        }
    }

    /** One check, which notes when its attempts begin; only the timers' thread writes. */
    private final class Measured implements Probe {
        private static final int REMEMBERED = 256;

        final CheckLoop loop;
        private final Probe probe;
        private final long[] begunNanos = new long[REMEMBERED];
        private volatile int begun;

        Measured(ServerKey server, Probe probe) {
            this.probe = probe;
            this.loop =
                    new CheckLoop(server, timing, this, (up, cause) -> failures.addAndGet(up ? 0 : 1), ticker, timers);
        }

        @Override
        public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
            int number = begun;
            begunNanos[number % REMEMBERED] = ticker.nanos();
            begun = number + 1;
            return probe.begin(server, outcome);
        }

        /** Returns the longest time between an attempt and the next. */
        long longestIntervalSince(int attempt) {
            return IntStream.range(attempt, begun - 1)
                    .mapToLong(i -> begunNanos[(i + 1) % REMEMBERED] - begunNanos[i % REMEMBERED])
                    .max()
                    .orElseThrow();
        }
    }
}
