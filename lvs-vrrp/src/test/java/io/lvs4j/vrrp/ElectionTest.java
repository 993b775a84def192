package io.lvs4j.vrrp;

import static io.lvs4j.vrrp.ElectionDrive.HIGHER;
import static io.lvs4j.vrrp.ElectionDrive.LOWER;
import static io.lvs4j.vrrp.ElectionDrive.announcements;
import static io.lvs4j.vrrp.ElectionDrive.begun;
import static io.lvs4j.vrrp.ElectionDrive.master;
import static io.lvs4j.vrrp.ElectionDrive.router;
import static io.lvs4j.vrrp.Packets.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.vrrp.VirtualRouter.Option;
import io.lvs4j.vrrp.VirtualRouter.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@link ElectionTableTest} does not have room for: settings, sequences, and time. */
class ElectionTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void theOwnerIsMasterAtOnceAndAgainAfterAFault() {
        ElectionDrive drive = new ElectionDrive(router().priority(255));

        assertThat(drive.startup()).containsExactly("send 255", "add", "announce 5", "MASTER");
        assertThat(drive.fault()).containsExactly("send 0", "remove", "FAULT");
        assertThat(drive.recovered()).containsExactly("send 255", "add", "announce 5", "MASTER");
        assertThat(drive.priority(7)).isEmpty();
        assertThat(drive.election.priority()).isEqualTo(255);
    }

    @Test
    void initialStateMasterWaitsForOneAdvertOnly() {
        ElectionDrive drive = begun(router().initialState(State.MASTER));
        assertThat(drive.due()).isEqualTo(1003);
        assertThat(drive.waits(1004)).endsWith("MASTER");

        ElectionDrive beaten = begun(router().initialState(State.MASTER));
        beaten.hears(101, LOWER);
        assertThat(beaten.due()).isEqualTo(3609);
    }

    @Test
    void aFaultBeforeTheBeginningIsOneAtTheBeginning() {
        ElectionDrive drive = new ElectionDrive(router().initialState(State.MASTER));

        assertThat(drive.fault()).isEmpty();
        assertThat(drive.startup()).containsExactly("remove", "FAULT");
        assertThat(drive.recovered()).containsExactly("BACKUP");
        assertThat(drive.due()).isEqualTo(3609);
    }

    @Test
    void aMasterOfAnotherDescriptionGoesOnWithoutAFarewell() {
        ElectionDrive drive = new ElectionDrive(router().priority(70));

        assertThat(drive.resume(master(router()))).containsExactly("send 70", "add", "announce 5");
        assertThat(drive.due()).isEqualTo(1000);
        assertThat(drive.hears(90, LOWER)).containsExactly("remove", "BACKUP");
    }

    @Test
    void aMasterThatLacksWhatItNeedsNowSaysFarewell() {
        ElectionDrive drive = new ElectionDrive(router());
        drive.fault();

        assertThat(drive.resume(master(router()))).containsExactly("send 0", "remove", "FAULT");
    }

    @Test
    void aBackupOfAnotherDescriptionWaitsForItsMasterAlsoIfItWouldBeginAsMaster() {
        ElectionDrive drive = new ElectionDrive(router().initialState(State.MASTER));

        assertThat(drive.resume(begun(router()))).containsExactly("remove");
        assertThat(drive.due()).isEqualTo(3609);
    }

    @Test
    void aBackupOfAnotherDescriptionStillKnowsItsMaster() {
        ElectionDrive before = begun(router());
        before.hears(150, LOWER, SECOND.multipliedBy(10));
        before.waits(6000);
        ElectionDrive drive = new ElectionDrive(router().priority(200).advertisementInterval(Duration.ofMillis(500)));

        drive.resume(before);

        assertThat(drive.due()).as("36.093 s of priority 100 from then").isEqualTo(26_187);
        assertThat(drive.election.master()).contains(LOWER);
    }

    @Test
    void aDelayOfPreemptionThatStaysGoesOn() {
        ElectionDrive before = begun(router().preempt(SECOND.multipliedBy(3)));
        before.hears(50, LOWER);
        ElectionDrive drive =
                new ElectionDrive(router().preempt(SECOND.multipliedBy(3)).priority(110));

        drive.resume(before);
        drive.waits(2900);
        drive.hears(50, LOWER);
        assertThat(drive.due()).as("is put up with").isEqualTo(3570);
        drive.waits(200);
        drive.hears(50, LOWER);
        assertThat(drive.due()).as("is not put up with").isEqualTo(3370);
    }

    @Test
    void aFaultIsToldAgainOnlyIfItIsNew() {
        ElectionDrive before = new ElectionDrive(router());
        before.fault();
        before.startup();

        ElectionDrive still = new ElectionDrive(router());
        still.fault();
        assertThat(still.resume(before)).containsExactly("remove");
        assertThat(still.recovered()).containsExactly("BACKUP");

        ElectionDrive added = new ElectionDrive(router());
        added.fault();
        assertThat(added.resume(begun(router()))).containsExactly("remove", "FAULT");

        assertThat(new ElectionDrive(router()).resume(before)).containsExactly("remove", "BACKUP");
    }

    @Test
    void aRouterCanBeginAgain() {
        ElectionDrive drive = master(router());
        drive.shutdown();

        assertThat(drive.startup()).containsExactly("remove", "BACKUP");
    }

    @Test
    void theSkewOfVersionTwoIsOfASecondAndThatOfVersionThreeOfTheInterval() {
        assertThat(begun(router().version(VrrpVersion.V2).advertisementInterval(SECOND.multipliedBy(4)))
                        .due())
                .isEqualTo(12_609);
        assertThat(begun(router().advertisementInterval(SECOND.multipliedBy(4))).due())
                .isEqualTo(14_437);
        assertThat(begun(router().advertisementInterval(SECOND.dividedBy(10))).due())
                .isEqualTo(360);
    }

    @Test
    void soManyAdvertsAreMissedAsConfigured() {
        assertThat(begun(router().downAfterAdverts(10)).due()).isEqualTo(10_609);
    }

    @Test
    void aBackupOfVersionThreeGoesByTheMastersInterval() {
        ElectionDrive drive = begun(router());

        drive.hears(150, LOWER, SECOND.multipliedBy(10));
        assertThat(drive.due()).isEqualTo(36_093);
        drive.hears(50, LOWER, SECOND.multipliedBy(2));
        assertThat(drive.due()).as("of a priority that it does not accept").isEqualTo(36_093);
        drive.hears(0, LOWER, SECOND);
        assertThat(drive.due()).as("skew of the learnt interval").isEqualTo(6093);
        assertThat(drive.waits(6094)).endsWith("MASTER");
        assertThat(drive.due()).as("its own as master").isEqualTo(999);
    }

    @Test
    void aMasterThatGivesWayGoesByTheNewMastersInterval() {
        ElectionDrive drive = master(router());

        drive.hears(150, LOWER, SECOND.multipliedBy(2));

        assertThat(drive.due()).isEqualTo(7218);
        assertThat(drive.election.master()).contains(LOWER);
    }

    @Test
    void withoutPreemptionALowerMasterStays() {
        ElectionDrive drive = begun(router().noPreempt());
        drive.sleeps(3000);

        drive.hears(1, LOWER);
        assertThat(drive.due()).isEqualTo(3609);
        drive.hears(0, LOWER);
        assertThat(drive.due()).as("he goes").isEqualTo(609);
    }

    @Test
    void aLowerMasterIsPutUpWithForTheDelayOfPreemption() {
        ElectionDrive drive = begun(router().preempt(SECOND.multipliedBy(5)));

        for (int second = 0; second < 5; second++) {
            drive.hears(50, LOWER);
            assertThat(drive.due()).isEqualTo(3609);
            assertThat(drive.waits(1000)).isEmpty();
        }
        drive.hears(50, LOWER);
        assertThat(drive.due()).as("put up with no longer").isEqualTo(2609);
        drive.waits(1000);
        drive.hears(50, LOWER);
        assertThat(drive.waits(1610)).endsWith("MASTER");
    }

    @Test
    void aHigherMasterEndsTheDelayOfPreemption() {
        ElectionDrive drive = begun(router().preempt(SECOND.multipliedBy(5)));
        drive.hears(50, LOWER);
        drive.waits(3000);
        drive.hears(150, HIGHER);
        drive.waits(3000);

        drive.hears(50, LOWER);

        assertThat(drive.due()).as("it begins anew").isEqualTo(3609);
    }

    @Test
    void aPriorityThatChangesMovesABackupsDeadlineByTheSkew() {
        ElectionDrive drive = begun(router());

        drive.priority(200);
        assertThat(drive.due()).isEqualTo(3218);
        drive.hears(0, LOWER);
        assertThat(drive.due()).isEqualTo(218);
        drive.priority(100);
        assertThat(drive.due()).as("a farewell is still a farewell").isEqualTo(609);
        assertThatThrownBy(() -> drive.priority(0)).hasMessage("priority: 0 (expected: 1..255)");
        assertThatThrownBy(() -> drive.priority(256)).hasMessage("priority: 256 (expected: 1..255)");
    }

    @Test
    void aMasterSendsWithThePriorityThatItHasNow() {
        ElectionDrive drive = master(router());
        drive.priority(7);

        assertThat(drive.waits(1000)).containsExactly("send 7");
        assertThat(drive.hears(50, LOWER)).containsExactly("remove", "BACKUP");
    }

    @Test
    void twoOwnersAreNotOwners() {
        ElectionDrive drive = begun(router().priority(255));

        assertThat(drive.hears(255, LOWER)).containsExactly("conflict", "remove", "BACKUP");
        assertThat(drive.election.priority()).isEqualTo(254);
        assertThat(drive.priority(100)).containsExactly("priority 100");
    }

    @Test
    void lowerPrioritiesAreAnsweredAsConfigured() {
        Announcements silent =
                new Announcements(5, Duration.ZERO, Duration.ZERO, 1, 0, Duration.ofSeconds(1), Duration.ZERO);

        ElectionDrive noAdvert = master(router().option(Option.LOWER_PRIORITY_NO_ADVERT, true));
        noAdvert.puts(300);
        assertThat(noAdvert.hears(50, LOWER)).containsExactly("announce 3", "lower 50");
        assertThat(noAdvert.due()).as("nothing was sent").isEqualTo(300);
        assertThat(master(router().announcements(silent)).hears(50, LOWER)).containsExactly("send 100", "lower 50");
        assertThat(master(router().option(Option.STRICT, true)).hears(50, LOWER))
                .containsExactly("lower 50");
    }

    @Test
    void aHigherPriorityIsTakenNoticeOfAsConfigured() {
        ElectionDrive drive = master(router().option(Option.HIGHER_PRIORITY_SEND_ADVERT, true));
        assertThat(drive.hears(101, LOWER)).containsExactly("send 100", "remove", "BACKUP");

        ElectionDrive strict =
                master(router().option(Option.HIGHER_PRIORITY_SEND_ADVERT, true).option(Option.STRICT, true));
        assertThat(strict.hears(101, LOWER)).containsExactly("remove", "BACKUP");
    }

    @Test
    void aStormOfLowerAdvertsIsAnsweredTenTimesAnInterval() {
        ElectionDrive drive = master(router());
        int answers = 0;
        for (int i = 0; i < 1000; i++) {
            answers += drive.hears(i % 2 == 0 ? 50 : 0, LOWER).contains("send 100") ? 1 : 0;
            drive.waits(1);
        }

        assertThat(answers).isEqualTo(10);
    }

    @Test
    void nothingThatIsHeardPutsOffAnAdvertForEver() {
        ElectionDrive drive = master(router().option(Option.LOWER_PRIORITY_NO_ADVERT, true));
        int sent = 0;
        for (int i = 0; i < 3000; i++) {
            drive.hears(50, LOWER);
            sent += drive.waits(1).contains("send 100") ? 1 : 0;
        }

        assertThat(sent).isEqualTo(3);
    }

    @Test
    void unicastPeersLearnWhereWeAreAfterAFault() {
        ElectionDrive drive = begun(router().transport(Transport.unicast(ElectionDrive.US, LOWER)));
        drive.fault();

        assertThat(drive.recovered()).containsExactly("source", "BACKUP");
    }

    @Test
    void addressesAreAnnouncedOnceMoreAfterTheDelay() {
        ElectionDrive drive = begun(router().announcements(announcements(5, 0, 0)));
        drive.waits(3610);

        assertThat(drive.waits(5000)).containsOnlyOnce("announce 5").contains("send 100");
        assertThat(drive.waits(60_000)).containsOnly("send 100");
    }

    @Test
    void addressesAreRefreshedAsLongAsItIsMaster() {
        ElectionDrive drive = begun(router().announcements(announcements(0, 10, 0)));
        drive.waits(3610);

        assertThat(drive.waits(60_000)).filteredOn("announce 2"::equals).hasSize(6);
        drive.hears(150, LOWER);
        assertThat(drive.waits(3000)).isEmpty();
    }

    @Test
    void aDelayThatRunsIsNotPutOffByAnotherLowerAdvert() {
        ElectionDrive drive = master(router().announcements(announcements(0, 0, 5)));
        int delayed = 0;
        for (int second = 0; second < 20; second++) {
            assertThat(drive.hears(50, LOWER)).contains("announce 3");
            delayed += (int)
                    drive.waits(1000).stream().filter("announce 3"::equals).count();
        }

        assertThat(delayed).isBetween(3, 4);
    }

    @Test
    void otherInterfacesAreAnnouncedOnTheirOwnTime() {
        Announcements elsewhere =
                new Announcements(1, Duration.ZERO, Duration.ZERO, 1, 1, Duration.ZERO, Duration.ofSeconds(2));
        ElectionDrive drive = begun(router().announcements(elsewhere));
        drive.waits(3610);

        assertThat(drive.waits(10_000)).filteredOn("elsewhere"::equals).hasSize(5);
    }

    @Test
    void aBackupThatSleptLooksBeforeItBecomesMaster() {
        ElectionDrive drive = begun(router());
        drive.sleeps(10_000);

        assertThat(drive.timer()).containsExactly("look");
        drive.hears(150, LOWER);
        assertThat(drive.timer()).isEmpty();
        assertThat(drive.due()).isEqualTo(3609);
    }

    @Test
    void aMasterThatSleptLooksBeforeItSends() {
        ElectionDrive drive = master(router());
        drive.sleeps(5000);

        assertThat(drive.timer()).containsExactly("look");
        assertThat(drive.hears(101, LOWER)).containsExactly("remove", "BACKUP");
        assertThat(drive.timer()).isEmpty();
    }

    @Test
    void whoSleepsWhileItLooksLooksAgain() {
        ElectionDrive drive = begun(router());
        drive.sleeps(4000);

        assertThat(drive.timer()).containsExactly("look");
        drive.sleeps(251);
        assertThat(drive.timer()).containsExactly("look");
        drive.sleeps(249);
        assertThat(drive.timer()).endsWith("MASTER");
    }

    @Test
    void aLookOfLongAgoCountsForNothing() {
        ElectionDrive drive = begun(router());
        drive.sleeps(3610);
        assertThat(drive.timer()).containsExactly("look");
        drive.hears(0, LOWER);
        drive.waits(1);
        assertThat(drive.timer()).isEmpty();
        drive.sleeps(609);

        assertThat(drive.timer()).containsExactly("look");
    }

    @Test
    void aMasterThatSleptLongAddsAndAnnouncesItsAddressesAnew() {
        ElectionDrive drive = master(router());
        drive.puts(0);
        drive.sleeps(2000);

        assertThat(drive.timer()).containsExactly("look");
        assertThat(drive.timer()).containsExactly("send 100", "add", "announce 5");
        assertThat(drive.waits(1000)).containsExactly("send 100");

        drive.puts(0);
        drive.sleeps(2000);
        assertThat(drive.hears(50, LOWER)).containsExactly("send 100", "add", "announce 5", "announce 3", "lower 50");

        drive.puts(0);
        drive.sleeps(1990);
        assertThat(drive.waits(0)).as("not long enough").containsExactly("send 100");

        ElectionDrive hasty = master(router().downAfterAdverts(1));
        assertThat(hasty.waits(5000)).containsOnly("send 100");
    }

    @Test
    void equalPrioritiesAreDecidedByTheAddressThatAdvertsComeFrom() {
        ElectionDrive drive = master(router());
        drive.election.localAddress(address("192.0.2.201"));
        assertThat(drive.hears(100, HIGHER)).contains("lower 100");

        drive.election.localAddress(address("10.0.0.1"));
        drive.waits(1000);
        assertThat(drive.hears(100, LOWER)).containsExactly("remove", "BACKUP");
    }

    @Test
    void aBackupKnowsWhomItHears() {
        ElectionDrive drive = begun(router());
        assertThat(drive.election.master()).isEmpty();
        drive.hears(150, LOWER);
        assertThat(drive.election.master()).contains(LOWER);
        drive.hears(50, HIGHER);
        assertThat(drive.election.master()).contains(HIGHER);
    }
}
