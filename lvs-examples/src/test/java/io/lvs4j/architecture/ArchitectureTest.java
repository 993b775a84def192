package io.lvs4j.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.Timer;
import java.util.stream.Stream;

/** The map of ARCHITECTURE.md as rules: who may know whom. It lives here because this module sees all the others. */
@AnalyzeClasses(packages = "io.lvs4j", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] API = {"io.lvs4j", "io.lvs4j.check..", "io.lvs4j.spi.."};
    private static final String[] WAITING = {
        "io.lvs4j",
        "io.lvs4j.check..",
        "io.lvs4j.spi..",
        "io.lvs4j.scheduler..",
        "io.lvs4j.health..",
        "io.lvs4j.netty.."
    };
    private static final String[] EVERYBODY_MAY = {"java..", "org.slf4j..", "org.jspecify.annotations.."};

    @ArchTest
    static final ArchRule apiKnowsNobody = classes()
            .that()
            .resideInAnyPackage(API)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(and(API, EVERYBODY_MAY));

    @ArchTest
    static final ArchRule schedulerKnowsOnlyTheApi =
            onlyKnows("io.lvs4j.scheduler..", "com.github.benmanes.caffeine..");

    @ArchTest
    static final ArchRule healthKnowsOnlyTheApi = onlyKnows("io.lvs4j.health..", "io.netty..", "javax.net.ssl..");

    @ArchTest
    static final ArchRule nettyKnowsOnlyTheApiAndTheScheduler =
            onlyKnows("io.lvs4j.netty..", "io.lvs4j.scheduler..", "io.netty..", "com.sun.management..");

    @ArchTest
    static final ArchRule vrrpKnowsTheApiAndTheKernel = onlyKnows("io.lvs4j.vrrp..", "io.lvs4j.netlink..");

    @ArchTest
    static final ArchRule keepalivedKnowsOnlyTheApiAndDescriptionsOfRouters =
            onlyKnows("io.lvs4j.keepalived..", "io.lvs4j.ipvsadm..", "io.lvs4j.vrrp..");

    @ArchTest
    static final ArchRule ipvsadmKnowsOfKeepalivedOnlyWhereTextIs =
            onlyKnows("io.lvs4j.ipvsadm..", "io.lvs4j.keepalived.syntax..");

    @ArchTest
    static final ArchRule netlinkKnowsOnlyTheApi = onlyKnows("io.lvs4j.netlink..", "com.sun.jna..");

    @ArchTest
    static final ArchRule nativeCallsAreMadeInOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.lvs4j.netlink.socket")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule netlinkBytesAreReadAndWrittenWithoutASocket = onlyKnows("io.lvs4j.netlink.wire");

    @ArchTest
    static final ArchRule aNetlinkConversationKnowsNoFamily =
            onlyKnows("io.lvs4j.netlink.conversation", "io.lvs4j.netlink.wire", "io.lvs4j.netlink.socket");

    @ArchTest
    static final ArchRule genericNetlinkKnowsNoIpvs = onlyKnows(
            "io.lvs4j.netlink.genl",
            "io.lvs4j.netlink.conversation",
            "io.lvs4j.netlink.wire",
            "io.lvs4j.netlink.socket");

    @ArchTest
    static final ArchRule interfacesAndAddressesKnowNoIpvs = onlyKnows(
            "io.lvs4j.netlink.route",
            "io.lvs4j.netlink.frame",
            "io.lvs4j.netlink.conversation",
            "io.lvs4j.netlink.wire",
            "io.lvs4j.netlink.socket");

    @ArchTest
    static final ArchRule framesAreWrittenWithoutASocket = onlyKnows("io.lvs4j.netlink.frame");

    @ArchTest
    static final ArchRule testkitKnowsOnlyTheApiAndTheScheduler =
            onlyKnows("io.lvs4j.testkit..", "io.lvs4j.scheduler..", "org.junit.jupiter.api..", "org.assertj.core..");

    /** Stricter than the map, which only bans Netty from public signatures: elsewhere it is not needed at all. */
    @ArchTest
    static final ArchRule nettyIsKnownToTheForwarderAndTheProbesOnly = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.lvs4j.netty..", "io.lvs4j.health..", "io.lvs4j.examples..", "io.lvs4j.leakgate..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule packagesAreNamedByJob =
            noClasses().should().resideInAnyPackage("..util..", "..common..", "..impl..", "..helpers..", "..model..");

    /** Or a step of the wall clock would end connections, drains and checks at once, or keep them for ever. */
    @ArchTest
    static final ArchRule nothingThatWaitsReadsTheWallClock = noClasses()
            .that()
            .resideInAnyPackage(WAITING)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Clock.class, Date.class, Calendar.class, LocalTime.class, LocalDateTime.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(OffsetDateTime.class, ZonedDateTime.class, Timer.class);

    /** Events tell people when they happened. These are all that publish any, and no reading is compared with another. */
    @ArchTest
    static final ArchRule theTimeOfDayIsForEventsOnly = noClasses()
            .that()
            .resideInAnyPackage(WAITING)
            .and()
            .doNotBelongToAnyOf(DirectorEvent.class, Director.class)
            .and()
            .doNotHaveFullyQualifiedName("io.lvs4j.ServiceTable")
            .and()
            .doNotHaveFullyQualifiedName("io.lvs4j.PoolEvents")
            .and()
            .doNotHaveFullyQualifiedName("io.lvs4j.NameLookups")
            .and()
            .doNotHaveFullyQualifiedName("io.lvs4j.Drains")
            .and()
            .doNotHaveFullyQualifiedName("io.lvs4j.Drain")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Instant.class);

    @ArchTest
    static final ArchRule noReadingOfTheTimeOfDayIsComparedWithAnother = noClasses()
            .that()
            .resideInAnyPackage(API)
            .should()
            .callMethodWhere(target(owner(equivalentTo(Instant.class)))
                    .and(target(name("now")).negate())
                    .as("a method of Instant but now()"));

    /** Classes of {@code self} use themselves, the API and {@code others}, nothing else. */
    private static ArchRule onlyKnows(String self, String... others) {
        String[] allowed = and(and(new String[] {self}, others), and(API, EVERYBODY_MAY));
        return classes()
                .that()
                .resideInAPackage(self)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }

    private static String[] and(String[] some, String[] more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }
}
