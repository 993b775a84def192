package io.lvs4j.vrrp;

import static io.lvs4j.vrrp.Packets.address;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** An election, a clock that stands where it is put, and the actions as short words. */
final class ElectionDrive {
    static final InetAddress US = address("192.0.2.5");
    static final InetAddress LOWER = address("192.0.2.4");
    static final InetAddress HIGHER = address("192.0.2.200");
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    final VirtualRouter router;
    final Election election;
    /** Near where nanoseconds wrap. */
    private long now = Long.MAX_VALUE - 2000 * MILLI;

    ElectionDrive(VirtualRouterBuilder builder) {
        router = builder.build();
        election = new Election(router, US);
    }

    /** A router of priority 100, version 3, an advert a second, that announces nothing later. */
    static VirtualRouterBuilder router() {
        return VirtualRouter.builder()
                .name("r")
                .networkInterface("eth0")
                .virtualRouterId(1)
                .version(VrrpVersion.V3)
                .announcements(announcements(0, 0, 0))
                .address("192.0.2.100/24");
    }

    static Announcements announcements(long delay, long refresh, long lowerDelay) {
        return new Announcements(
                5,
                Duration.ofSeconds(delay),
                Duration.ofSeconds(refresh),
                2,
                3,
                Duration.ofSeconds(lowerDelay),
                Duration.ZERO);
    }

    static ElectionDrive begun(VirtualRouterBuilder builder) {
        ElectionDrive drive = new ElectionDrive(builder);
        drive.startup();
        return drive;
    }

    static ElectionDrive master(VirtualRouterBuilder builder) {
        ElectionDrive drive = begun(builder);
        drive.waits(5000);
        return drive;
    }

    List<String> startup() {
        return words(election.startup(now));
    }

    List<String> resume(ElectionDrive before) {
        now = before.now;
        return words(election.resume(before.election, now));
    }

    List<String> shutdown() {
        return words(election.shutdown());
    }

    List<String> fault() {
        return words(election.fault());
    }

    List<String> recovered() {
        return words(election.recovered(now));
    }

    List<String> priority(int priority) {
        return words(election.priority(priority, now));
    }

    List<String> hears(int priority, InetAddress source) {
        return hears(priority, source, router.advertisementInterval());
    }

    List<String> hears(int priority, InetAddress source, Duration interval) {
        Advertisement advert =
                new Advertisement(router.version(), 1, priority, interval, List.of(address("192.0.2.100")), 0, 0);
        return words(election.advertisement(advert, source, now));
    }

    /** {@return what is done in the next milliseconds, with nothing to find when it looks} */
    List<String> waits(long millis) {
        long end = now + millis * MILLI;
        List<String> done = new ArrayList<>();
        OptionalLong next = election.deadline();
        while (next.isPresent() && next.getAsLong() - end <= 0) {
            now = next.getAsLong() - now > 0 ? next.getAsLong() : now;
            done.addAll(timer());
            next = election.deadline();
        }
        now = end;
        done.removeIf("look"::equals);
        return done;
    }

    /** Stands still: time goes by, and nothing is called. */
    void sleeps(long millis) {
        now += millis * MILLI;
    }

    /** Puts the clock where the deadline is so many milliseconds away. */
    void puts(long millis) {
        now = election.deadline().orElseThrow() - millis * MILLI;
    }

    List<String> timer() {
        return words(election.timer(now));
    }

    /** {@return milliseconds until the deadline; -1 = there is none} */
    long due() {
        OptionalLong deadline = election.deadline();
        return deadline.isPresent() ? (deadline.getAsLong() - now) / MILLI : -1;
    }

    static List<String> words(List<Action> actions) {
        return actions.stream().map(ElectionDrive::word).toList();
    }

    private static String word(Action action) {
        if (action instanceof Action.Send send) {
            return "send " + send.priority();
        }
        if (action instanceof Action.Announce announce) {
            return "announce " + announce.repeat();
        }
        if (action instanceof Action.Enter enter) {
            return enter.state().name();
        }
        if (action instanceof Action.PriorityChanged changed) {
            return "priority " + changed.priority();
        }
        if (action instanceof Action.HeardLower lower) {
            return "lower " + lower.priority();
        }
        return switch (action.getClass().getSimpleName()) {
            case "AddAddresses" -> "add";
            case "RemoveAddresses" -> "remove";
            case "AnnounceElsewhere" -> "elsewhere";
            case "AnnounceSource" -> "source";
            case "OwnerConflict" -> "conflict";
            case "Look" -> "look";
            default -> throw new AssertionError(action);
        };
    }
}
