package io.lvs4j.vrrp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Elections of two or three hosts, drawn by lot: version, family, interval, which programs, priorities, order of start, and what goes wrong. Always the
 * highest priority among those that live and reach each other is master, of equal ones the one with the highest address where two masters meet.
 * {@code -Dlvs.vrrp.elections=100} gives that many; each is named by its seed, {@code -Dlvs.vrrp.seed} repeats it.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600) // many waits, each for as long as a busy machine needs
@Tag("size")
class RandomElectionsTest {
    private static final int ELECTIONS = Integer.getInteger("lvs.vrrp.elections", 10);

    private enum Fault {
        KILL,
        TERMINATE,
        FREEZE,
        UNPLUG,
        DIVIDE
    }

    private enum Program {
        OURS,
        KEEPALIVED,
        FRR
    }

    @BeforeAll
    static void onlyRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
    }

    static LongStream seeds() {
        Long seed = Long.getLong("lvs.vrrp.seed");
        return seed == null ? new Random().longs(ELECTIONS) : LongStream.of(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theHighestThatLivesAndIsReachedIsMaster(long seed) {
        Draw draw = Draw.of(new Random(seed));
        System.out.println("seed " + seed + ": " + draw);
        try (Round round = new Round(draw)) {
            round.play();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + draw, e);
        }
    }

    /** What is drawn for one election. */
    private record Draw(
            List<Candidate> candidates,
            List<Program> programs,
            List<Integer> order,
            boolean oneAfterTheOther,
            int victim,
            Fault fault) {
        static Draw of(Random random) {
            int hosts = 2 + random.nextInt(2);
            List<Program> programs = new ArrayList<>(List.of(Program.OURS));
            while (programs.size() < hosts) {
                int lot = random.nextInt(10);
                programs.add(lot < 3 ? Program.OURS : lot < 8 ? Program.KEEPALIVED : Program.FRR);
            }
            Collections.shuffle(programs, random);
            Candidate common = common(random, hosts, programs.contains(Program.FRR));
            boolean equal = !programs.contains(Program.FRR) && random.nextInt(6) == 0;
            List<Integer> priorities =
                    random.ints(1, 255).distinct().limit(hosts).boxed().collect(Collectors.toList());
            List<Candidate> candidates = new ArrayList<>();
            for (int host = 1; host <= hosts; host++) {
                boolean virtualMac =
                        programs.get(host - 1) != Program.FRR && random.nextInt(5) == 0 && !common.unicast();
                candidates.add(
                        common.on(host, priorities.get(equal ? 0 : host - 1)).withVirtualMac(virtualMac));
            }
            List<Integer> order = IntStream.rangeClosed(1, hosts).boxed().collect(Collectors.toList());
            Collections.shuffle(order, random);
            int victim = random.nextInt(3) > 0 ? best(candidates).host() : 1 + random.nextInt(hosts);
            List<Fault> faults = List.of(Fault.values());
            Fault fault = faults.get(random.nextInt(faults.size()));
            return new Draw(candidates, programs, order, random.nextBoolean(), victim, fault);
        }

        private static Candidate common(Random random, int hosts, boolean frr) {
            Candidate candidate = Candidate.PLAIN.among(hosts);
            if (random.nextInt(5) == 0) {
                candidate = candidate.version2(frr || random.nextBoolean() ? "" : "secret");
            } else {
                int hundredths = 10 + random.nextInt(21);
                candidate = candidate.every(frr ? Duration.ofSeconds(1) : Duration.ofMillis(10L * hundredths));
                candidate = random.nextInt(3) == 0 ? candidate.ipv6() : candidate;
            }
            return !frr && random.nextInt(5) == 0 ? candidate.toPeers() : candidate;
        }
    }

    private static final Comparator<Candidate> RANK =
            Comparator.comparingInt(Candidate::priority).thenComparingInt(Candidate::host);

    private static Candidate best(List<Candidate> candidates) {
        return Collections.max(candidates, RANK);
    }

    /** An election that is played. */
    private static final class Round implements AutoCloseable {
        private final Draw draw;
        private final Lan lan;
        private final Witness witness;
        private final Map<Integer, Contender> contenders = new TreeMap<>();

        Round(Draw draw) {
            this.draw = draw;
            lan = new Lan(draw.candidates().size());
            witness = new Witness(lan, draw.candidates().get(0));
        }

        void play() {
            for (int host : draw.order()) {
                start(host);
                if (draw.oneAfterTheOther()) {
                    await(outcomes(contenders.keySet()), Duration.ZERO);
                }
            }
            Set<Integer> all = Set.copyOf(contenders.keySet());
            awaitLasting(outcomes(all));

            Set<Integer> others = new HashSet<>(all);
            others.remove(draw.victim());
            Contender victim = contenders.get(draw.victim());
            boolean metAgain = false;
            switch (draw.fault()) {
                case KILL -> {
                    victim.kill();
                    victim.buryUnlessOurs();
                    awaitLasting(outcomes(others));
                    start(draw.victim());
                }
                case TERMINATE -> {
                    victim.terminate();
                    victim.buryUnlessOurs();
                    awaitLasting(outcomes(others));
                    start(draw.victim());
                }
                case FREEZE -> {
                    boolean keeps = witness.holders().contains(draw.victim()) && !victim.isOurs();
                    victim.freeze();
                    awaitLasting(keeps ? with(outcomes(others), draw.victim()) : outcomes(others));
                    victim.thaw();
                    metAgain = keeps;
                }
                case UNPLUG -> {
                    lan.plug(draw.victim(), false);
                    awaitLasting(outcomes(others));
                    lan.plug(draw.victim(), true);
                }
                case DIVIDE -> {
                    lan.divide(draw.victim(), true);
                    awaitLasting(with(outcomes(others), draw.victim()));
                    lan.divide(draw.victim(), false);
                    metAgain = true;
                }
            }
            awaitLasting(
                    metAgain ? Set.of(Set.of(best(candidates(witness.holders())).host())) : outcomes(all));
        }

        private void start(int host) {
            Candidate candidate = draw.candidates().get(host - 1);
            Contender before = contenders.put(
                    host,
                    switch (draw.programs().get(host - 1)) {
                        case OURS -> Contender.speaker(lan, candidate);
                        case KEEPALIVED -> Contender.keepalived(lan, candidate);
                        case FRR -> Contender.frr(lan, candidate);
                    });
            if (before != null) {
                before.forget();
            }
        }

        /** Who may be master among some: of equals, whoever was first. */
        private Set<Set<Integer>> outcomes(Set<Integer> hosts) {
            List<Candidate> candidates = candidates(hosts);
            int highest = best(candidates).priority();
            return candidates.stream()
                    .filter(each -> each.priority() == highest)
                    .map(each -> Set.of(each.host()))
                    .collect(Collectors.toSet());
        }

        private static Set<Set<Integer>> with(Set<Set<Integer>> outcomes, int host) {
            return outcomes.stream()
                    .map(each -> Stream.concat(each.stream(), Stream.of(host)).collect(Collectors.toSet()))
                    .collect(Collectors.toSet());
        }

        private List<Candidate> candidates(Set<Integer> hosts) {
            return hosts.stream().map(host -> draw.candidates().get(host - 1)).collect(Collectors.toList());
        }

        private void awaitLasting(Set<Set<Integer>> outcomes) {
            await(outcomes, draw.candidates().get(0).interval().multipliedBy(4));
        }

        private void await(Set<Set<Integer>> outcomes, Duration lasting) {
            witness.await(lasting, outcomes, List.copyOf(contenders.values()));
        }

        @Override
        public void close() {
            contenders.values().forEach(Contender::close);
            witness.close();
            lan.close();
        }
    }
}
