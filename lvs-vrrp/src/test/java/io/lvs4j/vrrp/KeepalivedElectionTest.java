package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** This library's routers and keepalived's elect each other, whatever they speak. Ours is a process of its own, as keepalived is. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600) // many waits, each for as long as a busy machine needs
@Tag("size")
class KeepalivedElectionTest {
    @BeforeAll
    static void onlyRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
    }

    static Stream<Arguments> dialects() {
        Candidate plain = Candidate.PLAIN;
        return Stream.of(
                Arguments.of("version 3, IPv4", plain),
                Arguments.of("version 3, IPv4, unicast", plain.toPeers()),
                Arguments.of("version 3, IPv6", plain.ipv6()),
                Arguments.of("version 3, IPv6, unicast", plain.ipv6().toPeers()),
                Arguments.of("version 3, virtual MAC", plain.withVirtualMac(true)),
                Arguments.of("version 3, IPv6, virtual MAC", plain.ipv6().withVirtualMac(true)),
                Arguments.of("version 2, password", plain.version2("secret12")),
                Arguments.of("version 2", plain.version2("")),
                Arguments.of(
                        "version 2, password, unicast", plain.version2("secret").toPeers()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void theHigherPriorityTakesOverAndWhoEndsGivesWay(String name, Candidate dialect) {
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, dialect)) {
            try (Contender keepalived = Contender.keepalived(lan, dialect.on(2, 100))) {
                witness.await(Set.of(2), keepalived);
                try (Contender ours = Contender.speaker(lan, dialect.on(1, 150))) {
                    witness.awaitLasting(Set.of(1), ours, keepalived);
                    ours.terminate();
                    witness.await(Set.of(2), ours, keepalived);
                }
            }
        }
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, dialect);
                Contender ours = Contender.speaker(lan, dialect.on(1, 100))) {
            witness.await(Set.of(1), ours);
            try (Contender keepalived = Contender.keepalived(lan, dialect.on(2, 150))) {
                witness.awaitLasting(Set.of(2), ours, keepalived);
                keepalived.terminate();
                witness.awaitLasting(Set.of(1), ours, keepalived);
            }
        }
    }

    @Test
    void whoHasNoVirtualMacAndWhoHasOneElectEachOther() {
        Candidate candidate = Candidate.PLAIN;
        for (boolean ours : new boolean[] {true, false}) {
            try (Lan lan = new Lan(2);
                    Witness witness = new Witness(lan, candidate);
                    Contender keepalived =
                            Contender.keepalived(lan, candidate.on(2, 100).withVirtualMac(!ours))) {
                witness.await(Set.of(2), keepalived);
                try (Contender speaker =
                        Contender.speaker(lan, candidate.on(1, 150).withVirtualMac(ours))) {
                    witness.awaitLasting(Set.of(1), speaker, keepalived);
                    speaker.terminate();
                    witness.await(Set.of(2), speaker, keepalived);
                }
            }
        }
    }

    @Test
    void ofEqualPrioritiesTheHigherAddressIsMasterWhereverItIs() {
        Candidate candidate = Candidate.PLAIN;
        for (boolean oursIsHigher : new boolean[] {true, false}) {
            try (Lan lan = new Lan(2);
                    Witness witness = new Witness(lan, candidate);
                    Contender ours = Contender.speaker(lan, candidate.on(oursIsHigher ? 2 : 1, 100));
                    Contender keepalived = Contender.keepalived(lan, candidate.on(oursIsHigher ? 1 : 2, 100))) {
                lan.divide(2, true);
                witness.await(Set.of(1, 2), ours, keepalived);
                lan.divide(2, false);
                witness.awaitLasting(Set.of(2), ours, keepalived);
            }
        }
    }

    @Test
    void whoDoesNotPreemptWaitsForTheEndOfTheOther() {
        Candidate candidate = Candidate.PLAIN;
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, candidate);
                Contender keepalived = Contender.keepalived(lan, candidate.on(2, 100))) {
            witness.await(Set.of(2), keepalived);
            try (Contender ours = Contender.speaker(lan, candidate.on(1, 150).noPreempt())) {
                ours.awaitSays("state=BACKUP");
                witness.awaitLasting(Set.of(2), ours, keepalived);
                assertThat(ours.log()).doesNotContain("state=MASTER");
                keepalived.terminate();
                witness.await(Set.of(1), ours, keepalived);
            }
        }
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, candidate);
                Contender ours = Contender.speaker(lan, candidate.on(2, 100))) {
            witness.await(Set.of(2), ours);
            try (Contender keepalived =
                    Contender.keepalived(lan, candidate.on(1, 150).noPreempt())) {
                keepalived.awaitSays("Entering BACKUP STATE");
                witness.awaitLasting(Set.of(2), ours, keepalived);
                assertThat(keepalived.log()).doesNotContain("Entering MASTER STATE");
                ours.terminate();
                witness.await(Set.of(1), ours, keepalived);
            }
        }
    }

    @Test
    void theEndWithoutAFarewellIsNoticedByEither() {
        Candidate candidate = Candidate.PLAIN;
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, candidate);
                Contender keepalived = Contender.keepalived(lan, candidate.on(2, 100));
                Contender ours = Contender.speaker(lan, candidate.on(1, 150))) {
            witness.awaitLasting(Set.of(1), ours, keepalived);
            ours.kill();
            witness.await(Set.of(2), ours, keepalived); // the kernel removes the address on host 1
            try (Contender again = Contender.speaker(lan, candidate.on(1, 50))) {
                again.awaitSays("state=BACKUP");
                keepalived.kill();
                lan.ip(2, "address del " + candidate.vip() + "/24 dev eth0");
                witness.awaitLasting(Set.of(1), again, keepalived);
            }
        }
    }
}
