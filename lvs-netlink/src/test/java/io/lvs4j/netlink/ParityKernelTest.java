package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.ListenAddress;
import io.lvs4j.Persistence;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.VirtualService;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The same happens to the kernel and to the engine, and both choose the same servers. What scripts leave out, because there
 * the two differ, is in {@link DifferencesKernelTest}.
 */
@Isolated // it has the kernel remember connections that have ended
class ParityKernelTest {
    /** Between them they have both masks and both ways with persistent clients of a quiescent server. */
    private static final int[] SEEDS = {0, 3};

    private static final int STEPS = 100;
    private static final int SHORT = 20;
    private static final int MARKED_ADDRESSES = 8;

    @TestFactory
    Stream<DynamicTest> bothChooseAlike() {
        return each((service, seed) -> service);
    }

    @TestFactory
    Stream<DynamicTest> bothKeepClientsOnTheirServersAlike() {
        return each((service, seed) -> service.persistence(Persistence.of(Duration.ofMinutes(5))
                .withNetmask(seed % 2 == 0 ? "255.255.255.255" : "255.255.255.0")
                .withQuiescent(seed % 4 < 2 ? Persistence.Quiescent.EXPIRE : Persistence.Quiescent.KEEP)));
    }

    private static Stream<DynamicTest> each(
            BiFunction<VirtualService.Builder, Integer, VirtualService.Builder> settings) {
        return schedulings().stream()
                .map(scheduling -> DynamicTest.dynamicTest(scheduling.toString(), () -> {
                    try (Twins twins = new Twins()) {
                        for (int seed : SEEDS) {
                            Place place = place(scheduling);
                            VirtualService service =
                                    settings.apply(place.service(), seed).build();
                            try (Twins.Script script = twins.script(service, place.addresses(), seed)) {
                                script.play(STEPS);
                            }
                        }
                    }
                }));
    }

    /** In the kernel a connection that was reset is inactive for 10 s; a template without connections ends in time. */
    @Test
    void bothChooseAlikeWhenWhatEndedHasBeenForgotten() throws Exception {
        Duration timeout = Duration.ofSeconds(15);
        try (Twins twins = new Twins()) {
            List<Twins.Script> scripts = new ArrayList<>();
            for (Scheduling scheduling : schedulings()) {
                Place place = place(scheduling);
                scripts.add(twins.script(place.service().build(), place.addresses(), scripts.size()));
                Place persistent = place(scheduling);
                scripts.add(twins.script(
                        persistent.service().persistence(timeout).build(), persistent.addresses(), scripts.size()));
            }
            scripts.forEach(script -> script.play(SHORT));
            twins.forgetWhatEnded(scripts, timeout);
            scripts.forEach(script -> script.play(SHORT));
        }
    }

    /** All schedulers but {@code twos}, which goes by chance. */
    private static List<Scheduling> schedulings() {
        List<Scheduling> schedulings = new ArrayList<>(Scheduling.names().stream()
                .filter(name -> !name.equals(IpvsHarness.TWOS))
                .map(Scheduling::of)
                .toList());
        schedulings.add(Scheduling.of("sh").withFlags(SchedulerFlag.SH_FALLBACK));
        schedulings.add(Scheduling.of("sh").withFlags(SchedulerFlag.SH_PORT));
        schedulings.add(Scheduling.of("mh").withFlags(SchedulerFlag.MH_FALLBACK));
        schedulings.add(Scheduling.of("mh").withFlags(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK));
        return schedulings;
    }

    /** Where clients connect to. */
    private record Place(VirtualService.Builder service, List<InetAddress> addresses) {}

    /** Schedulers that go by the address connected to get several, which only a mark makes one service in the kernel. */
    private static Place place(Scheduling scheduling) throws Exception {
        KernelNetwork network = KernelNetwork.get();
        if (List.of("dh", "lblc", "lblcr").contains(scheduling.name())) {
            int mark = network.nextMark();
            return new Place(
                    VirtualService.builder().scheduling(scheduling).firewallMark(mark, AddressFamily.INET),
                    IntStream.range(0, MARKED_ADDRESSES)
                            .mapToObj(i -> KernelNetwork.markedAddress(mark, i))
                            .toList());
        }
        InetAddress address = network.virtualAddress();
        return new Place(
                VirtualService.builder()
                        .scheduling(scheduling)
                        .listen(new ListenAddress(address, KernelNetwork.PORT, KernelNetwork.PORT)),
                List.of(address));
    }
}
