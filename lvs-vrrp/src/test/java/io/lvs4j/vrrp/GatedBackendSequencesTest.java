package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.BackendException;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Pool;
import io.lvs4j.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Sequences of what directors and routers do, against what the carrier should have after them, found by looking at all that has been. */
class GatedBackendSequencesTest {
    private static final int DRAIN = 3;
    private static final List<String> ADDRESSES = List.of("10.0.0.1", "10.0.0.2", "10.0.0.3");
    /** Those that there are first, and others that there may be. */
    private static final List<List<VirtualRouter>> ROUTERS =
            List.of(routers(0, 1), routers(2, 1), routers(1, 0), List.of(router("two", 1)), List.of());

    /** In the first of them of router one, of router two, of both, of none. */
    private static final List<VirtualService> SERVICES = List.of(
            VirtualService.builder().listen(ADDRESSES.get(0), 80).build(),
            VirtualService.builder().listen(ADDRESSES.get(1), 80).build(),
            VirtualService.builder()
                    .listen(ADDRESSES.get(0), 81)
                    .listen(ADDRESSES.get(1), 81)
                    .build(),
            VirtualService.builder().listen(ADDRESSES.get(2), 80).build());

    private static List<VirtualRouter> routers(int addressOfOne, int addressOfTwo) {
        return List.of(router("one", addressOfOne), router("two", addressOfTwo));
    }

    private static VirtualRouter router(String name, int address) {
        return ElectionDrive.router().name(name).address(ADDRESSES.get(address)).build();
    }

    private enum What {
        ADD,
        UPDATE,
        REMOVE,
        QUIESCE,
        ENTER,
        ROUTERS,
        BREAK,
        MEND,
        WAIT
    }

    /** Something that is done; number is a weight, or seconds. */
    private record Step(What what, int service, String router, RouterState state, int number) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return steps(
                What.ADD,
                What.UPDATE,
                What.REMOVE,
                What.QUIESCE,
                What.ENTER,
                What.ENTER,
                What.ENTER,
                What.ROUTERS,
                What.WAIT);
    }

    @Provide
    Arbitrary<List<Step>> stepsWithFailures() {
        return steps(
                What.ADD,
                What.ADD,
                What.UPDATE,
                What.REMOVE,
                What.ENTER,
                What.ENTER,
                What.ROUTERS,
                What.BREAK,
                What.MEND,
                What.WAIT);
    }

    private static Arbitrary<List<Step>> steps(What... kinds) {
        return Combinators.combine(
                        Arbitraries.of(kinds),
                        Arbitraries.integers().between(0, SERVICES.size() - 1),
                        Arbitraries.of("one", "two"),
                        Arbitraries.of(
                                RouterState.MASTER,
                                RouterState.MASTER,
                                RouterState.MASTER,
                                RouterState.BACKUP,
                                RouterState.FAULT,
                                RouterState.INITIALIZE),
                        Arbitraries.integers().between(0, 7))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    /** A gate before a table, and all that was done. Times are seconds. */
    private static final class Scene {
        final ManualTime time = new ManualTime();
        final TableCarrier carrier = new TableCarrier();
        final List<String> failures = new ArrayList<>();
        final GatedBackend gated = new GatedBackend(
                carrier,
                ROUTERS.get(0),
                Duration.ofSeconds(DRAIN),
                failed -> failures.add(failed.what()),
                time,
                () -> {});
        final Map<Integer, Pool> described = new HashMap<>();
        final List<Step> done = new ArrayList<>();
        final List<Integer> times = new ArrayList<>();
        int now;

        /** Does it, unless a director would not, or it fails. */
        void take(Step step) {
            boolean there = described.containsKey(step.service);
            ServiceKey key = SERVICES.get(step.service).key();
            Pool pool = pool(step);
            switch (step.what) {
                case ADD -> {
                    if (there || !works(() -> gated.add(pool))) {
                        return;
                    }
                    described.put(step.service, pool);
                }
                case UPDATE -> {
                    if (!there) {
                        return;
                    }
                    gated.update(pool);
                    described.put(step.service, pool);
                }
                case REMOVE -> {
                    if (!there || !works(() -> gated.remove(key))) {
                        return;
                    }
                    described.remove(step.service);
                }
                case QUIESCE -> {
                    if (!there || quiesced(step.service, done.size() - 1) >= 0) {
                        return;
                    }
                    gated.quiesce(key);
                }
                case ENTER -> {
                    if (routers(done.size() - 1).stream()
                            .noneMatch(each -> each.name().equals(step.router))) {
                        return;
                    }
                    gated.entered(step.router, step.state);
                }
                case ROUTERS -> gated.routers(ROUTERS.get(step.number % ROUTERS.size()));
                case BREAK -> carrier.broken.add(key);
                case MEND -> carrier.broken.remove(key);
                case WAIT -> {
                    int seconds = step.number % (DRAIN + 1);
                    time.advance(Duration.ofSeconds(seconds));
                    now += seconds;
                }
            }
            done.add(step);
            times.add(now);
        }

        private static boolean works(Runnable call) {
            try {
                call.run();
                return true;
            } catch (BackendException e) {
                return false;
            }
        }

        private static Pool pool(Step step) {
            RealServer server = RealServer.builder(ServerKey.of("10.1.0.1", 80))
                    .weight(step.number)
                    .build();
            return new Pool(
                    SERVICES.get(step.service).withRealServers(List.of(server)),
                    List.of(new Pool.Member(server, step.number, true)));
        }

        Map<ServiceKey, TableCarrier.Row> expected() {
            Map<ServiceKey, TableCarrier.Row> rows = new HashMap<>();
            described.forEach((service, pool) -> {
                if (isCarried(service, done.size() - 1)) {
                    boolean takes = quiesced(service, done.size() - 1) < 0 && isHere(service, done.size() - 1);
                    rows.put(pool.service().key(), new TableCarrier.Row(pool, takes));
                }
            });
            return rows;
        }

        /** Whether the carrier has a service after a step. */
        private boolean isCarried(int service, int step) {
            int quiesced = quiesced(service, step);
            if (quiesced >= 0) { // it stays as long as it would have without coming back
                int last = lastHere(service, quiesced);
                int left = last < 0 ? -1 : firstGone(service, last, step);
                return isCarried(service, quiesced - 1) && (left < 0 || times.get(step) < times.get(left) + DRAIN);
            }
            int last = lastHere(service, step);
            return last >= 0 && (last == step || times.get(step) < times.get(last + 1) + DRAIN);
        }

        private int added(int service, int step) {
            return last(step, it -> it.what == What.ADD && it.service == service);
        }

        /** When the director has quiesced a service that is there; negative = it has not. */
        private int quiesced(int service, int step) {
            for (int i = added(service, step); i <= step; i++) {
                if (done.get(i).what == What.QUIESCE && done.get(i).service == service) {
                    return i;
                }
            }
            return -1;
        }

        private int last(int until, Predicate<Step> which) {
            for (int i = until; i >= 0; i--) {
                if (which.test(done.get(i))) {
                    return i;
                }
            }
            return -1;
        }

        /** The last step after which all its routers were master, since it was added; negative = there was none. */
        private int lastHere(int service, int until) {
            for (int i = until; i >= added(service, until); i--) {
                if (isHere(service, i)) {
                    return i;
                }
            }
            return -1;
        }

        private int firstGone(int service, int from, int until) {
            for (int i = from; i <= until; i++) {
                if (!isHere(service, i)) {
                    return i;
                }
            }
            return -1;
        }

        private boolean isHere(int service, int step) {
            Set<String> masters = new HashSet<>();
            for (int i = 0; i <= step; i++) {
                Step it = done.get(i);
                if (it.what == What.ENTER) {
                    if (it.state == RouterState.MASTER) {
                        masters.add(it.router);
                    } else {
                        masters.remove(it.router);
                    }
                } else if (it.what == What.ROUTERS) {
                    masters.retainAll(
                            routers(i).stream().map(VirtualRouter::name).toList());
                }
            }
            return routers(step).stream()
                    .filter(each -> listens(service, each))
                    .allMatch(each -> masters.contains(each.name()));
        }

        private static boolean listens(int service, VirtualRouter router) {
            ServiceKey.Listening key =
                    (ServiceKey.Listening) SERVICES.get(service).key();
            return key.addresses().stream()
                    .anyMatch(each -> router.addresses().stream()
                            .anyMatch(of -> of.address().equals(each.address())));
        }

        /** The routers that there are after a step. */
        private List<VirtualRouter> routers(int step) {
            int change = last(step, it -> it.what == What.ROUTERS);
            return ROUTERS.get(change < 0 ? 0 : done.get(change).number % ROUTERS.size());
        }
    }

    @Property
    void theCarrierHasWhatItShouldAfterEachStep(@ForAll("steps") List<Step> steps) {
        Scene scene = new Scene();
        for (Step step : steps) {
            scene.take(step);
            if (!scene.done.isEmpty()) {
                assertThat(scene.carrier.rows).as("after %s", scene.done).isEqualTo(scene.expected());
            }
        }
        assertThat(scene.carrier.misuse).isEmpty();
        assertThat(scene.failures).isEmpty();
    }

    @Property
    void whateverFailsTheCarrierHasWhatItShouldInTheEnd(@ForAll("stepsWithFailures") List<Step> steps) {
        Scene scene = new Scene();
        steps.forEach(scene::take);
        scene.carrier.broken.clear();
        scene.time.advance(Duration.ofSeconds(DRAIN).plus(GatedBackend.RETRY));
        scene.now += DRAIN + 1;
        scene.done.add(new Step(What.WAIT, 0, "one", RouterState.MASTER, 0));
        scene.times.add(scene.now);

        assertThat(scene.carrier.rows).isEqualTo(scene.expected());
        assertThat(scene.carrier.misuse).isEmpty();
        assertThat(scene.time.pending()).isZero();
    }
}
