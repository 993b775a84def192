package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceTemplates;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A connection is decided on while its server is being taken out. Who takes it out looks at the server's connections when
 * {@code configure} has returned, and thinks that none comes any more: a drain ends there.
 */
class EngineRaceTest {
    private static final int ROUNDS = 20_000;
    private static final int SERVERS = 2;
    private static final int REMOVED = -1;

    private enum Kind {
        WITHOUT_PERSISTENCE,
        BY_ADDRESS,
        BY_KEY;

        Optional<Persistence> persistence() {
            return switch (this) {
                case WITHOUT_PERSISTENCE -> Optional.empty();
                case BY_ADDRESS -> Optional.of(Persistence.of(Duration.ofSeconds(60)));
                case BY_KEY -> Optional.of(Persistence.byKey(Duration.ofSeconds(60)));
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void noConnectionComesToAServerThatHasBeenQuiesced(Kind kind) {
        new TakenOut(kind, 0).run(ROUNDS);
    }

    @ParameterizedTest
    @EnumSource
    void noConnectionComesToAServerThatHasBeenRemovedAndNoTemplateNamesIt(Kind kind) {
        new TakenOut(kind, REMOVED).run(ROUNDS);
    }

    private static final class TakenOut extends Race {
        private final DecisionEngine engine = new DecisionEngine(() -> 0);
        private final VirtualService service;
        private final int weight;
        private final List<ServerKey> keys = IntStream.rangeClosed(1, SERVERS)
                .mapToObj(i -> ServerKey.of("10.9.0." + i, 8000))
                .toList();
        private int leaving;
        private int client;
        private Lease held;
        private Lease lease;
        private int seen;

        TakenOut(Kind kind, int weight) {
            VirtualService.Builder builder =
                    VirtualService.builder().listen("10.8.0.1", 80).scheduler("rr");
            kind.persistence().ifPresent(builder::persistence);
            this.service = builder.build();
            this.weight = weight;
        }

        @Override
        void prepare(int round) {
            configure(REMOVED - 1);
            client = round;
            held = acquire(); // so that a client who persists has a template on the server that leaves
            leaving = keys.indexOf(held.server());
            held.close();
        }

        private Lease acquire() {
            return engine.acquire(new Flow()
                    .set(0, Tables.IPV4 | client, 40_000, 0, Tables.IPV4 | 1, 80)
                    .key(client));
        }

        @Override
        void one() {
            configure(weight);
            seen = open();
        }

        @Override
        void two() {
            lease = acquire();
        }

        /** Gives the leaving server a weight; below that of a removed one it is as good as the others. */
        private void configure(int leavingWeight) {
            List<Pool.Member> members = new ArrayList<>();
            for (int i = 0; i < SERVERS; i++) {
                int its = i == leaving && leavingWeight >= REMOVED ? leavingWeight : 1;
                if (its != REMOVED) {
                    members.add(new Pool.Member(
                            RealServer.builder(keys.get(i)).weight(its).build(), its, true));
                }
            }
            engine.configure(new Pool(service, members));
        }

        private int open() {
            return engine.counters().of(keys.get(leaving)).open();
        }

        @Override
        void check(int round) {
            boolean there = lease.server().equals(keys.get(leaving));
            assertThat(open()).isEqualTo(there ? 1 : 0);
            assertThat(open())
                    .as("connections there, %d when it had been taken out", seen)
                    .isLessThanOrEqualTo(seen);
            lease.close();
            if (weight == REMOVED) {
                assertThat(engine.persistence().map(PersistenceTemplates::list).orElse(List.of()))
                        .noneMatch(template -> template.server().equals(keys.get(leaving)));
            }
            engine.persistence().ifPresent(templates -> keys.forEach(templates::evict));
        }
    }
}
