package io.lvs4j.scheduler;

import static io.lvs4j.scheduler.OracleTest.byLoadPerWeight;
import static io.lvs4j.scheduler.OracleTest.first;
import static io.lvs4j.scheduler.OracleTest.run;

import io.lvs4j.Scheduling;
import io.lvs4j.scheduler.OracleTest.Model;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** As {@link OracleTest}, for the schedulers that remember addresses. An address comes about every half minute. */
class OracleLocalityTest {
    private static final Duration EXPIRY = Duration.ofSeconds(20);

    @Property(tries = 150)
    void lblc(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int maxWeight) {
        run(Scheduling.of("lblc").withExpiry(EXPIRY), seed, maxWeight, list -> new Remembering(list, false));
    }

    @Property(tries = 200)
    void lblcr(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int maxWeight) {
        run(Scheduling.of("lblcr").withExpiry(EXPIRY), seed, maxWeight, list -> new Remembering(list, true));
    }

    private static final class Remembering implements Model {
        private final List<Destination> list;
        private final boolean sets;
        private final Map<Long, List<Destination>> servers = new HashMap<>(); // the last added first
        private final Map<Long, Long> lastUse = new HashMap<>();
        private final Map<Long, Long> lastChange = new HashMap<>();
        private long now;

        Remembering(List<Destination> list, boolean sets) {
            this.list = list;
            this.sets = sets;
        }

        @Override
        public void at(long time) {
            now = time;
        }

        @Override
        public @Nullable Destination pick(long address) {
            if (servers.containsKey(address) && now - lastUse.get(address) >= EXPIRY.toNanos()) {
                servers.remove(address);
            }
            List<Destination> known = servers.getOrDefault(address, List.of());
            Destination stays = sets
                    ? first(known.stream().filter(list::contains).toList(), byLoadPerWeight())
                    : known.stream()
                            .filter(d -> list.contains(d) && d.weight() > 0)
                            .findFirst()
                            .orElse(null);
            if (servers.containsKey(address)) {
                lastUse.put(address, now);
            }
            if (known.size() > 1 && now - lastChange.get(address) > EXPIRY.toNanos()) {
                shrink(address, known);
            }
            if (stays != null && !tooBusy(stays)) {
                return stays;
            }
            Destination chosen = first(list, byLoadPerWeight());
            if (chosen != null) {
                remember(address, chosen);
            }
            return chosen;
        }

        private boolean tooBusy(Destination destination) {
            return destination.active() > destination.weight()
                    && list.stream().anyMatch(d -> d.active() * 2 < d.weight());
        }

        private void shrink(long address, List<Destination> known) {
            known.stream()
                    .filter(d -> d.weight() > 0)
                    .min(byLoadPerWeight().reversed())
                    .ifPresent(greatest -> change(
                            address, known.stream().filter(d -> d != greatest).toList()));
        }

        private void remember(long address, Destination chosen) {
            lastUse.put(address, now);
            List<Destination> known = servers.getOrDefault(address, List.of());
            if (!known.contains(chosen)) {
                List<Destination> next = new ArrayList<>(List.of(chosen));
                if (sets) {
                    next.addAll(known);
                }
                change(address, next);
            }
        }

        private void change(long address, List<Destination> next) {
            servers.put(address, next);
            lastChange.put(address, now);
        }
    }
}
