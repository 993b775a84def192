package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two of this library's speakers elect each other, each in a process of its own. How long that takes, {@link ElectionTimes} measures. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600) // many waits, each for as long as a busy machine needs
class SpeakerElectionTest {
    private static final Candidate CANDIDATE = Candidate.PLAIN;

    @BeforeAll
    static void onlyRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
    }

    @Test
    void theKernelTakesTheAddressFromWhoIsKilled() {
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, CANDIDATE);
                Contender high = Contender.speaker(lan, CANDIDATE.on(1, 150));
                Contender low = Contender.speaker(lan, CANDIDATE.on(2, 100))) {
            witness.awaitLasting(Set.of(1), high, low);
            high.kill();
            witness.awaitLasting(Set.of(2), high, low);
            low.kill();
            witness.await(Set.of(), high, low);
        }
    }

    @Test
    void whoWakesUpTakesBackWhatIsItsAndNobodyElseKeepsIt() {
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, CANDIDATE);
                Contender high = Contender.speaker(lan, CANDIDATE.on(1, 150));
                Contender low = Contender.speaker(lan, CANDIDATE.on(2, 100))) {
            witness.awaitLasting(Set.of(1), high, low);
            high.freeze();
            witness.awaitLasting(Set.of(2), high, low); // although nobody has removed the address of host 1
            high.thaw();
            witness.awaitLasting(Set.of(1), high, low);
        }
    }

    @Test
    void whoWakesUpAndIsOfLowerPrioritySaysNothing() {
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, CANDIDATE);
                Contender low = Contender.speaker(lan, CANDIDATE.on(1, 100))) {
            witness.await(Set.of(1), low);
            low.freeze();
            witness.await(Set.of(), low);
            try (Contender high = Contender.speaker(lan, CANDIDATE.on(2, 150))) {
                witness.await(Set.of(2), high, low);
                int before = witness.adverts(low.candidate()).size();
                low.thaw();
                low.awaitSays("state=BACKUP, priority=100", 2);
                witness.awaitLasting(Set.of(2), high, low);
                assertThat(witness.adverts(low.candidate()))
                        .as("adverts after it woke up: %s", witness.sights())
                        .hasSize(before);
            }
        }
    }

    @Test
    void bothVirtualMacsAndEachFamilyMeetAgainAfterADivision() {
        for (Candidate candidate : new Candidate[] {
            CANDIDATE.withVirtualMac(true), CANDIDATE.ipv6().withVirtualMac(true)
        }) {
            try (Lan lan = new Lan(2);
                    Witness witness = new Witness(lan, candidate);
                    Contender high = Contender.speaker(lan, candidate.on(1, 150));
                    Contender low = Contender.speaker(lan, candidate.on(2, 100))) {
                witness.awaitLasting(Set.of(1), high, low);
                lan.divide(1, true);
                witness.await(Set.of(1, 2), high, low);
                lan.divide(1, false);
                witness.awaitLasting(Set.of(1), high, low);
            }
        }
    }

    @Test
    void aVirtualInterfaceThatSomebodyRemovesComesBackWithItsAddress() {
        Candidate candidate = CANDIDATE.withVirtualMac(true);
        try (Lan lan = new Lan(2);
                Witness witness = new Witness(lan, candidate);
                Contender high = Contender.speaker(lan, candidate.on(1, 150));
                Contender low = Contender.speaker(lan, candidate.on(2, 100))) {
            witness.awaitLasting(Set.of(1), high, low);
            lan.ip(1, "link del vrrp." + Candidate.ID);
            witness.awaitLasting(Set.of(1), high, low);
            lan.divide(1, true); // the new one hears as well
            witness.await(Set.of(1, 2), high, low);
            lan.divide(1, false);
            witness.awaitLasting(Set.of(1), high, low);
        }
    }

    @Test
    void anInterfaceThatIsSetDownMakesWayAndUpTakesBack() {
        for (Candidate candidate : new Candidate[] {CANDIDATE, CANDIDATE.withVirtualMac(true)}) {
            try (Lan lan = new Lan(2);
                    Witness witness = new Witness(lan, candidate);
                    Contender high = Contender.speaker(lan, candidate.on(1, 150));
                    Contender low = Contender.speaker(lan, candidate.on(2, 100))) {
                witness.awaitLasting(Set.of(1), high, low);
                lan.ip(1, "link set eth0 down");
                witness.awaitLasting(Set.of(2), high, low);
                lan.ip(1, "link set eth0 up");
                witness.awaitLasting(Set.of(1), high, low);
            }
        }
    }
}
