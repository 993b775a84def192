package io.lvs4j.vrrp;

import io.lvs4j.vrrp.VirtualRouter.Option;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is master: the state machine of RFC 9568 and RFC 3768, section 6.4 of both, with keepalived's departures. It has no clock, socket or
 * thread: events go in with the time at which they happened, and what is to be done comes out, in order.
 *
 * <pre>
 *                  startup                          nobody heard for the down time
 *  INITIALIZE ───────────────────────────&gt; BACKUP ─────────────────────────────────&gt; MASTER
 *                  startup of the owner         &lt;─────────────────────────────────
 *             ───────────────────────────────────── higher priority, or the same
 *                                                   of a higher address
 *  any ── something tracked fails ──&gt; FAULT ── nothing fails any more ──&gt; BACKUP, the owner MASTER
 *  any ── shutdown ──&gt; INITIALIZE             who leaves MASTER for these two says so with priority 0
 * </pre>
 *
 * <p><b>Honest about time.</b> A process may stand still, and then its timers are late and its adverts overdue. So a timer never acts by itself:
 * the first call asks to {@link Action.Look}, and only the next one, soon after, acts, if what has arrived has left it anything to do. A backup that slept
 * finds its master's adverts, a master that slept finds who has taken over. A master that slept for so long that others may have taken its
 * addresses, or the kernel has let them go, adds and announces them anew with its next advert.
 *
 * <p><b>What is answered is bounded.</b> Adverts of lower priority and farewells are answered at most once in a tenth of the interval. Nothing that
 * is heard moves the time of the next advert, unless one was sent.
 *
 * <p>README.md of this module lists what is keepalived's and what is not. Times are nanoseconds of one monotonic clock; only differences count.
 * Not thread-safe.
 */
final class Election {
    private static final int ANSWERS = 10;
    private static final long LONGEST_LOOK = Duration.ofMillis(250).toNanos();
    private static final int CONFLICT = VirtualRouter.OWNER - 1;

    private final VirtualRouter router;
    private final MasterTimes times;
    private final long interval;
    private final AnnouncementSchedule schedule;
    private final boolean mayBeginAsMaster;
    private final BooleanSupplier permission;

    private InetAddress localAddress;
    private RouterState state = RouterState.INITIALIZE;
    private int priority;
    private boolean owner;
    private boolean faulty;
    /** As BACKUP: when its master is gone; as MASTER: when its next advert is due. */
    private long due;
    /** As BACKUP: the interval that its master names; version 2 has but one. */
    private long masterInterval;

    private @Nullable InetAddress master;
    /** As BACKUP: from when on a master of lower priority is not put up with; null = the delay has not begun. */
    private @Nullable Long preemptAt;
    /** As BACKUP: its master is gone, and the group does not let it follow yet. */
    private boolean wantsMaster;
    /** When {@link Action.Look} was asked for; null = there is nothing to do. */
    private @Nullable Long lookedAt;
    /** As MASTER: it slept for too long. */
    private boolean reassert;
    /** As MASTER: when somebody was answered last. */
    private @Nullable Long answeredAt;

    /**
     * An election of a router that is in no group.
     *
     * @param router it
     * @param localAddress where its adverts come from: what decides between equal priorities
     */
    Election(VirtualRouter router, InetAddress localAddress) {
        this(router, localAddress, true, () -> true);
    }

    /**
     * An election of a router in a group.
     *
     * @param router it
     * @param localAddress where its adverts come from
     * @param mayBeginAsMaster whether an owner, and a router whose initial state is master, begin as such
     * @param permission asked before it becomes master
     */
    Election(VirtualRouter router, InetAddress localAddress, boolean mayBeginAsMaster, BooleanSupplier permission) {
        this.router = router;
        this.localAddress = localAddress;
        this.mayBeginAsMaster = mayBeginAsMaster;
        this.permission = permission;
        times = new MasterTimes(router.version(), router.downAfterAdverts());
        interval = router.advertisementInterval().toNanos();
        masterInterval = interval;
        schedule = new AnnouncementSchedule(router.announcements());
        priority = router.priority();
        owner = priority == VirtualRouter.OWNER;
    }

    RouterState state() {
        return state;
    }

    /** {@return the priority in force, 1..255} */
    int priority() {
        return priority;
    }

    /** {@return the master that a backup has heard last} */
    Optional<InetAddress> master() {
        return Optional.ofNullable(master);
    }

    /** {@return whether it is master, or would be but for its group} */
    boolean wantsMaster() {
        return wantsMaster || state == RouterState.MASTER;
    }

    /** {@return when {@link #timer} is to be called; empty = not until something else happens} */
    OptionalLong deadline() {
        return switch (state) {
            case INITIALIZE, FAULT -> OptionalLong.empty();
            case BACKUP -> OptionalLong.of(due);
            case MASTER -> {
                OptionalLong announcement = schedule.deadline();
                yield announcement.isPresent() && announcement.getAsLong() - due < 0
                        ? announcement
                        : OptionalLong.of(due);
            }
        };
    }

    /** Notes that adverts come from another address from now on. */
    void localAddress(InetAddress address) {
        localAddress = address;
    }

    /** {@return what is to be done when the router begins} */
    List<Action> startup(long now) {
        if (state != RouterState.INITIALIZE) {
            return List.of();
        }
        if (faulty) {
            state = RouterState.FAULT;
            return List.of(new Action.RemoveAddresses(), new Action.Enter(state));
        }
        if (owner && mayBeginAsMaster && permission.getAsBoolean()) {
            return becomeMaster(now);
        }
        List<Action> actions = becomeBackup(now, new Action.RemoveAddresses());
        if (mayBeginAsMaster && owner) {
            wantsMaster = true;
        } else if (mayBeginAsMaster && router.initialState() == VirtualRouter.State.MASTER) {
            due = now + times.beginning(interval);
        }
        return actions;
    }

    /**
     * {@return what is to be done when the router begins where it has been under another description} A master goes on as master, unless something fails
     * that it needs now; a backup goes on waiting for the master that it knows, from when it heard it. Nobody is told of a state that stays.
     *
     * @param before its election until now
     */
    List<Action> resume(Election before, long now) {
        RouterState was = before.state;
        List<Action> actions = new ArrayList<>();
        if (was == RouterState.MASTER) {
            actions.addAll(becomeMaster(now));
            if (faulty) {
                actions.clear();
                actions.addAll(leave(RouterState.FAULT));
            }
        } else if (was == RouterState.BACKUP && !faulty) {
            actions.addAll(becomeBackup(now, new Action.RemoveAddresses()));
            master = before.master;
            masterInterval = before.masterInterval;
            preemptAt = router.preemptDelay().equals(before.router.preemptDelay()) ? before.preemptAt : null;
            wantsMaster = before.wantsMaster;
            due = before.due
                    + times.down(priority, masterInterval)
                    - before.times.down(before.priority, masterInterval);
        } else {
            actions.addAll(startup(now));
        }
        actions.remove(new Action.Enter(was));
        return actions;
    }

    /** {@return what is to be done when the router ends} */
    List<Action> shutdown() {
        if (state == RouterState.INITIALIZE) {
            return List.of();
        }
        return leave(RouterState.INITIALIZE);
    }

    /** {@return what is to be done when something fails that the router needs} Before it begins, it is noted only. */
    List<Action> fault() {
        boolean before = faulty;
        faulty = true;
        return before || state == RouterState.INITIALIZE ? List.of() : leave(RouterState.FAULT);
    }

    /** {@return what is to be done when nothing fails any more} */
    List<Action> recovered(long now) {
        faulty = false;
        if (state != RouterState.FAULT) {
            return List.of();
        }
        if (owner && mayBeginAsMaster && permission.getAsBoolean()) {
            return becomeMaster(now);
        }
        boolean unicast = !router.transport().peers().isEmpty();
        List<Action> actions = unicast ? becomeBackup(now, new Action.AnnounceSource()) : becomeBackup(now);
        wantsMaster = owner && mayBeginAsMaster;
        return actions;
    }

    /**
     * {@return what is to be done when tracking changes the priority} An owner's does not change.
     *
     * @param priority 1..254
     */
    List<Action> priority(int priority, long now) {
        VirtualRouter.requirePriority(priority);
        if (owner || priority == this.priority) {
            return List.of();
        }
        if (state == RouterState.BACKUP) {
            due += times.skew(priority, masterInterval) - times.skew(this.priority, masterInterval);
        }
        this.priority = priority;
        return List.of(new Action.PriorityChanged(priority));
    }

    /**
     * {@return what is to be done when an advert has arrived that {@link AdvertisementReceiver} lets through}
     *
     * @param advert it
     * @param source who sent it
     */
    List<Action> advertisement(Advertisement advert, InetAddress source, long now) {
        return switch (state) {
            case INITIALIZE, FAULT -> List.of();
            case BACKUP -> {
                backupHears(advert, source, now);
                yield List.of();
            }
            case MASTER -> masterHears(advert, source, now);
        };
    }

    private void backupHears(Advertisement advert, InetAddress source, long now) {
        if (advert.priority() == Advertisement.FAREWELL) {
            due = now + times.skew(priority, masterInterval);
            return;
        }
        master = source;
        boolean lower = advert.priority() < priority;
        if (lower && router.preempt() && !putsUp(now)) {
            return;
        }
        if (!lower) {
            preemptAt = null;
        }
        learn(advert);
        wantsMaster = false;
        due = now + times.down(priority, masterInterval);
    }

    /** Whether a lower priority is put up with, because the delay of preemption has not passed. The first that is heard begins it. */
    private boolean putsUp(long now) {
        if (router.preemptDelay().isZero()) {
            return false;
        }
        if (preemptAt == null) {
            preemptAt = now + router.preemptDelay().toNanos();
        }
        return preemptAt - now > 0;
    }

    private void learn(Advertisement advert) {
        masterInterval = advert.interval().toNanos();
    }

    private List<Action> masterHears(Advertisement advert, InetAddress source, long now) {
        List<Action> actions = new ArrayList<>();
        noticeSleep(now);
        if (advert.priority() == Advertisement.FAREWELL) {
            if (mayAnswer(now)) {
                send(actions, now);
            }
            return actions;
        }
        if (owner && advert.priority() == VirtualRouter.OWNER) {
            owner = false;
            priority = CONFLICT;
            actions.add(new Action.OwnerConflict(source));
        }
        if (outranks(advert, source)) {
            if (router.has(Option.HIGHER_PRIORITY_SEND_ADVERT) && !router.has(Option.STRICT)) {
                actions.add(new Action.Send(priority));
            }
            actions.addAll(becomeBackup(now, new Action.RemoveAddresses()));
            master = source;
            learn(advert);
            due = now + times.down(priority, masterInterval);
        } else if (mayAnswer(now)) {
            answerLower(actions, now);
            actions.add(new Action.HeardLower(source, advert.priority()));
        }
        return actions;
    }

    private boolean outranks(Advertisement advert, InetAddress source) {
        return advert.priority() > priority
                || (advert.priority() == priority
                        && Arrays.compareUnsigned(source.getAddress(), localAddress.getAddress()) > 0);
    }

    private boolean mayAnswer(long now) {
        if (answeredAt != null && now - answeredAt < interval / ANSWERS) {
            return false;
        }
        answeredAt = now;
        return true;
    }

    private void answerLower(List<Action> actions, long now) {
        if (!router.has(Option.LOWER_PRIORITY_NO_ADVERT) && !router.has(Option.STRICT)) {
            send(actions, now);
        }
        actions.addAll(announceAfterLower(now));
    }

    /** {@return what a master announces when it, or another of its group, has heard a lower priority} */
    List<Action> announceAfterLower(long now) {
        long repeat = router.announcements().lowerPriorityRepeat();
        if (state != RouterState.MASTER || repeat == 0 || router.has(Option.STRICT)) {
            return List.of();
        }
        schedule.heardLower(now);
        return List.of(new Action.Announce(repeat));
    }

    /** {@return what is to be done because it is time to} Calls before the {@link #deadline} do nothing. */
    List<Action> timer(long now) {
        OptionalLong deadline = deadline();
        if (deadline.isEmpty() || deadline.getAsLong() - now > 0) {
            lookedAt = null;
            return List.of();
        }
        noticeSleep(now);
        if (!hasLooked(now)) {
            return List.of(new Action.Look());
        }
        if (state == RouterState.BACKUP) {
            return masterIsGone(now);
        }
        List<Action> actions = new ArrayList<>();
        if (due - now <= 0) {
            send(actions, now);
        }
        actions.addAll(schedule.take(now));
        return actions;
    }

    /** Whether what arrived has just been looked at. If not, it has to be now. */
    private boolean hasLooked(long now) {
        boolean looked = lookedAt != null && now - lookedAt <= Math.min(interval / 2, LONGEST_LOOK);
        lookedAt = looked ? null : now;
        return looked;
    }

    private List<Action> masterIsGone(long now) {
        if (!permission.getAsBoolean()) {
            wantsMaster = true;
            due = now + times.down(priority, masterInterval);
            return List.of();
        }
        return becomeMaster(now);
    }

    /** {@return what is to be done when another of the group has become master} */
    List<Action> follow(long now) {
        return state == RouterState.BACKUP ? becomeMaster(now) : List.of();
    }

    /** {@return what is to be done when another of the group has given way} Nobody is told: the new master is heard already. */
    List<Action> giveWay(long now) {
        return state == RouterState.MASTER ? becomeBackup(now, new Action.RemoveAddresses()) : List.of();
    }

    private List<Action> becomeMaster(long now) {
        state = RouterState.MASTER;
        forget();
        schedule.start(now);
        List<Action> actions = new ArrayList<>();
        send(actions, now);
        actions.add(new Action.AddAddresses());
        actions.add(new Action.Announce(router.announcements().repeat()));
        actions.add(new Action.Enter(state));
        return actions;
    }

    private List<Action> becomeBackup(long now, Action... first) {
        state = RouterState.BACKUP;
        forget();
        schedule.stop();
        due = now + times.down(priority, masterInterval);
        List<Action> actions = new ArrayList<>(List.of(first));
        actions.add(new Action.Enter(state));
        return actions;
    }

    private List<Action> leave(RouterState next) {
        boolean wasMaster = state == RouterState.MASTER;
        state = next;
        forget();
        schedule.stop();
        Action enter = new Action.Enter(next);
        return wasMaster
                ? List.of(new Action.Send(Advertisement.FAREWELL), new Action.RemoveAddresses(), enter)
                : List.of(enter);
    }

    private void forget() {
        masterInterval = interval;
        master = null;
        preemptAt = null;
        wantsMaster = false;
        lookedAt = null;
        reassert = false;
        answeredAt = null;
    }

    /** The down time of others began with the last advert, an interval before this one was due. */
    private void noticeSleep(long now) {
        boolean slept = now - due >= Math.max((times.adverts() - 1) * interval, interval / 2);
        reassert |= state == RouterState.MASTER && slept;
    }

    private void send(List<Action> actions, long now) {
        actions.add(new Action.Send(priority));
        due = now + interval;
        if (reassert) {
            actions.add(new Action.AddAddresses());
            actions.add(new Action.Announce(router.announcements().repeat()));
            reassert = false;
        }
    }
}
