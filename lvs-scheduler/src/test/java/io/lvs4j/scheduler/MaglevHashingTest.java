package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mh}. Servers per client as measured on Linux 6.1 ip_vs (64 bits, 4093 entries); the rest as read from ip_vs_mh.c. */
class MaglevHashingTest {
    private static final String[] CLIENTS = Lab.addresses("10.7.0.", 200);
    private static final int LARGE = 65521;
    private static final int FLOWS = 1 << 17;

    @Test
    void clientsGetTheServerThatTheKernelGivesThem() {
        assertThat(measured(Lab.of("mh", 1, 1, 1))).isEqualTo("AABCBBBCCBCCCCAAAABBCBBABCAACCCCCBCACAAB");
        assertThat(measured(Lab.of("mh", 1, 2, 3))).isEqualTo("ACBCBBBCCCCCCCCACCBBCBBABCCACCCCCBCACCAB");
        assertThat(measured(Lab.of("mh", 5, 0, 15))).isEqualTo("ACCCCCACCCCCCCCACCACCCCACCCACCCCCCCACCAC");
        assertThat(measured(Lab.of("mh", 100, 7, 1))).isEqualTo("AABAABACAAAAAAAAAAAAABAABAAAAACAAAAAAAAA");
        assertThat(measured(Lab.of("mh", 1, 1, 1).weight('B', 0)))
                .isEqualTo("AA-C---CC-CCCCAAAA--C--A-CAACCCCC-CACAA-");
    }

    @Test
    void fallbackFindsTheServerThatTheKernelFinds() {
        assertThat(measured(
                        with(SchedulerFlag.MH_FALLBACK, Lab.of("mh", 1, 1, 1)).weight('B', 0)))
                .isEqualTo("AAACACCCCCCCCCAAAAAACAAACCAACCCCCCCACAAC");
        assertThat(measured(with(SchedulerFlag.MH_FALLBACK, Lab.of("mh", 1, 1, 1, 1, 1))
                        .weight('B', 0)
                        .weight('D', 0)
                        .weight('A', 0)))
                .isEqualTo("ECECECECCECCECCECEEECEECCECECCCECEEECCEC");
    }

    private static Lab with(SchedulerFlag flag, Lab lab) {
        return lab.service(service -> service.scheduling(Scheduling.of("mh").withFlags(flag)));
    }

    private static String measured(Lab lab) {
        return lab.pickFrom(Lab.addresses("10.7.0.", 40)).replace(" ", "");
    }

    @Test
    void withPortsToo() {
        List<Destination> list = servers("10.9.0.", 3, 2, 1);
        assertThat(spread(list, SchedulerFlag.MH_PORT)).isEqualTo("BCCCBBBAACABBCCCBBBBBCCCBBCCBACBCCCCBCCB");
        List<Destination> equal = servers("10.9.0.", 1, 1, 1);
        Scheduler scheduler =
                scheduler(equal, Scheduling.of("mh").withFlags(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK));
        equal.get(0).configure(RealServer.of("10.9.0.3", 8000), 0, true);
        scheduler.update(equal);
        assertThat(spread(scheduler)).isEqualTo("ABAAABBAAAABBABABBAABAAABBBBBAABABAABABB");
    }

    @Test
    void ipv6IsFolded() {
        Scheduler scheduler = scheduler(servers("fd09::", 3, 2, 1), Scheduling.of("mh"));
        assertThat(IntStream.rangeClosed(1, 8)
                        .mapToObj(i -> letter(scheduler.pick(flow("fd07::" + i, 50_000 + i))))
                        .collect(Collectors.joining()))
                .isEqualTo("CCCBCACC");
    }

    /** Servers A, B ... in IPVS's order: the weights are those of the last added one first. */
    private static List<Destination> servers(String prefix, int... weights) {
        List<Destination> list = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            list.add(Destination.of(RealServer.builder(prefix + (weights.length - i), 8000)
                    .weight(weights[i])
                    .build()));
        }
        return list;
    }

    private static String spread(List<Destination> list, SchedulerFlag flag) {
        return spread(scheduler(list, Scheduling.of("mh").withFlags(flag)));
    }

    private static String spread(Scheduler scheduler) {
        return IntStream.rangeClosed(1, 40)
                .mapToObj(i -> letter(scheduler.pick(flow("10.7.0." + i, 61_000 + 37 * (i - 1)))))
                .collect(Collectors.joining());
    }

    private static String letter(Destination destination) {
        byte[] address = destination.key().address().getAddress();
        return String.valueOf((char) ('A' + address[address.length - 1] - 1));
    }

    @ParameterizedTest
    @CsvSource({"100, 0.01", "10, 0.0035"})
    void fewClientsOfOthersMoveWhenAServerLeaves(int servers, double tolerated) {
        List<Destination> list = Destinations.of(Collections.nCopies(servers, 1));
        Scheduler scheduler = scheduler(list, Scheduling.of("mh").withTableSize(LARGE));
        List<Destination> before = picks(scheduler);
        for (int gone : new int[] {0, servers / 2, servers - 1}) {
            List<Destination> rest = new ArrayList<>(list);
            Destination left = rest.remove(gone);
            scheduler.update(rest);
            List<Destination> after = picks(scheduler);
            long moved = IntStream.range(0, FLOWS)
                    .filter(i -> before.get(i) != left && before.get(i) != after.get(i))
                    .count();
            assertThat(after).doesNotContain(left);
            assertThat((double) moved / FLOWS).as("without %s", left).isLessThan(tolerated);
        }
        scheduler.update(list);
        assertThat(picks(scheduler)).isEqualTo(before);
    }

    /** With 1000 entries for the lightest server and more, its share of them is within 2 % of its weight's. */
    @Test
    void sharesFollowWeights() {
        List<Destination> list = Destinations.of(1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8);
        MaglevTable table = table(list, LARGE);
        Map<Destination, Integer> entries = new HashMap<>();
        for (int i = 0; i < LARGE; i++) {
            entries.merge(table.owner(i), 1, Integer::sum);
        }
        for (Destination destination : list) {
            double share = (double) entries.get(destination) / LARGE;
            assertThat(share / (destination.weight() / 72.0))
                    .as("%s", destination)
                    .isBetween(0.98, 1.02);
        }
    }

    private static MaglevTable table(List<Destination> list, int size) {
        return new MaglevTable(list, list.stream().mapToInt(Destination::weight).toArray(), size, 16);
    }

    @Test
    void weightsAreReducedToFewTurns() {
        assertThat(MaglevTable.turns(new int[] {10, 20, 0, 40}, 6)).containsExactly(1, 2, 0, 4);
        assertThat(MaglevTable.turns(new int[] {63, 1}, 6)).containsExactly(63, 1);
        assertThat(MaglevTable.turns(new int[] {64, 1, 3}, 6)).containsExactly(32, 1, 1);
        assertThat(MaglevTable.turns(new int[] {65535, 1}, 4)).containsExactly(15, 1);
        assertThat(MaglevTable.turns(new int[] {0, 0}, 4)).containsExactly(0, 0);
    }

    @Test
    void weightZeroKeepsItsEntriesAndRefuses() {
        Lab lab = Lab.of("mh", 1, 1, 1);
        String before = picks(lab);
        assertThat(picks(lab.weight('B', 0))).isEqualTo(before.replace('B', '-'));
        assertThat(picks(lab.weight('A', 0))).isEqualTo(before.replace('B', '-').replace('A', '-'));
        assertThat(picks(lab.weight('A', 1).weight('B', 1))).isEqualTo(before);
    }

    @Test
    void weightZeroFromTheBeginningOwnsNothing() {
        String two = picks(Lab.of("mh", 1, 1));
        assertThat(picks(Lab.of("mh", 1, 1, 0))).isEqualTo(two);
        assertThat(picks(Lab.of("mh", 1, 1, 1).remove('C').add('C', 0))).isEqualTo(two);
        assertThat(Lab.of("mh", 0, 0).pick(1)).isEqualTo("-");
        assertThat(new Lab("mh").pick(1)).isEqualTo("-");
    }

    @Test
    void anOverloadedOwnerRefuses() {
        Lab lab = Lab.of("mh", 1, 1, 1);
        String before = picks(lab);
        int first = before.indexOf('B');
        lab.thresholds('B', 1, 0).holdFrom(CLIENTS[first]);
        assertThat(picks(lab)).isEqualTo(before.replace('B', '-'));
    }

    @Test
    void fallbackMovesOnlyTheClientsOfWhoCannotBeUsed() {
        Lab lab = Lab.of("mh", 1, 1, 1);
        String before = picks(lab);
        with(SchedulerFlag.MH_FALLBACK, lab);
        assertThat(picks(lab)).isEqualTo(before);
        String after = picks(lab.weight('B', 0));
        for (int i = 0; i < CLIENTS.length; i++) {
            if (before.charAt(i) == 'B') {
                assertThat(after.charAt(i)).as(CLIENTS[i]).isIn('A', 'C');
            } else {
                assertThat(after.charAt(i)).as(CLIENTS[i]).isEqualTo(before.charAt(i));
            }
        }
        assertThat(after.chars().filter(c -> c == 'A').count()).isBetween(60L, 140L);
        assertThat(lab.weight('A', 0).weight('C', 0).pick(1)).isEqualTo("-");
    }

    @Test
    void thePortIsAddedToTheAddress() {
        List<Destination> list = Destinations.of(Collections.nCopies(50, 1));
        Scheduler plain = scheduler(list, Scheduling.of("mh"));
        Scheduler withPort = scheduler(list, Scheduling.of("mh").withFlags(SchedulerFlag.MH_PORT));
        for (int port = 0; port < 200; port++) {
            assertThat(withPort.pick(flow("10.7.0.1", port))).isSameAs(plain.pick(flow("10.7.0." + (1 + port), 9)));
        }
        Flow ipv6 = flow("fd07::1", 3); // the words of the address are folded
        assertThat(withPort.pick(ipv6)).isSameAs(plain.pick(flow("253.7.0.4", 0)));
    }

    @Test
    void anotherOrderOfTheListIsAlmostTheSameTable() {
        List<Destination> list = new ArrayList<>(Destinations.of(Collections.nCopies(10, 1)));
        List<Destination> before = picks(scheduler(list, Scheduling.of("mh").withTableSize(LARGE)));
        Collections.reverse(list);
        List<Destination> after = picks(scheduler(list, Scheduling.of("mh").withTableSize(LARGE)));
        long same = IntStream.range(0, FLOWS)
                .filter(i -> before.get(i) == after.get(i))
                .count();
        assertThat((double) same / FLOWS).isGreaterThan(0.9);
    }

    @Test
    void explainsWhoseTheEntryIs() {
        List<Destination> list = Destinations.of(1, 1);
        Scheduler scheduler = scheduler(list, Scheduling.of("mh").withFlags(SchedulerFlag.MH_FALLBACK));
        Flow flow = flow("10.7.0.1", 1);
        Destination owner = scheduler.pick(flow);
        Scheduler.Choice choice = scheduler.explain(flow).orElseThrow();
        assertThat(choice.destination()).isSameAs(owner);
        assertThat(choice.reason()).matches("entry \\d+ of 4093 belongs to it");
        owner.configure(Destinations.limited(1), 1, true);
        owner.bind();
        Scheduler.Choice other = scheduler.explain(flow).orElseThrow();
        assertThat(other.destination()).isSameAs(scheduler.pick(flow)).isNotSameAs(owner);
        assertThat(other.reason())
                .matches("entry \\d+ of 4093 belongs to " + owner.key()
                        + ", which cannot be used; entry \\d+ stands in for it and belongs to this one");
        scheduler.update(List.of());
        assertThat(scheduler.explain(flow))
                .contains(new Scheduler.Choice(null, "there are no servers, or none has had a weight other than 0"));
    }

    private static Scheduler scheduler(List<Destination> list, Scheduling scheduling) {
        Scheduler scheduler = Schedulers.create(scheduling);
        scheduler.update(list);
        return scheduler;
    }

    private static List<Destination> picks(Scheduler scheduler) {
        Flow flow = new Flow();
        return IntStream.range(0, FLOWS)
                .mapToObj(i -> scheduler.pick(flow.set(0, 0xffff_0a00_0000L + i, 1, 0, 0xffff_0000_0001L, 80)))
                .toList();
    }

    private static String picks(Lab lab) {
        return lab.pickFrom(CLIENTS).replace(" ", "");
    }

    private static Flow flow(String client, int port) {
        return new Flow()
                .set(new InetSocketAddress(Lab.literal(client), port), new InetSocketAddress(Lab.literal(client), 80));
    }
}
