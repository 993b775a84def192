package io.lvs4j.vrrp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * When a master announces its addresses again. What is said at once, on becoming master and on hearing a lower priority, is said by {@link Election};
 * this has what comes later. keepalived looks at the times of refreshes with each advert that it sends; here they have a time of their own.
 * Whatever is heard, at most one announcement of a kind waits. Not thread-safe.
 */
final class AnnouncementSchedule {
    private final Announcements settings;
    private final Map<Kind, Long> due = new EnumMap<>(Kind.class);

    private enum Kind {
        AFTER_BECOMING_MASTER,
        AFTER_LOWER_PRIORITY,
        REFRESH,
        ELSEWHERE
    }

    AnnouncementSchedule(Announcements settings) {
        this.settings = settings;
    }

    /** Begins, when the router has become master. */
    void start(long now) {
        due.clear();
        in(Kind.AFTER_BECOMING_MASTER, settings.delay(), now);
        in(Kind.REFRESH, settings.refresh(), now);
        in(Kind.ELSEWHERE, settings.otherInterfaces(), now);
    }

    /** Forgets everything, when it is master no longer. */
    void stop() {
        due.clear();
    }

    /** Notes that a lower priority was heard. One that waits already is not put off: who keeps sending would put it off for ever. */
    void heardLower(long now) {
        if (settings.lowerPriorityRepeat() > 0 && !due.containsKey(Kind.AFTER_LOWER_PRIORITY)) {
            in(Kind.AFTER_LOWER_PRIORITY, settings.lowerPriorityDelay(), now);
        }
    }

    private void in(Kind kind, Duration delay, long now) {
        if (!delay.isZero()) {
            due.put(kind, now + delay.toNanos());
        }
    }

    /** {@return when there is something to announce} */
    OptionalLong deadline() {
        return due.values().stream()
                .mapToLong(Long::longValue)
                .reduce((first, second) -> first - second < 0 ? first : second);
    }

    /** {@return what is due, which is then due no longer, or at its next time} */
    List<Action> take(long now) {
        List<Action> actions = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Long at = due.get(kind);
            if (at != null && at - now <= 0) {
                due.remove(kind);
                actions.addAll(action(kind, now));
            }
        }
        return actions;
    }

    private List<Action> action(Kind kind, long now) {
        return switch (kind) {
            case AFTER_BECOMING_MASTER -> List.of(new Action.Announce(settings.repeat()));
            case AFTER_LOWER_PRIORITY -> List.of(new Action.Announce(settings.lowerPriorityRepeat()));
            case REFRESH -> {
                in(kind, settings.refresh(), now);
                yield settings.refreshRepeat() > 0
                        ? List.of(new Action.Announce(settings.refreshRepeat()))
                        : List.<Action>of();
            }
            case ELSEWHERE -> {
                in(kind, settings.otherInterfaces(), now);
                yield List.of(new Action.AnnounceElsewhere());
            }
        };
    }
}
