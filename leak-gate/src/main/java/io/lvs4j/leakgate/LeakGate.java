package io.lvs4j.leakgate;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Watches Netty's leak detector from before the first test until after the last, and fails the test run when anything
 * leaked. JUnit finds it through {@code META-INF/services}. The failure belongs to no test, but Netty's report in the log
 * says where the resource was made.
 *
 * <p>Netty reports a leak when it next hands out a tracked resource after the garbage collector found the lost one, so
 * a leak in the last test would go unseen. Hence the collection at the end, and one more tracked resource per detector.
 */
public final class LeakGate implements LauncherSessionListener {

    private static final int COLLECTIONS = 3;
    private static final long COLLECTION_MILLIS = 10_000;

    private final Queue<RecordingDetector<?>> detectors = new ConcurrentLinkedQueue<>();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    /** For JUnit's service loader. */
    public LeakGate() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        open();
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        close();
    }

    /** Watches every detector that Netty makes from now on. */
    void open() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordingFactory());
    }

    /** Throws if anything leaked since {@link #open()}. */
    void close() {
        for (int i = 0; i < COLLECTIONS; i++) {
            collectGarbage();
            detectors.forEach(RecordingDetector::reportLost);
        }
        if (!leaks.isEmpty()) {
            throw new AssertionError(
                    "LEAK: not released: " + leaks + " (Netty's reports above say where each was made)");
        }
    }

    private static void collectGarbage() {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        WeakReference<Object> canary = new WeakReference<>(new Object(), collected);
        System.gc();
        try {
            if (collected.remove(COLLECTION_MILLIS) != canary) {
                throw new AssertionError("System.gc() collected nothing: cannot tell whether anything leaked");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class RecordingFactory extends ResourceLeakDetectorFactory {

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
            RecordingDetector<T> detector = new RecordingDetector<>(resource, samplingInterval, leaks);
            detectors.add(detector);
            return detector;
        }

        @Override
        @Deprecated
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return newResourceLeakDetector(resource, samplingInterval);
        }
    }

    private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {

        private final Queue<String> leaks;

        RecordingDetector(Class<T> resource, int samplingInterval, Queue<String> leaks) {
            super(resource, samplingInterval);
            this.leaks = leaks;
        }

        /** Makes Netty look for lost resources, which it does only when it starts to track another. */
        @SuppressWarnings("unchecked") // the type parameter is for callers; a detector tracks any object
        void reportLost() {
            T probe = (T) new Object();
            ResourceLeakTracker<T> tracker = trackForcibly(probe);
            if (tracker != null) {
                tracker.close(probe);
            }
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            leaks.add(resourceType);
            super.reportTracedLeak(resourceType, records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            leaks.add(resourceType);
            super.reportUntracedLeak(resourceType);
        }
    }
}
