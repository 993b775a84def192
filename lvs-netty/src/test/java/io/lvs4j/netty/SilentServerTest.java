package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.ServerCounters;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A server that does not answer is paid for once. The clock stands unless it is moved, so who waits, waits for ever. */
class SilentServerTest extends TransportTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration TRIAL = Duration.ofNanos(SilentServers.TRIAL_NANOS);

    @Test
    void afterTheFirstTimeoutNobodyWaitsAnyMore() throws Exception {
        FullServer silent = lab.keep(new FullServer());
        TestServer server = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(with(silent.key()), server);
        payOnce(service, silent);

        for (int i = 0; i < 200; i++) {
            try (Socket client = lab.connect(service)) {
                Lab.ping(client);
            }
        }

        assertThat(counters(service, silent).connectFailures()).isEqualTo(1);
        assertThat(counters(service, silent).connections()).isZero();
        assertThat(service.snapshot().refused()).isZero();
    }

    @Test
    void whoWaitsForItWhenItTimesOutIsMovedOnAtOnce() throws Exception {
        FullServer silent = lab.keep(new FullServer());
        TestServer server = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(with(silent.key()), server);
        List<Socket> clients = connect(service, 2);
        await().until(() -> counters(service, silent).inactive() == 1);
        advance(TIMEOUT.minusMillis(1));
        clients.addAll(connect(service, 18)); // these have just begun to wait
        await().until(() -> counters(service, silent).inactive() == 10);

        advance(Duration.ofMillis(1));

        for (Socket client : clients) {
            Lab.ping(client);
        }
        assertThat(counters(service, silent).open()).isZero();
        assertThat(counters(service, silent).connectFailures()).isEqualTo(1);
        assertThat(service.snapshot().connections()).isEqualTo(20);
    }

    @Test
    void itIsTriedOnceASecondWithoutAClientAndComesBackWhenItAnswers() throws Exception {
        FullServer silent = lab.keep(new FullServer());
        TestServer server = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(with(silent.key()), server);
        payOnce(service, silent);

        awaitLooks();
        assertThat(silent.askingPorts()).isEmpty(); // no time has passed
        List<String> seen = new ArrayList<>();
        for (int second = 1; second <= 3; second++) {
            advance(TRIAL);
            await().until(() -> !seen.containsAll(silent.askingPorts())
                    && silent.askingPorts().size() == 1);
            seen.addAll(silent.askingPorts());
            awaitLooks();
            assertThat(silent.askingPorts()).containsExactly(seen.get(seen.size() - 1));
        }

        silent.recover();
        advance(TRIAL);
        await().until(() -> {
            try (Socket client = lab.connect(service)) {
                Lab.ping(client);
            }
            return counters(service, silent).connections() > 0;
        });
        assertThat(counters(service, silent).connectFailures()).isEqualTo(1);
    }

    @Test
    void whenAllServersAreSilentTheyAreUsedAllTheSameAndAClientThatGetsThroughClearsIt() throws Exception {
        FullServer silent = lab.keep(new FullServer());
        ServiceHandle service = lab.serve(with(silent.key()));
        lab.connect(service);
        letTimeOut(service, silent);
        await().until(() -> service.snapshot().refused() == 1);

        Socket client = lab.connect(service);
        await().until(() -> counters(service, silent).inactive() == 1);
        silent.recover(); // Linux asks again after a second

        Lab.ping(client);
        assertThat(counters(service, silent).connections()).isEqualTo(1);
    }

    @Test
    void aClientWhoseTemplateNamesItIsScheduledAnew() throws Exception {
        FullServer silent = lab.keep(new FullServer());
        TestServer server = lab.keep(TestServer.echo());
        ServiceHandle service =
                lab.serve(b -> with(silent.key()).apply(b).persistence(Persistence.of(Duration.ofMinutes(5))), server);
        Socket client = lab.connect(service);
        await().until(() -> counters(service, silent).persistent()
                        + Lab.counters(service, server).persistent()
                == 1);
        if (counters(service, silent).persistent() == 0) { // round robin began with the other one
            Lab.ping(client);
            client.close();
            await().until(() -> Lab.counters(service, server).open() == 0);
            assertThat(service.persistence().orElseThrow().evict(server.key())).isEqualTo(1);
            client = lab.connect(service);
            await().until(() -> counters(service, silent).persistent() == 1);
        }
        Socket waiting = lab.connect(service);
        await().until(() -> counters(service, silent).inactive() == 2);

        advance(TIMEOUT);

        Lab.ping(client);
        Lab.ping(waiting);
        Lab.ping(lab.connect(service));
        assertThat(counters(service, silent).persistent()).isZero();
        assertThat(Lab.counters(service, server).persistent()).isEqualTo(1);
    }

    @Test
    void aServerThatLeavesAndComesBackIsNotSuspectAnyMore() throws Exception {
        FullServer silent = lab.keep(new FullServer());
        TestServer server = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(with(silent.key()), server);
        payOnce(service, silent);
        VirtualService both = service.description();

        service.update(VirtualService.builder()
                .listen(Lab.VIP, Lab.addressOf(service).getPort())
                .scheduler("rr")
                .realServer(RealServer.builder(server.key()).build())
                .build());
        service.update(both);

        connect(service, 2);
        await().until(() -> counters(service, silent).inactive() == 1);
    }

    // ---------------------------------------------------------------- parts

    private static UnaryOperator<VirtualService.Builder> with(ServerKey silent) {
        return b -> b.realServer(RealServer.builder(silent).build())
                .timeouts(ConnectionTimeouts.defaults().withConnect(TIMEOUT));
    }

    private List<Socket> connect(ServiceHandle service, int count) throws Exception {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(lab.connect(service));
        }
        return clients;
    }

    /** Two clients: one has to do with the silent server and finds out. */
    private void payOnce(ServiceHandle service, FullServer silent) throws Exception {
        List<Socket> clients = connect(service, 2);
        letTimeOut(service, silent);
        for (Socket client : clients) {
            Lab.ping(client);
            client.close();
        }
    }

    private void letTimeOut(ServiceHandle service, FullServer silent) {
        await().until(() -> counters(service, silent).inactive() == 1);
        advance(TIMEOUT);
        await().until(() -> counters(service, silent).connectFailures() == 1);
    }

    private static ServerCounters counters(ServiceHandle service, FullServer server) {
        return service.snapshot().server(server.key()).counters();
    }
}
