package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code sh} and {@code dh}. Servers per address as measured on Linux 6.1 and 6.12 ip_vs. */
class HashingTest {
    private static final String[] SOURCES = Lab.addresses("10.7.0.", 40);
    private static final String[] TARGETS = Lab.addresses("10.8.200.", 40);

    @TestFactory
    Stream<DynamicTest> bucketsAreTheKernels() throws IOException {
        return Measured.lines("buckets-linux-6.1.txt")
                .map(line -> line.split(" "))
                .map(words -> DynamicTest.dynamicTest(
                        String.join(" ", words),
                        () -> assertThat(bucket(words[0], words[1])).isEqualTo(Integer.parseInt(words[2]))));
    }

    /** With 256 servers of weight 1 the place of the chosen server in the list is the bucket. */
    private static int bucket(String scheduler, String address) {
        List<Destination> list = Destinations.of(Collections.nCopies(256, 1));
        Scheduler hashing = Schedulers.create(io.lvs4j.Scheduling.of(scheduler));
        hashing.update(list);
        String other = address.contains(":") ? "fd00::1" : "10.0.0.1";
        Flow flow = scheduler.equals("sh") ? Lab.flow(address, other) : Lab.flow(other, address);
        return list.indexOf(hashing.pick(flow));
    }

    @Test
    void sourcesAreDealtByWeight() {
        assertThat(sources(Lab.of("sh", 1, 1, 1))).isEqualTo("BABCCACACBCBCBABCBACABBCACAABCBCCABACACA");
        assertThat(sources(Lab.of("sh", 1, 2, 3))).isEqualTo("CACBCCCCBCBCBBCBCBABACBCCCCACBCBCCBCBABA");
        assertThat(sources(Lab.of("sh", 300, 1, 1))).isEqualTo("A".repeat(40));
        assertThat(sources(Lab.of("sh", 1, 1, 300))).isEqualTo("C".repeat(40));
        assertThat(sources(Lab.of("sh", 100, 100, 100))).isEqualTo("ACBACBCBACBCBACBACBCBACBACBCBACBCBACBACB");
    }

    @Test
    void anIpv6SourceIsFolded() {
        String[] clients = IntStream.rangeClosed(1, 30)
                .mapToObj(i -> "fd07::" + Integer.toHexString(i))
                .toArray(String[]::new);
        assertThat(letters(Lab.of("sh", 1, 1, 1).pickFrom(clients))).isEqualTo("ABCBACABBCBCAABCBCCABACBCACBCB");
        assertThat(letters(Lab.of("sh", 1, 2, 3).pickFrom(clients))).isEqualTo("CBCBABACBCBCCACBCBCCBCBCBABBCB");
    }

    @Test
    void weightZeroKeepsItsBucketAndRefuses() {
        assertThat(sources(Lab.of("sh", 1, 0, 1))).isEqualTo("-A-CCACAC-C-C-A-C-ACA--CACAA-C-CCA-ACACA");
        assertThat(sources(Lab.of("sh", 0, 2, 3))).isEqualTo("C-CBCCCCBCBCBBCBCB-B-CBCCCC-CBCBCCBCB-B-");
        assertThat(sources(Lab.of("sh", 1, 0, 1).weight('B', 1))).isEqualTo("BABCCACACBCBCBABCBACABBCACAABCBCCABACACA");
        assertThat(targets(Lab.of("dh", 1, 0, 3))).isEqualTo("A-C-C-A-ACACA--C-CAA-A-ACA-AC-CAA-C-CCA-");
    }

    @Test
    void anOverloadedOwnerRefuses() {
        Lab lab = Lab.of("sh", 1, 1, 1).thresholds('B', 1, 0);
        assertThat(letters(lab.holdFrom(Lab.addresses("10.7.0.", 30)))).isEqualTo("BA-CCACAC-C-C-A-C-ACA--CACAA-C");
    }

    @Test
    void destinationsAreDealtWhateverTheirWeight() {
        assertThat(targets(Lab.of("dh", 1, 1, 1))).isEqualTo("ABCBCBABACACABBCBCAABABACABACBCAABCBCCAB");
        assertThat(targets(Lab.of("dh", 1, 2, 3))).isEqualTo("ABCBCBABACACABBCBCAABABACABACBCAABCBCCAB");
        String[] ipv6 = IntStream.rangeClosed(1, 20)
                .mapToObj(i -> "fd08::aaaa:" + Integer.toHexString(i))
                .toArray(String[]::new);
        assertThat(letters(Lab.of("dh", 1, 1, 1).pickTo(ipv6))).isEqualTo("CACAABCBABABACACABBC");
    }

    @Test
    void oneClientStaysWithoutAnyMemory() {
        Lab lab = Lab.of("sh", 1, 2, 3);
        assertThat(lab.pickFrom("10.7.0.1", "10.7.0.2", "10.7.0.1", "10.7.0.2")).isEqualTo("C A C A");
        assertThat(lab.scheduler("rr").scheduler("sh").pickFrom("10.7.0.1", "10.7.0.2"))
                .isEqualTo("C A");
    }

    @Test
    void withoutServersThereIsNone() {
        assertThat(new Lab("sh").pick(1)).isEqualTo("-");
        assertThat(new Lab("dh").pick(1)).isEqualTo("-");
    }

    @Test
    void beyond256UnitsOfWeightTheRestOfTheListGetsNothing() {
        List<Destination> list = new ArrayList<>(Destinations.of(200, 56, 7));
        HashBuckets buckets = new HashBuckets(list, true);
        var shares = IntStream.range(0, 256)
                .mapToObj(i -> buckets.owner(i))
                .collect(Collectors.groupingBy(d -> d, Collectors.counting()));
        assertThat(shares).containsOnlyKeys(list.get(0), list.get(1));
    }

    @Test
    void aClientWhoseServerCannotBeReachedIsGivenAnother() {
        Lab lab = Lab.of("sh", 1, 1, 1);
        Flow flow = Lab.flow("10.7.0.1", "10.8.0.1");
        Lease first = lab.engine().acquire(flow);
        assertThat(Lab.letter(first.server())).isEqualTo('B');
        first.connectFailed();
        flow.exclude(first);
        Lease second = lab.engine().acquire(flow);
        assertThat(Lab.letter(second.server())).isEqualTo('C');
        second.connectFailed();
        flow.exclude(second);
        Lease third = lab.engine().acquire(flow);
        assertThat(Lab.letter(third.server())).isEqualTo('A');
        third.connectFailed();
        flow.exclude(third);
        assertThat(lab.engine().acquire(flow)).isNull();
        assertThat(lab.engine().counters().connections()).isOne();
        assertThat(lab.engine().counters().refused()).isOne();
        assertThat(lab.counters('B').connectFailures()).isOne();
    }

    private static String sources(Lab lab) {
        return letters(lab.pickFrom(SOURCES));
    }

    private static String targets(Lab lab) {
        return letters(lab.pickTo(TARGETS));
    }

    private static String letters(String picks) {
        return picks.replace(" ", "");
    }
}
