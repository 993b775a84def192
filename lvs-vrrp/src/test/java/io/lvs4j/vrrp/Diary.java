package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Writes down what a speaker tells, and waits for it. */
final class Diary implements VrrpListener {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<VrrpEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(VrrpEvent event) {
        events.add(event);
    }

    /** Waits until the latest state that was told is a router's. */
    void await(String router, RouterState state) {
        await(events -> latest(router).equals(Optional.of(state)));
    }

    void await(Predicate<List<VrrpEvent>> condition) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(condition.test(events)).as("%s", events).isTrue());
    }

    Optional<RouterState> latest(String router) {
        return states(router).stream().reduce((first, second) -> second);
    }

    List<RouterState> states(String router) {
        return events.stream()
                .filter(VrrpEvent.RouterEntered.class::isInstance)
                .map(VrrpEvent.RouterEntered.class::cast)
                .filter(each -> each.name().equals(router))
                .map(VrrpEvent.RouterEntered::state)
                .toList();
    }

    /** Returns when a router has entered a state last. */
    Instant when(String router, RouterState state) {
        return events.stream()
                .filter(VrrpEvent.RouterEntered.class::isInstance)
                .map(VrrpEvent.RouterEntered.class::cast)
                .filter(each -> each.name().equals(router) && each.state() == state)
                .reduce((first, second) -> second)
                .orElseThrow()
                .time();
    }

    List<VrrpEvent> all() {
        return List.copyOf(events);
    }

    void clear() {
        events.clear();
    }

    static void until(Callable<Boolean> condition) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(condition);
    }
}
