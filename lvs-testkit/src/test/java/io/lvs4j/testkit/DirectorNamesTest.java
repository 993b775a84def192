package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.scheduler.HeadlessBackend;
import io.lvs4j.spi.NameResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names of real servers, with a resolver that says what the test wants. */
class DirectorNamesTest {
    private static final Duration TTL = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final ScriptedHealthMonitor health = new ScriptedHealthMonitor();
    private final Names names = new Names();
    private final List<DirectorEvent> events = new CopyOnWriteArrayList<>();
    private final Director director = Director.builder()
            .backend(HeadlessBackend.create())
            .healthMonitor(health)
            .nameResolver(names)
            .ticker(time)
            .timers(time)
            .listener(events::add)
            .build();

    private static final class Names implements NameResolver {
        final Map<String, List<String>> known = new HashMap<>();
        final List<String> asked = new ArrayList<>();
        Duration timeToLive = TTL;
        boolean silent;

        @Override
        public CompletionStage<Answer> resolve(String name) {
            asked.add(name);
            if (silent) {
                return new CompletableFuture<>();
            }
            List<InetAddress> addresses = known.getOrDefault(name, List.of()).stream()
                    .map(Names::address)
                    .toList();
            return addresses.isEmpty()
                    ? CompletableFuture.failedFuture(new UnknownHostException(name))
                    : CompletableFuture.completedFuture(new Answer(addresses, timeToLive));
        }

        private static InetAddress address(String text) {
            try {
                return InetAddress.getByName(text);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            silent = true;
        }
    }

    @AfterEach
    void close() {
        director.close();
        assertThat(names.silent).isTrue();
    }

    private static VirtualService.Builder service() {
        return VirtualService.builder()
                .listen("10.0.0.1", 80)
                .healthCheck(TcpCheck.create())
                .realServerName("app.test", 8080, server -> server.weight(3));
    }

    private ServiceHandle add(String... addresses) {
        names.known.put("app.test", List.of(addresses));
        ServiceHandle handle = director.add(service().build());
        time.advance(Duration.ZERO);
        return handle;
    }

    private void say(String... addresses) {
        names.known.put("app.test", List.of(addresses));
        time.advance(TTL);
    }

    private static List<String> servers(ServiceHandle service) {
        return service.snapshot().servers().stream()
                .filter(server -> server.state() != ServerState.DRAINING)
                .map(server -> server.server().key().toString())
                .toList();
    }

    private static ServerKey key(String text) {
        return ServerKey.parse(text);
    }

    @Test
    void aNameStandsForAServerAtEachOfItsAddressesWithTheSettingsOfTheName() {
        ServiceHandle service = add("10.0.1.1", "10.0.1.2");

        assertThat(servers(service)).containsExactly("10.0.1.1:8080", "10.0.1.2:8080");
        assertThat(service.description().realServers())
                .extracting(RealServer::weight)
                .containsOnly(3);
        assertThat(health.checksOf(key("10.0.1.2:8080"))).containsExactly(TcpCheck.create());
    }

    @Test
    void aNameIsLookedUpAgainWhenItsTimeToLiveHasPassed() {
        ServiceHandle service = add("10.0.1.1");
        names.known.put("app.test", List.of("10.0.1.1", "10.0.1.2"));

        time.advance(TTL.minusMillis(1));
        assertThat(servers(service)).containsExactly("10.0.1.1:8080");
        time.advance(Duration.ofMillis(1));

        assertThat(servers(service)).containsExactly("10.0.1.1:8080", "10.0.1.2:8080");
    }

    @Test
    void aTimeToLiveOfZeroDoesNotMakeUsAskAllTheTime() {
        names.timeToLive = Duration.ZERO;
        add("10.0.1.1");
        int before = names.asked.size();

        time.advance(Duration.ofSeconds(10));

        assertThat(names.asked.size() - before).isEqualTo(10);
    }

    @Test
    void addressesThatStayKeepTheirHealthAndTheirWeightAndAreNotTouched() {
        ServiceHandle service = add("10.0.1.1", "10.0.1.2");
        health.fail(key("10.0.1.1:8080"));
        service.server("10.0.1.2:8080").weight(7);
        time.advance(Duration.ZERO);

        say("10.0.1.2", "10.0.1.1", "10.0.1.3");

        assertThat(service.server("10.0.1.1:8080").snapshot().state()).isEqualTo(ServerState.DOWN);
        assertThat(service.server("10.0.1.2:8080").snapshot().weight()).isEqualTo(7);
        assertThat(service.server("10.0.1.3:8080").snapshot().weight()).isEqualTo(3);
    }

    @Test
    void aServerWhoseAddressIsGoneIsDrainedAndThenRemoved() {
        ServiceHandle service = add("10.0.1.1", "10.0.1.2");

        say("10.0.1.1");
        assertThat(servers(service)).containsExactly("10.0.1.1:8080");
        time.advance(Duration.ofMinutes(6));

        assertThat(service.description().realServers())
                .extracting(server -> server.key().toString())
                .containsExactly("10.0.1.1:8080");
        Patience.await(() -> events.stream().anyMatch(DirectorEvent.DrainEnded.class::isInstance));
    }

    @Test
    void aFailedLookupKeepsTheServersAndIsToldOnceAndTriedAgain() {
        ServiceHandle service = add("10.0.1.1");

        say();
        time.advance(Duration.ofSeconds(20));

        assertThat(servers(service)).containsExactly("10.0.1.1:8080");
        Patience.await(() -> failures().size() == 1);
        assertThat(failures().get(0).kept()).containsExactly(key("10.0.1.1:8080"));
        assertThat(failures().get(0).cause()).isEqualTo("app.test");

        names.known.put("app.test", List.of("10.0.1.9"));
        time.advance(Duration.ofSeconds(5));
        assertThat(servers(service)).containsExactly("10.0.1.9:8080");
    }

    private List<DirectorEvent.LookupFailed> failures() {
        return events.stream()
                .filter(DirectorEvent.LookupFailed.class::isInstance)
                .map(DirectorEvent.LookupFailed.class::cast)
                .toList();
    }

    @Test
    void aLookupWithoutAnAnswerIsGivenUpAndTriedAgain() {
        ServiceHandle service = add("10.0.1.1");
        names.silent = true;
        time.advance(TTL.plusSeconds(5));
        Patience.await(() -> failures().size() == 1);
        assertThat(servers(service)).containsExactly("10.0.1.1:8080");

        names.silent = false;
        names.known.put("app.test", List.of("10.0.1.1", "10.0.1.2"));
        time.advance(Duration.ofSeconds(10));

        assertThat(servers(service)).containsExactly("10.0.1.1:8080", "10.0.1.2:8080");
    }

    @Test
    void addressesOfAnotherFamilyThanTheServicesAreLeftOut() {
        ServiceHandle service = add("fd00::1", "10.0.1.1");

        assertThat(servers(service)).containsExactly("10.0.1.1:8080");
    }

    @Test
    void anUpdateAndAnApplyKeepWhatTheNamesStandFor() {
        ServiceHandle service = add("10.0.1.1", "10.0.1.2");
        health.fail(key("10.0.1.1:8080"));
        time.advance(Duration.ZERO);

        assertThat(director.plan(List.of(service().build())).isEmpty()).isTrue();
        director.update(service().scheduler("rr").build());
        director.apply(List.of(service().realServer("10.0.1.7", 80).build()));
        time.advance(Duration.ZERO);

        assertThat(servers(service)).containsExactlyInAnyOrder("10.0.1.7:80", "10.0.1.1:8080", "10.0.1.2:8080");
        assertThat(service.server("10.0.1.1:8080").snapshot().state()).isEqualTo(ServerState.DOWN);
    }

    @Test
    void otherSettingsOfANameAreTheSettingsOfItsServersAtOnce() {
        ServiceHandle service = add("10.0.1.1", "10.0.1.2");

        director.update(VirtualService.builder()
                .listen("10.0.0.1", 80)
                .realServerName("app.test", 8080, server -> server.weight(5))
                .build());

        assertThat(service.description().realServers())
                .extracting(RealServer::weight)
                .containsExactly(5, 5);
    }

    @Test
    void aNameThatIsNoLongerDescribedIsNoLongerAskedForAndItsServersGo() {
        ServiceHandle service = add("10.0.1.1");
        director.update(VirtualService.builder()
                .listen("10.0.0.1", 80)
                .realServer("10.0.1.7", 80)
                .build());
        int before = names.asked.size();

        time.advance(Duration.ofMinutes(10));

        assertThat(names.asked).hasSize(before);
        assertThat(servers(service)).containsExactly("10.0.1.7:80");
    }

    @Test
    void aServiceThatIsRemovedAsksNoMore() {
        add("10.0.1.1").remove();
        int before = names.asked.size();

        time.advance(Duration.ofMinutes(10));

        assertThat(names.asked).hasSize(before);
    }

    @Test
    void anAddressIsNoNameAndANameIsGivenOnce() {
        Stream.of("10.0.1.1", "a b", "", "-x")
                .forEach(name -> assertThatThrownBy(
                                () -> VirtualService.builder().realServerName(name, 80))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("real server name: " + name + " (expected: a host name, such as app.example.com)"));
        assertThatThrownBy(() -> service().realServerName("APP.test", 8080))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("realServerName: APP.test:8080 (expected: each name and port once)");
    }
}
