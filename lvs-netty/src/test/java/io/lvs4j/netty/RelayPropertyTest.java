package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ServiceHandle;
import io.lvs4j.netty.Script.End;
import io.lvs4j.netty.Script.Plan;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/**
 * Whatever two peers do, the one gets what the other sent: every byte, in order, and the same end. Two plain sockets play a
 * random script through the forwarder, several pairs at a time.
 */
class RelayPropertyTest {
    private static final int TRIES = 40;
    private static final int AT_A_TIME = Integer.getInteger("lvs.promise.scripts", 1_000) / TRIES;
    private static final int SMALL = 8 * 1024;

    private static final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "test-peer");
        thread.setDaemon(true);
        return thread;
    });

    private static @Nullable Stage epoll;
    private static @Nullable Stage nio;

    /** A lab with two services: the second one's server has small socket buffers. */
    private static final class Stage {
        final Lab lab;
        final TestServer roomy;
        final TestServer tight;
        final ServiceHandle toRoomy;
        final ServiceHandle toTight;

        Stage(Transport transport) {
            lab = new Lab(transport);
            roomy = lab.server();
            tight = lab.keep(new TestServer("127.0.0.1", SMALL, null));
            toRoomy = lab.serve(roomy);
            toTight = lab.serve(tight);
        }

        int open() {
            return Lab.counters(toRoomy, roomy).open()
                    + Lab.counters(toTight, tight).open();
        }
    }

    @BeforeContainer
    static void open() {
        epoll = new Stage(Transport.EPOLL);
        nio = new Stage(Transport.NIO);
    }

    @AfterContainer
    static void close() {
        epoll.lab.close();
        nio.lab.close();
        threads.shutdownNow();
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void epollCarriesEveryScript(@ForAll("scripts") List<Script> scripts) throws Exception {
        play(epoll, scripts);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void nioCarriesEveryScript(@ForAll("scripts") List<Script> scripts) throws Exception {
        play(nio, scripts);
    }

    @Provide
    Arbitrary<List<Script>> scripts() {
        Arbitrary<Plan> plans = Combinators.combine(
                        Arbitraries.of(1, 7, 100, 1_000, 4_096, 16_384, 65_536, 65_537, 100_000, 262_144)
                                .list()
                                .ofMaxSize(6),
                        Arbitraries.frequency(
                                Tuple.of(4, End.FIN),
                                Tuple.of(2, End.FIN_AFTER_PEER),
                                Tuple.of(2, End.RESET_WHEN_ACKNOWLEDGED),
                                Tuple.of(1, End.RESET_AT_ONCE),
                                Tuple.of(1, End.FIN_THEN_RESET)),
                        Arbitraries.of(100, 1_000, 16_384, 200_000),
                        Arbitraries.of(0, 1, 10_000, 70_000, 300_000))
                .as(Plan::new);
        return Combinators.combine(plans, plans, Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as(Script::new)
                .list()
                .ofSize(AT_A_TIME);
    }

    private static void play(Stage stage, List<Script> scripts) throws Exception {
        List<Duel> duels = new ArrayList<>();
        try {
            for (Script script : scripts) {
                duels.add(new Duel(stage, script)); // one by one, so that it is clear who belongs to whom
            }
            duels.forEach(Duel::begin);
            for (Duel duel : duels) {
                duel.end();
            }
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> stage.open() == 0); // nobody is waited for in vain
        } finally {
            for (Duel duel : duels) {
                duel.close();
            }
        }
    }

    /** The two peers of one connection. */
    private static final class Duel {
        private final Script script;
        private final Socket atClient = new Socket();
        private final Socket atServer;
        private final Peer client;
        private final Peer server;
        private final List<Future<?>> parts = new ArrayList<>();

        Duel(Stage stage, Script script) throws Exception {
            this.script = script;
            if (script.smallBuffers()) {
                atClient.setReceiveBufferSize(SMALL);
                atClient.setSendBufferSize(SMALL);
            }
            atClient.setSoTimeout(Lab.TIMEOUT_MILLIS);
            atClient.connect(Lab.addressOf(script.smallBuffers() ? stage.toTight : stage.toRoomy));
            atServer = (script.smallBuffers() ? stage.tight : stage.roomy).take();
            if (script.smallBuffers()) {
                atServer.setSendBufferSize(SMALL);
            }
            boolean serverWaits = script.server().end() == End.FIN_AFTER_PEER;
            boolean clientWaits = script.client().end() == End.FIN_AFTER_PEER && !serverWaits; // one has to begin
            client = new Peer(atClient, script.client(), script.clientPauses(), clientWaits);
            server = new Peer(atServer, script.server(), !script.clientPauses(), serverWaits);
        }

        void begin() {
            int halfUp = script.client().total() / 2;
            int halfDown = script.server().total() / 2;
            parts.add(start(() -> client.send(halfDown)));
            parts.add(start(() -> server.send(halfUp)));
            parts.add(start(() -> client.receive(server, halfUp)));
            parts.add(start(() -> server.receive(client, halfDown)));
        }

        void end() throws Exception {
            for (Future<?> part : parts) {
                part.get(60, TimeUnit.SECONDS);
            }
            verify("up", client, server);
            verify("down", server, client);
        }

        private void verify(String direction, Peer sender, Peer receiver) {
            String what = direction + ", receiver " + receiver + ", " + script;
            assertThat(receiver.garbled()).as(what).isFalse();
            if (receiver.resets()) {
                return; // what it did not wait for is its own affair
            }
            if (sender.plan().end() != End.RESET_AT_ONCE) {
                assertThat(receiver.received()).as(what).isEqualTo(sender.plan().total());
            }
            if (sender.endsWithAReset()) {
                assertThat(receiver.resetSeen()).as(what).isTrue();
            } else if (!sender.resets()) {
                assertThat(receiver.resetSeen()).as(what).isFalse();
            }
        }

        void close() throws IOException {
            atClient.close();
            atServer.close();
        }
    }

    private interface Part {
        void play() throws Exception;
    }

    private static Future<?> start(Part part) {
        Callable<Boolean> call = () -> {
            part.play();
            return true;
        };
        return threads.submit(call);
    }
}
