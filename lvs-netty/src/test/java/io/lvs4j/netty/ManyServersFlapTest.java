package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.DirectorEvent;
import io.lvs4j.ServiceHandle;
import io.lvs4j.ServiceSnapshot;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers fail and recover by the thousand, by real checks, while each has a connection on which bytes come and go, and others
 * come and go themselves.
 */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@Tag("size")
class ManyServersFlapTest {
    private static final int SERVERS = Integer.getInteger("lvs.promise.flapping", 1_000);
    private static final int FLAPS = 3;
    private static final int SWAPS = 2;
    private static final long NEVER = 0;

    @Parameter
    Transport transport;

    private int servers;
    private int half;
    /** The farm's last one. */
    private int sorry;

    private AtomicIntegerArray downs;
    private AtomicIntegerArray ups;
    /** Since when nobody may be given to a server, by the clock of the clients. */
    private AtomicLongArray outSince;

    private volatile boolean downIsOut = true;

    private final Queue<String> wronglyServed = new ConcurrentLinkedQueue<>();
    private final Queue<String> poolEvents = new ConcurrentLinkedQueue<>();
    private Lab lab;
    private ServerFarm farm;
    private ServiceHandle service;
    private SteadyClients clients;

    @BeforeEach
    void open() throws IOException {
        servers = transport == Transport.NIO ? SERVERS / 5 : SERVERS;
        half = servers / 2;
        sorry = servers;
        downs = new AtomicIntegerArray(servers);
        ups = new AtomicIntegerArray(servers);
        outSince = new AtomicLongArray(servers + 1);
        lab = new Lab(transport, Ticker.system());
        farm = lab.keep(new ServerFarm(servers + 1));
        lab.director.addListener(this::heard);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void heard(DirectorEvent event) {
        if (event instanceof DirectorEvent.ServerDown down) {
            int server = farm.number(down.server());
            downs.incrementAndGet(server);
            if (downIsOut) {
                outSince.set(server, System.nanoTime());
            }
        } else if (event instanceof DirectorEvent.ServerUp up) {
            ups.incrementAndGet(farm.number(up.server()));
        } else if (!(event instanceof DirectorEvent.ServerEvent || event instanceof DirectorEvent.ServiceAdded)) {
            poolEvents.add(event.getClass().getSimpleName());
        }
    }

    /** Begins to serve, and waits until each server has a connection that is kept. */
    private void serve(UnaryOperator<VirtualService.Builder> rules) throws IOException {
        service = lab.serve(b -> {
            for (int i = 0; i < servers; i++) {
                b.realServer(farm.key(i).toString());
            }
            return rules.apply(b)
                    .healthCheck(TcpCheck.builder()
                            .connectPort(farm.checkPort())
                            .connectTimeout(
                                    Duration.ofSeconds(30)) // nobody stays silent, but the machine may stand still
                            .delayLoop(Duration.ofMillis(500))
                            .delayBeforeRetry(Duration.ofMillis(100))
                            .warmup(Duration.ofMillis(500))
                            .build());
        });
        clients = lab.keep(new SteadyClients(Lab.addressOf(service), servers, servers + 1, this::witness));
        clients.awaitRound();
    }

    private void witness(int server, long sinceNanos) {
        long out = outSince.get(server);
        if (out != NEVER && sinceNanos - out > 0) {
            wronglyServed.add("server " + server);
        }
    }

    // ---------------------------------------------------------------- steps

    private static void within(Callable<Boolean> condition) {
        await().atMost(Duration.ofMinutes(1)).until(condition);
    }

    private static boolean all(int many, AtomicIntegerArray counts, int count) {
        return IntStream.range(0, many).allMatch(i -> counts.get(i) == count);
    }

    private void fail(int many) {
        int count = downs.get(0) + 1;
        farm.failChecks(0, many);
        within(() -> all(many, downs, count));
        clients.awaitRound();
    }

    private void recover(int many) {
        int count = ups.get(0) + 1;
        outSince(NEVER, 0, many);
        farm.passChecks(0, many);
        within(() -> all(many, ups, count));
        clients.awaitRound();
    }

    private void outSince(long nanos, int from, int to) {
        IntStream.range(from, to).forEach(i -> outSince.set(i, nanos));
    }

    /** Waits until each server has got a new connection. */
    private void awaitServiceOfAll() {
        int[] before = IntStream.range(0, servers).map(clients.served::get).toArray();
        within(() -> IntStream.range(0, servers).allMatch(i -> clients.served.get(i) > before[i]));
    }

    // ---------------------------------------------------------------- what is expected

    private long sum(ToLongFunction<ServerCounters> counter) {
        ServiceSnapshot snapshot = service.snapshot();
        long sum = snapshot.servers().stream()
                .mapToLong(each -> counter.applyAsLong(each.counters()))
                .sum();
        return sum
                + snapshot.sorryServer().stream()
                        .mapToLong(each -> counter.applyAsLong(each.counters()))
                        .sum();
    }

    /** Lets the clients end. All is well, but for connections to some servers that were cut. */
    private void expect(int flaps, int flapping, List<Integer> cut) throws Exception {
        clients.end();
        System.out.printf(
                "%d of %d servers failed and recovered %d times over %s: %d connections, %d bytes there and back%n",
                flapping, servers, flaps, transport, clients.opened.get(), clients.sent.get());
        assertThat(clients.complaints).isEmpty();
        assertThat(clients.cut).containsExactlyInAnyOrderElementsOf(cut);
        assertThat(wronglyServed).isEmpty();
        for (int i = 0; i < servers; i++) {
            assertThat(downs.get(i)).as("downs of %s", i).isEqualTo(i < flapping ? flaps : 0);
            assertThat(ups.get(i)).as("ups of %s", i).isEqualTo(i < flapping ? flaps : 0);
        }
        assertThat(service.snapshot().refused()).isZero();
        assertThat(sum(ServerCounters::connectFailures)).isZero();
        assertThat(sum(ServerCounters::resets)).isZero();
        assertThat(sum(ServerCounters::connections)).isEqualTo(clients.opened.get());
        within(() -> sum(ServerCounters::open) == 0);
        if (cut.isEmpty()) {
            assertThat(sum(ServerCounters::bytesIn)).isEqualTo(clients.sent.get());
            assertThat(sum(ServerCounters::bytesOut)).isEqualTo(clients.received.get());
        }
    }

    @Test
    void aHalfThatFailsFlapsAndRecoversTakesNoConnectionOfTheOthersWithIt() throws Exception {
        serve(b -> b);
        for (int i = 0; i < FLAPS; i++) {
            fail(half);
            recover(half);
        }
        assertThat(clients.cut).isEmpty(); // it was only their checks that failed

        fail(half);
        farm.crash(0, half); // as nobody is given to them any more, nobody notices but who was there
        clients.awaitRound();
        farm.start(0, half);
        recover(half);
        awaitServiceOfAll();

        expect(FLAPS + 1, half, IntStream.range(0, half).boxed().toList());
        assertThat(poolEvents).isEmpty();
    }

    @Test
    void whenAllChecksFailButTheServersDoNotAPanicKeepsTheServiceWhole() throws Exception {
        downIsOut = false;
        serve(b -> b.panicThreshold(50));
        fail(servers);
        awaitServiceOfAll();
        recover(servers);
        awaitServiceOfAll();
        expect(1, servers, List.of());
        assertThat(poolEvents).containsExactly("PanicStarted", "QuorumLost", "QuorumGained", "PanicEnded");
    }

    @Test
    void nobodyIsRefusedWhileTheServiceGoesToTheSorryServerAndBack() throws Exception {
        serve(b -> b.quorum(servers * 3 / 4).sorryServer(farm.key(sorry).toString()));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < SWAPS; i++) {
            int lost = poolEvents.size() + 1;
            fail(half);
            within(() -> poolEvents.size() == lost);
            int before = clients.served.get(sorry);
            outSince(System.nanoTime(), 0, servers);
            clients.awaitRound();
            assertThat(clients.served.get(sorry)).isGreaterThan(before);
            outSince(NEVER, 0, servers);
            recover(half);
            within(() -> poolEvents.size() == lost + 1);
            outSince(System.nanoTime(), sorry, sorry + 1);
            clients.awaitRound();
            outSince(NEVER, sorry, sorry + 1);
            expected.addAll(List.of("QuorumLost", "QuorumGained"));
        }
        awaitServiceOfAll();
        expect(SWAPS, half, List.of());
        assertThat(poolEvents).containsExactlyElementsOf(expected);
    }
}
