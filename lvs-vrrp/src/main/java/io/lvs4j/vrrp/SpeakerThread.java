package io.lvs4j.vrrp;

import io.lvs4j.LvsException;
import io.lvs4j.netlink.route.Change;
import io.lvs4j.netlink.socket.Pollable;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that speaks VRRP for all routers of a host. One turn after the other it waits, gives what has arrived to the elections, then
 * lets them do what is due, and then renews what masters have: in this order, so that a process that stood still hears what has happened
 * before it says anything.
 */
final class SpeakerThread {
    private static final Logger log = LoggerFactory.getLogger(SpeakerThread.class);
    private static final long RENEWAL = AddressKeeper.RENEWAL.toNanos();
    private static final long TAKE_OVERS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long AFTER_ERROR = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long JOIN_MILLIS = 5_000;
    private static final long LOOK_MILLIS = 100;

    private final Host host;
    private final LongSupplier clock;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "lvs-vrrp");
    private volatile List<Party> parties;
    private volatile boolean stopping;
    /** Changes of interfaces could not be read, or not be dealt with. */
    private boolean behind;

    private long renewAt;

    /**
     * Makes it; it does not run yet.
     *
     * @param host where
     * @param parties all routers, with all that they need opened
     * @param clock monotonic, in nanoseconds
     */
    SpeakerThread(Host host, List<Party> parties, LongSupplier clock) {
        this.host = host;
        this.parties = List.copyOf(parties);
        this.clock = clock;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Does something on the thread, soon. */
    void execute(Runnable task) {
        tasks.add(task);
        host.poller().wakeUp();
    }

    /**
     * Does something on the thread, and waits until it has been done.
     *
     * @throws LvsException what it throws
     */
    void call(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        execute(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        boolean interrupted = false;
        while (!done.isDone() && thread.isAlive()) {
            try {
                done.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (TimeoutException | ExecutionException e) {
                // the thread may have ended meanwhile; what failed is thrown below
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!done.isDone()) {
            throw new IllegalStateException("virtual routers: their thread has ended (expected: running)");
        }
        try {
            done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** {@return all routers} */
    List<Party> parties() {
        return parties;
    }

    /** Notes that these are all routers from now on. On the thread. */
    void parties(List<Party> all) {
        parties = List.copyOf(all);
    }

    Host host() {
        return host;
    }

    /** {@return routers that may be added to those that there are} */
    Party party(Together described, Following following) {
        return new Party(described, host, clock, following);
    }

    /** Has masters say farewell, and waits for the end. */
    void stop() {
        stopping = true;
        host.poller().wakeUp();
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(JOIN_MILLIS);
        for (long left = JOIN_MILLIS;
                thread.isAlive() && left > 0;
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())) {
            try {
                thread.join(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            parties.forEach(each -> guarded(each::begin));
            renewAt = clock.getAsLong();
            while (!stopping) {
                if (!guarded(this::turn)) {
                    LockSupport.parkNanos(AFTER_ERROR);
                }
            }
        } finally {
            parties.forEach(each -> guarded(each::end));
            parties.forEach(each -> guarded(each::close));
            host.close();
        }
    }

    /**
     * Does something whose failure must not end the thread, not even that of a class which cannot be loaded for lack of descriptors.
     *
     * @return whether it did not fail
     */
    static boolean guarded(Runnable action) {
        try {
            action.run();
            return true;
        } catch (RuntimeException | Error e) {
            log.error("Virtual routers: something failed; going on", e);
            return false;
        }
    }

    private void turn() {
        List<Pollable> ready = host.poller().poll(nanosToWait());
        parties.forEach(Party::receive);
        boolean again = behind && renewAt - clock.getAsLong() <= 0; // perhaps nothing more is told
        if (again || ready.contains(host.monitor().pollable())) {
            interfacesChanged();
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        timers();
        long now = clock.getAsLong();
        if (renewAt - now <= 0) {
            parties.forEach(Party::renew);
            renewAt = now + RENEWAL;
        }
        parties.forEach(Party::show);
    }

    /**
     * Adverts come first, as others take over who is silent; of many take-overs some wait for the next turn, so that who has just become master
     * is not silent for the sake of the others.
     */
    private void timers() {
        Map<Boolean, List<Party>> speaking = parties.stream().collect(Collectors.partitioningBy(Party::speaks));
        speaking.getOrDefault(true, List.of()).forEach(Party::timer);
        long end = clock.getAsLong() + TAKE_OVERS;
        for (Party each : speaking.getOrDefault(false, List.of())) {
            each.timer();
            if (clock.getAsLong() - end >= 0) {
                break;
            }
        }
    }

    private void interfacesChanged() {
        try {
            List<Change> changes = host.monitor().changes();
            parties.forEach(each -> each.changed(changes));
            behind = false;
        } catch (LvsException e) {
            behind = true;
            log.warn("{}; trying again", e.getMessage());
        }
    }

    private long nanosToWait() {
        long now = clock.getAsLong();
        long wait = renewAt - now;
        for (Party each : parties) {
            OptionalLong deadline = each.deadline();
            if (deadline.isPresent()) {
                wait = Math.min(wait, deadline.getAsLong() - now);
            }
        }
        return wait;
    }
}
