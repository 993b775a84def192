package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceTemplates;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Decisions while the pool changes: once {@code configure} has returned and a server that it quiesced or removed has no
 * connections any more, no lease is given out on it, whenever it was decided on, and no template names it; at rest a server's
 * counts are its open leases. Which server a decision falls on is not
 * checked: a change goes in steps, which decisions may see.
 *
 * <p>{@code DecisionEngineTest} does this with every scheduler and empty hands at the end; here leases stay open, and threads
 * are stopped where it hurts. With {@link KeyTable} they only run at full speed, see {@link TemplateLinearizabilityCheck}.
 */
class DecisionEngineLinearizabilityCheck {
    private static final int SERVERS = 2;
    private static final int MOST = 100; // a change is hundreds of steps

    @Test
    void whoChoseAServerJustBeforeItWasTakenOutGetsAnother() {
        Interleavings.race(
                MOST,
                Scenario.of(WithoutPersistence.class).thread("acquire", 0, 1).thread("weigh", 1, 0),
                Scenario.of(WithoutPersistence.class).thread("acquire", 0, 1).thread("weigh", 1, -1));
    }

    @Test
    void whoseTemplateIsForgottenGetsAnotherServer() {
        Interleavings.race(
                MOST,
                Scenario.of(ByAddress.class).thread("acquire", 0, 1).thread("weigh", 1, 0),
                Scenario.of(ByAddress.class)
                        .first("acquire", 0, 1)
                        .thread("acquire", 1, 1)
                        .thread("weigh", 1, -1),
                Scenario.of(ByAddress.class)
                        .first("acquire", 0, 1)
                        .thread("close", 0)
                        .thread("weigh", 1, -1));
    }

    @Test
    void threadsAtFullSpeedHonourAChange() {
        Interleavings.stress(WithoutPersistence.class);
    }

    @Test
    void threadsAtFullSpeedHonourAChangeWithPersistenceByAddress() {
        Interleavings.stress(ByAddress.class);
    }

    @Test
    void threadsAtFullSpeedHonourAChangeWithPersistenceByKey() {
        Interleavings.stress(ByKey.class);
    }

    /** What happens to an engine. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "client", gen = IntGen.class, conf = "1:2")
    @Param(name = "server", gen = IntGen.class, conf = "0:1")
    @Param(name = "weight", gen = IntGen.class, conf = "-1:1")
    public abstract static class Decisions {
        private static final List<ServerKey> KEYS = List.of(key(0), key(1));
        private static final List<Pool.Member> MEMBERS =
                List.of(member(0, 0), member(0, 1), member(1, 0), member(1, 1));

        private final CarriedConnections connections = new CarriedConnections();
        private final DecisionEngine engine = new DecisionEngine(() -> 0);
        private final VirtualService service;
        private final int[] weights = new int[SERVERS];
        private final AtomicIntegerArray drained = new AtomicIntegerArray(SERVERS);
        private final AtomicReference<String> fault = new AtomicReference<>();

        Decisions(VirtualService.Builder service) {
            this.service = service.listen("10.8.0.1", 80).build();
            Arrays.fill(weights, 1);
            configure();
        }

        @Operation
        public void acquire(@Param(name = "thread") int thread, @Param(name = "client") int client) {
            Flow flow = new Flow().set(0, Tables.IPV4 | client, 40_000, 0, Tables.IPV4 | 1, 80);
            Lease lease = engine.acquire(flow.key(client));
            if (lease != null) {
                connections.carry(thread, lease);
                int server = server(lease.server());
                if (drained.get(server) != 0) {
                    fault.set(lease + " although it had been taken out and had no connections any more");
                }
            }
        }

        @Operation
        public void establish(@Param(name = "thread") int thread) {
            connections.establish(thread);
        }

        @Operation
        public void close(@Param(name = "thread") int thread) {
            connections.close(thread);
        }

        /** Sets a weight; -1 removes the server. */
        @Operation(nonParallelGroup = "engine")
        public void weigh(@Param(name = "server") int server, @Param(name = "weight") int weight) {
            drained.set(server, 0);
            weights[server] = weight;
            configure();
            if (weight <= 0 && open(server) == 0) {
                drained.set(server, 1);
            }
        }

        private long open(int server) {
            return engine.counters().of(KEYS.get(server)).open();
        }

        private void configure() {
            List<Pool.Member> members = new ArrayList<>();
            for (int server = 0; server < SERVERS; server++) {
                if (weights[server] >= 0) {
                    members.add(MEMBERS.get(2 * server + weights[server]));
                }
            }
            engine.configure(new Pool(service, members));
        }

        private static ServerKey key(int server) {
            return ServerKey.of("10.9.0." + (server + 1), 8000);
        }

        private static Pool.Member member(int server, int weight) {
            return new Pool.Member(
                    RealServer.builder(key(server)).weight(weight).build(), weight, true);
        }

        private static int server(ServerKey key) {
            return key.address().getAddress()[3] - 1;
        }

        @Validate
        public void countsAreOpenLeasesAndTemplatesAreOfServersInUse() {
            if (fault.get() != null) {
                throw new AssertionError(fault.get());
            }
            long[] open = new long[SERVERS];
            connections.all().forEach(lease -> open[server(lease.server())]++);
            for (int server = 0; server < SERVERS; server++) {
                long counted = open(server);
                if (counted != open[server]) {
                    throw new AssertionError("server " + server + " counts " + counted + ", not " + open[server]);
                }
            }
            engine.persistence()
                    .map(PersistenceTemplates::list)
                    .orElse(List.of())
                    .forEach(template -> {
                        if (weights[server(template.server())] <= 0) {
                            throw new AssertionError(template + " although the server has been taken out");
                        }
                    });
        }
    }

    public static class WithoutPersistence extends Decisions {
        public WithoutPersistence() {
            super(VirtualService.builder().scheduler("rr"));
        }
    }

    public static class ByAddress extends Decisions {
        public ByAddress() {
            super(VirtualService.builder()
                    .scheduler("rr")
                    .persistence(Persistence.of(Duration.ofSeconds(60)).withMaxEntries(Slots.WINDOW)));
        }
    }

    public static class ByKey extends Decisions {
        public ByKey() {
            super(VirtualService.builder().scheduler("rr").persistence(Persistence.byKey(Duration.ofSeconds(60))));
        }
    }
}
