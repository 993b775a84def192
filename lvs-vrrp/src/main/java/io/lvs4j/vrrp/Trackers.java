package io.lvs4j.vrrp;

import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at scripts, processes and files, and tells what is found first and whenever it changes.
 *
 * <ul>
 *   <li>Scripts are run as {@link ScriptRuns} says. Those that begin down are told to be at the start, the others when they have been run.
 *   <li>Processes are counted once a second ({@link ProcessPattern}, {@link ProcessCount}). keepalived hears from the kernel of each that begins or
 *       ends; here one that is there between two looks only is not seen.
 *   <li>Files are read four times a second, at most 127 bytes ({@link FileNumber}, {@link FileReadings}). keepalived is told by the kernel, where the
 *       file system can.
 * </ul>
 *
 * What this process cannot look at for lack of descriptors stays as it is.
 *
 * <p>Threads: what there is of processes and files is looked at and told on {@code lvs-vrrp-trackers}, which a disk that does not answer holds up;
 * scripts have a thread of their own. Each is there only if there is something for it. {@link #start} and {@link #close} are not thread-safe.
 */
final class Trackers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Trackers.class);
    private static final Duration PROCESSES_EVERY = Duration.ofSeconds(1);
    private static final Duration FILES_EVERY = Duration.ofMillis(250);

    private final ScriptRuns scripts;
    private final Ticker ticker;
    private final ProcessTable table;
    private final TrackerResults results;
    private volatile List<Counted> processes;
    private volatile List<ReadFile> files;
    private boolean started;
    private @Nullable DaemonTimers timers;
    private boolean looksAtProcesses;
    private boolean looksAtFiles;
    private boolean blind; // the latest look failed
    private volatile boolean closed;

    private record Counted(TrackProcess process, ProcessPattern pattern, ProcessCount count) {
        Counted(TrackProcess process) {
            this(process, new ProcessPattern(process), new ProcessCount(process));
        }
    }

    private record ReadFile(TrackFile file, Path path, FileReadings readings) {
        ReadFile(TrackFile file) {
            this(file, Path.of(file.path()), new FileReadings());
        }
    }

    /**
     * Takes what is to be looked at. Each kind has each name once.
     *
     * @param results is told
     * @throws IllegalArgumentException if a script cannot be run, naming it
     */
    Trackers(
            Collection<TrackScript> scripts,
            Collection<TrackProcess> processes,
            Collection<TrackFile> files,
            TrackerResults results) {
        this(scripts, processes, files, results, Ticker.system(), new ProcessTable(ProcessTable.PROC));
    }

    Trackers(
            Collection<TrackScript> scripts,
            Collection<TrackProcess> processes,
            Collection<TrackFile> files,
            TrackerResults results,
            Ticker ticker,
            ProcessTable table) {
        this.results = results;
        this.scripts = new ScriptRuns(scripts, this::tell);
        this.ticker = ticker;
        this.table = table;
        this.processes = processes.stream().map(Counted::new).toList();
        this.files = files.stream().map(ReadFile::new).toList();
    }

    /**
     * Begins to look. Called once.
     *
     * @throws IllegalArgumentException if a script cannot be run here, naming it; then nothing is looked at
     * @throws io.lvs4j.LvsException if nobody is there who runs scripts, saying what to add
     */
    void start() {
        scripts.start();
        started = true;
        beginOnThread();
    }

    /**
     * Refuses scripts that cannot be run.
     *
     * @throws IllegalArgumentException if one cannot be run, naming it
     * @throws io.lvs4j.LvsException if nobody is there who runs scripts
     */
    void require(Collection<TrackScript> wanted) {
        scripts.require(wanted);
    }

    /**
     * Looks at these from now on. What was looked at and is described as before goes on as if nothing had happened.
     *
     * @param between is done when scripts that are not wanted any more have been told of for the last time, and before anything new is told of
     * @throws IllegalArgumentException if a script cannot be run, naming it; then nothing has changed
     * @throws io.lvs4j.LvsException if nobody is there who runs scripts; then nothing has changed
     */
    void change(
            Collection<TrackScript> wantedScripts,
            Collection<TrackProcess> wantedProcesses,
            Collection<TrackFile> wantedFiles,
            Runnable between) {
        scripts.change(wantedScripts, between);
        processes = changed(processes, Counted::process, wantedProcesses, Counted::new);
        files = changed(files, ReadFile::file, wantedFiles, ReadFile::new);
        if (started) {
            beginOnThread();
        }
    }

    private static <D, L> List<L> changed(
            List<L> now, Function<L, D> described, Collection<D> wanted, Function<D, L> begun) {
        return wanted.stream()
                .map(each -> now.stream()
                        .filter(there -> described.apply(there).equals(each))
                        .findFirst()
                        .orElseGet(() -> begun.apply(each)))
                .toList();
    }

    private void beginOnThread() {
        if (processes.isEmpty() && files.isEmpty()) {
            return;
        }
        DaemonTimers own = timers;
        if (own == null) {
            own = new DaemonTimers("lvs-vrrp-trackers");
            timers = own;
        }
        begin(own);
    }

    /** Looks for the first time, and then again and again, at what there is of either kind. */
    void begin(Timers by) {
        if (!processes.isEmpty() && !looksAtProcesses) {
            looksAtProcesses = true;
            by.schedule(Duration.ZERO, () -> again(by, PROCESSES_EVERY, this::lookAtProcesses));
        }
        if (!files.isEmpty() && !looksAtFiles) {
            looksAtFiles = true;
            by.schedule(Duration.ZERO, () -> again(by, FILES_EVERY, this::lookAtFiles));
        }
    }

    private static void again(Timers by, Duration every, Runnable look) {
        by.schedule(every, () -> again(by, every, look));
        look.run();
    }

    private void lookAtProcesses() {
        List<Counted> now = processes;
        try {
            int[] counts = table.count(now.stream().map(Counted::pattern).toList());
            blind = false;
            for (int i = 0; i < counts.length; i++) {
                Counted each = now.get(i);
                if (!processes.contains(each)) {
                    continue; // it was changed meanwhile
                }
                each.count
                        .count(counts[i], ticker.nanos())
                        .ifPresent(known -> tell(TrackerKind.PROCESS, each.process.name(), known));
            }
        } catch (IOException e) {
            tellBlind("processes", e);
        }
    }

    private void lookAtFiles() {
        for (ReadFile each : files) {
            try {
                OptionalLong number = each.readings.count(FileNumber.read(each.path));
                number = files.contains(each) ? number : OptionalLong.empty(); // it may have been changed meanwhile
                number.ifPresent(known -> tell(TrackerKind.FILE, each.file.name(), TrackerResult.ofFile(known)));
            } catch (IOException e) {
                tellBlind("file " + each.file.name(), e);
            }
        }
    }

    private void tellBlind(String what, IOException cause) {
        if (!blind) {
            log.warn("What is tracked cannot be looked at and stays as it is: {}: {}", what, cause.toString());
        }
        blind = true;
    }

    private void tell(TrackerKind kind, String name, TrackerResult result) {
        if (!closed) {
            results.result(kind, name, result);
        }
    }

    /** Ends the looking, kills scripts that run and frees every thread; after it nothing new is told. Idempotent. */
    @Override
    public void close() {
        closed = true;
        scripts.close();
        if (timers != null) {
            timers.close();
        }
    }
}
