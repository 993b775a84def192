package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.CloseReport;
import io.lvs4j.DrainReport;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import io.lvs4j.scheduler.Schedulers;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Changes while connections flow. */
class ChangeTest extends TransportTest {

    @Test
    void heldConnectionsSurviveEveryChangeButTheirServersRemoval() throws Exception {
        TestServer one = lab.keep(TestServer.echo());
        TestServer two = lab.keep(TestServer.echo());
        TestServer drained = lab.keep(TestServer.echo());
        TestServer late = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(one, two, drained);
        service.server(drained.key()).startMaintenance();
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Socket socket = lab.connect(service);
            Lab.ping(socket);
            held.add(socket);
        }

        service.server(one.key()).weight(7);
        service.server(two.key()).weight(0);
        for (String scheduler : Schedulers.names()) {
            service.scheduler(scheduler);
        }
        service.scheduler("rr");
        service.add(RealServer.builder(late.key()).build());
        service.server(drained.key()).endMaintenance();
        try (Socket passing = lab.connect(service)) {
            Lab.ping(passing);
        }
        service.server(late.key()).remove();
        service.server(two.key()).startMaintenance();
        await().until(() -> Lab.counters(service, drained).open() == 0);
        DrainReport report =
                service.server(drained.key()).drain(Duration.ofMinutes(5)).get(20, TimeUnit.SECONDS);

        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.DRAINED);
        for (Socket socket : held) {
            Lab.ping(socket);
        }
        assertThat(Lab.counters(service, one).active()
                        + Lab.counters(service, two).active())
                .isEqualTo(200);
    }

    @Test
    void aDrainLetsConnectionsGoOnUntilItsDeadline() throws Exception {
        TestServer one = lab.keep(TestServer.echo());
        TestServer two = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(one);
        Socket draining = lab.connect(service);
        Lab.ping(draining);
        service.add(RealServer.builder(two.key()).build());

        CompletableFuture<DrainReport> drain = service.server(one.key()).drain(Duration.ofMinutes(1));
        for (int i = 0; i < 10; i++) {
            Lab.ping(lab.connect(service));
        }
        assertThat(one.count()).isEqualTo(1);
        Lab.ping(draining);
        assertThat(drain).isNotDone();
        advance(Duration.ofMinutes(1));

        DrainReport report = drain.get(20, TimeUnit.SECONDS);
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.DEADLINE);
        assertThat(report.remaining()).isEqualTo(1);
        assertThat(Lab.readAll(draining).reset()).isTrue();
    }

    @Test
    void aForcedRemovalResetsOnlyTheServersOwnConnections() throws Exception {
        TestServer one = lab.keep(TestServer.echo());
        TestServer two = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(one);
        List<Socket> doomed = new ArrayList<>();
        List<Socket> spared = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            doomed.add(lab.connect(service));
            Lab.ping(doomed.get(i));
        }
        service.add(RealServer.builder(two.key()).build());
        service.server(one.key()).weight(0);
        for (int i = 0; i < 50; i++) {
            spared.add(lab.connect(service));
            Lab.ping(spared.get(i));
        }

        service.server(one.key()).remove();

        for (Socket socket : doomed) {
            assertThat(Lab.readAll(socket).reset()).isTrue();
        }
        for (Socket socket : spared) {
            Lab.ping(socket);
        }
        assertThat(Lab.counters(service, two).active()).isEqualTo(50);
    }

    @Test
    void aQuiescedServerGetsNoConnectionOnceTheCallHasReturned() throws Exception {
        AtomicInteger late = new AtomicInteger();
        TestServer watched = lab.keep(new TestServer("127.0.0.1", 0, socket -> {
            int said = socket.getInputStream().read();
            if (said == 'q') {
                late.incrementAndGet();
            }
            socket.getOutputStream().write(said);
        }));
        TestServer other = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(watched, other);
        AtomicBoolean quiesced = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        AtomicIntegerArray done = new AtomicIntegerArray(4);
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < done.length(); i++) {
            int client = i;
            clients.add(CompletableFuture.runAsync(
                    () -> hammer(service, quiesced, over, () -> done.incrementAndGet(client)), TestServer::daemon));
        }

        for (int round = 0; round < 50; round++) {
            int before = watched.count();
            await().pollInterval(Duration.ofMillis(1)).until(() -> watched.count() > before);
            service.server(watched.key()).weight(0);
            quiesced.set(true);
            awaitTwoOfEach(done);
            quiesced.set(false);
            awaitTwoOfEach(done); // nobody still says that it came while the server was quiesced
            service.server(watched.key()).weight(1);
        }
        over.set(true);

        for (CompletableFuture<Void> client : clients) {
            client.get(20, TimeUnit.SECONDS);
        }
        assertThat(late).hasValue(0);
    }

    private static void awaitTwoOfEach(AtomicIntegerArray done) {
        for (int i = 0; i < done.length(); i++) {
            int client = i;
            int before = done.get(client);
            await().pollInterval(Duration.ofMillis(1)).until(() -> done.get(client) >= before + 2);
        }
    }

    private static void hammer(ServiceHandle service, AtomicBoolean quiesced, AtomicBoolean over, Runnable done) {
        while (!over.get()) {
            int say = quiesced.get() ? 'q' : 'o';
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
                socket.connect(Lab.addressOf(service));
                socket.getOutputStream().write(say);
                assertThat(socket.getInputStream().read()).isEqualTo(say);
                done.run();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Test
    void aGracefulCloseTakesNobodyNewAndWaitsForTheRest() throws Exception {
        ServiceHandle service = lab.serve(lab.keep(TestServer.echo()));
        Socket held = lab.connect(service);
        Lab.ping(held);

        CompletableFuture<CloseReport> closing = lab.director.closeGracefully(Duration.ofMinutes(1));
        assertThatThrownBy(() -> lab.connect(service)).isInstanceOf(ConnectException.class);
        Lab.ping(held);
        held.close();

        assertThat(closing.get(20, TimeUnit.SECONDS).remaining()).isZero();
    }

    @Test
    void aRemovedServiceResetsItsConnections() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(server);
        Socket client = lab.connect(service);
        Socket atServer = server.take();

        service.remove();

        assertThat(Lab.readAll(client).reset()).isTrue();
        assertThat(Lab.readAll(atServer).reset()).isTrue();
    }
}
