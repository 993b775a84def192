package io.lvs4j.vrrp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * This library's routers and frr's elect each other, with one advert a second: on a busy machine, frr 8.4 that is backup for less than a second may leave its
 * interface down for ever when it becomes master.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600) // many waits, each for as long as a busy machine needs
@Tag("size")
class FrrElectionTest {
    @BeforeAll
    static void onlyRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
    }

    static Stream<Arguments> dialects() {
        Candidate plain = Candidate.PLAIN.every(Duration.ofSeconds(1));
        return Stream.of(
                Arguments.of("version 3, IPv4", plain),
                Arguments.of("version 3, IPv4, virtual MAC", plain.withVirtualMac(true)),
                Arguments.of("version 3, IPv6", plain.ipv6()),
                Arguments.of("version 2", plain.version2("")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void theHigherPriorityTakesOverAndWhoEndsGivesWay(String name, Candidate dialect) {
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, dialect)) {
            try (Contender frr = Contender.frr(lan, dialect.on(2, 100))) {
                witness.await(Set.of(2), frr);
                try (Contender ours = Contender.speaker(lan, dialect.on(1, 150))) {
                    witness.awaitLasting(Set.of(1), ours, frr);
                    ours.terminate();
                    witness.await(Set.of(2), ours, frr);
                }
            }
        }
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, dialect);
                Contender ours = Contender.speaker(lan, dialect.on(1, 100))) {
            witness.await(Set.of(1), ours);
            try (Contender frr = Contender.frr(lan, dialect.on(2, 150))) {
                witness.awaitLasting(Set.of(2), ours, frr);
                frr.terminate();
                frr.bury();
                witness.awaitLasting(Set.of(1), ours, frr);
            }
        }
    }
}
