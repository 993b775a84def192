package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sh-fallback} and {@code sh-port}. Servers per client as measured on Linux 6.1 and 6.12 ip_vs. */
class SourceHashingFlagsTest {
    private static final String[] SOURCES = Lab.addresses("10.7.0.", 40);

    @ParameterizedTest
    @CsvSource({
        "10.7.0.1, 61000, 192",
        "10.7.0.1, 3000, 185",
        "10.7.0.2, 61037, 68",
        "10.7.0.2, 4001, 116",
        "10.7.0.3, 61074, 200",
        "10.7.0.3, 5002, 47",
        "10.7.0.4, 61111, 76",
        "10.7.0.5, 61148, 208",
        "fd07::1, 61000, 37",
        "fd07::2, 61037, 169",
        "fd07::3, 61074, 45"
    })
    void thePortMovesTheBucket(String client, int port, int bucket) {
        List<Destination> list = Destinations.of(Collections.nCopies(256, 1)); // so that place and bucket are the same
        Scheduler scheduler = scheduler(list, SchedulerFlag.SH_PORT);
        Flow flow = flow(client, port);
        assertThat(list.indexOf(scheduler.pick(flow))).isEqualTo(bucket);
        assertThat(scheduler.explain(flow))
                .contains(new Scheduler.Choice(list.get(bucket), "bucket " + bucket + " of 256 belongs to it"));
    }

    @Test
    void fallbackFindsAnotherServer() {
        Lab lab = Lab.of("sh", 1, 0, 1)
                .service(service -> service.scheduling(Scheduling.of("sh").withFlags(SchedulerFlag.SH_FALLBACK)));
        assertThat(lab.pickFrom(SOURCES).replace(" ", "")).isEqualTo("AAACCACACACACAAACAACAAACACAAACACCAAACACA");
    }

    @Test
    void fallbackBeginsAtTwiceTheBucket() {
        Scheduler scheduler = scheduler(manyOfWhichSomeAreQuiesced(), SchedulerFlag.SH_FALLBACK);
        assertThat(IntStream.rangeClosed(1, 40)
                        .mapToObj(i -> added(scheduler.pick(flow("10.7.0." + i, 40000))))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(
                        "89 202 104 13 71 67 225 255 60 188 90 236 45 104 211 113 15 91 148 234 136 38 137 199 1 159 123"
                                + " 181 122 24 104 169 243 145 47 155 214 16 168 70");
    }

    @Test
    void fallbackAndPortGoTogether() {
        Scheduler scheduler = scheduler(manyOfWhichSomeAreQuiesced(), SchedulerFlag.SH_FALLBACK, SchedulerFlag.SH_PORT);
        assertThat(IntStream.rangeClosed(1, 12)
                        .mapToObj(i -> added(scheduler.pick(flow("10.7.0." + i, 61000 + 37 * (i - 1)))))
                        .collect(Collectors.joining(" ")))
                .isEqualTo("126 115 111 179 47 89 81 71 60 157 25 38");
    }

    @Test
    void fallbackPassesOverAnOverloadedServer() {
        List<Destination> list = Destinations.of(Collections.nCopies(256, 1));
        Scheduler scheduler = scheduler(list, SchedulerFlag.SH_FALLBACK);
        Flow flow = flow("10.7.0.1", 1);
        int own = HashBuckets.bucket(flow.clientFolded(), false);
        list.get(own).configure(Destinations.limited(1), 1, true);
        list.get(own).bind();
        int substitute = 2 * own % 256;
        assertThat(scheduler.pick(flow)).isSameAs(list.get(substitute));
        assertThat(scheduler.explain(flow))
                .contains(new Scheduler.Choice(
                        list.get(substitute),
                        "bucket " + own + " of 256 belongs to " + list.get(own).key()
                                + ", which cannot be used; bucket " + substitute
                                + " stands in for it and belongs to this one"));
    }

    @Test
    void whenNobodyCanBeUsedThereIsNoServer() {
        Scheduler scheduler = scheduler(Destinations.of(0, 0, 0), SchedulerFlag.SH_FALLBACK);
        Flow flow = flow("10.7.0.1", 1);
        assertThat(scheduler.pick(flow)).isNull();
        assertThat(scheduler.explain(flow).orElseThrow().destination()).isNull();
        scheduler.update(List.of());
        assertThat(scheduler.pick(flow)).isNull();
        assertThat(scheduler.explain(flow)).contains(new Scheduler.Choice(null, "there are no servers"));
    }

    /** In list order, which is the last added first: the server added as number i has weight 0 for 6 of 11 numbers. */
    private static List<Destination> manyOfWhichSomeAreQuiesced() {
        List<Integer> weights = new ArrayList<>();
        for (int i = 255; i >= 0; i--) {
            weights.add(i * 7919 % 11 < 6 ? 0 : 1);
        }
        return Destinations.of(weights);
    }

    /** The number in order of addition, of a server in a list of 256 made by {@link Destinations}. */
    private static String added(Destination destination) {
        byte[] address = destination.key().address().getAddress();
        int place = (address[2] & 0xff) * 250 + (address[3] & 0xff) - 1;
        return String.valueOf(255 - place);
    }

    private static Scheduler scheduler(List<Destination> list, SchedulerFlag... flags) {
        Scheduler scheduler = Schedulers.create(Scheduling.of("sh").withFlags(flags));
        scheduler.update(list);
        return scheduler;
    }

    private static Flow flow(String client, int port) {
        return new Flow()
                .set(new InetSocketAddress(Lab.literal(client), port), new InetSocketAddress(Lab.literal(client), 80));
    }
}
