package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Persistence;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both persistence tables when two threads do something to one client, or to one server, at the same moment. */
class TableRaceTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int ROUNDS = 15_000;
    private static final int FEW = 4_000; // where a round is long
    private static final int SELDOM = 4; // clients of a table, half full, for whom there is no room

    private final AtomicLong now = new AtomicLong();

    private enum Kind {
        BY_ADDRESS,
        BY_KEY;

        Persistence settings() {
            return this == BY_ADDRESS ? Persistence.of(TIMEOUT) : Persistence.byKey(TIMEOUT);
        }
    }

    /** Two threads with a client of their own each round. */
    private abstract class OfOneClient extends Race {
        final Tables tables;
        int client;
        Lease held;
        Lease first;
        Lease second;

        OfOneClient(Kind kind) {
            tables = new Tables(kind.settings(), now::get, 2);
        }

        @Override
        void prepare(int round) {
            client = round;
            held = tables.connect(client);
        }

        /** Whether the client's template lives although its time is up, which is so while it has connections. */
        final boolean outlivesItsTime() {
            now.addAndGet(2 * TIMEOUT.toNanos());
            return tables.table.peek(tables.flow(client)) != null;
        }

        final void requireGone() {
            assertThat(outlivesItsTime()).as("template without connections").isFalse();
            assertThat(tables.destinations).allMatch(Destination::idle);
            tables.table.expire();
        }
    }

    @ParameterizedTest
    @EnumSource
    void firstConnectionsOfAClientGoToOneServer(Kind kind) {
        new OfOneClient(kind) {
            @Override
            void prepare(int round) {
                client = round;
            }

            @Override
            void one() {
                first = tables.connect(client);
            }

            @Override
            void two() {
                second = tables.connect(client);
            }

            @Override
            void check(int round) {
                assertThat(second.server()).isEqualTo(first.server());
                assertThat(outlivesItsTime()).isTrue();
                first.close();
                assertThat(outlivesItsTime()).isTrue();
                second.close();
                requireGone();
            }
        }.run(ROUNDS);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatBeginsWhileAnotherEndsIsNotLost(Kind kind) {
        new OfOneClient(kind) {
            @Override
            void one() {
                held.close();
            }

            @Override
            void two() {
                second = tables.connect(client);
            }

            @Override
            void check(int round) {
                assertThat(second.server()).isEqualTo(held.server());
                assertThat(outlivesItsTime())
                        .as("template of an open connection")
                        .isTrue();
                second.close();
                requireGone();
            }
        }.run(ROUNDS);
    }

    @ParameterizedTest
    @EnumSource
    void twoConnectionsThatEndTogetherAreBothForgotten(Kind kind) {
        new OfOneClient(kind) {
            @Override
            void prepare(int round) {
                super.prepare(round);
                second = tables.connect(client);
            }

            @Override
            void one() {
                held.close();
            }

            @Override
            void two() {
                second.close();
            }

            @Override
            void check(int round) {
                requireGone();
            }
        }.run(ROUNDS);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsEstablishedWhileAnotherEndsIsNotLost(Kind kind) {
        new OfOneClient(kind) {
            @Override
            void prepare(int round) {
                client = round;
                held = tables.open(client);
                second = tables.open(client);
            }

            @Override
            void one() {
                held.established();
            }

            @Override
            void two() {
                second.close();
            }

            @Override
            void check(int round) {
                assertThat(outlivesItsTime())
                        .as("template of an open connection")
                        .isTrue();
                held.close();
                requireGone();
            }
        }.run(ROUNDS);
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatIsEvictedWhileItConnectsHasItsConnectionCountedOnceAndOnOneServer(Kind kind) {
        new OfOneClient(kind) {
            @Override
            void one() {
                tables.table.evict(kind == Kind.BY_KEY ? (Object) (long) client : address());
            }

            private Object address() {
                return ClientHash.address(0, Tables.IPV4 | client);
            }

            @Override
            void two() {
                second = tables.connect(client);
            }

            @Override
            void check(int round) {
                held.close();
                second.close();
                requireGone();
            }
        }.run(ROUNDS);
    }

    @ParameterizedTest
    @EnumSource
    void noTemplateNamesAServerThatWasForgottenWhileItsClientConnected(Kind kind) {
        new OfOneClient(kind) {
            private Destination leaving;

            @Override
            void prepare(int round) {
                super.prepare(round);
                held.close();
                leaving = held.destination();
            }

            @Override
            void one() {
                leaving.retire();
                tables.table.forget(Destination::retired);
            }

            @Override
            void two() {
                second = tables.open(client);
            }

            @Override
            void check(int round) {
                assertThat(tables.table.peek(tables.flow(client))).isNotSameAs(leaving);
                assertThat(leaving.counters().persistent()).isZero();
                second.close();
                tables.weight(tables.destinations.indexOf(leaving), 1);
                requireGone();
            }
        }.run(FEW);
    }

    @Test
    void nobodyIsLostWhileTheTableGrows() {
        for (int attempt = 0; attempt < 20; attempt++) {
            Tables tables = new Tables(Persistence.of(TIMEOUT).withMaxEntries(1 << 14), now::get, 2); // room for all
            Lease[] mine = new Lease[1 << 12];
            Lease[] theirs = new Lease[mine.length];
            new Race() {
                @Override
                void one() {
                    connect(mine, 0);
                }

                @Override
                void two() {
                    connect(theirs, mine.length);
                }

                private void connect(Lease[] leases, int from) {
                    for (int i = 0; i < leases.length; i++) {
                        leases[i] = tables.connect(from + i);
                        tables.connect(from + i / 2).close(); // known, wherever it is by now
                    }
                }

                @Override
                void check(int round) {
                    now.addAndGet(2 * TIMEOUT.toNanos());
                    int unremembered = 0;
                    for (int client = 0; client < 2 * mine.length; client++) {
                        Lease lease = client < mine.length ? mine[client] : theirs[client - mine.length];
                        if (lease.table() == null) { // its window was full of connected clients, once in millions
                            unremembered++;
                        } else {
                            assertThat(tables.table.peek(tables.flow(client))).isSameAs(lease.destination());
                        }
                        lease.close();
                    }
                    assertThat(unremembered).isLessThanOrEqualTo(SELDOM);
                    now.addAndGet(2 * TIMEOUT.toNanos());
                    assertThat(tables.table.list()).isEmpty();
                }
            }.run(1);
        }
    }

    @Test
    void noClientWithAnEstablishedConnectionGivesWayToAFlood() {
        Tables tables = new Tables(Persistence.of(TIMEOUT).withMaxEntries(64), now::get, 2);
        new Race() {
            private Lease lease;
            private int client;
            private int stranger = 1 << 20;

            @Override
            void prepare(int round) {
                client = round;
                lease = tables.connect(client);
                while (lease.table() == null) { // its window is full of strangers that have not left yet
                    lease.close();
                    lease = tables.connect(++client);
                }
            }

            @Override
            void one() {
                Lease another = tables.connect(client);
                lease.close();
                lease = another;
            }

            @Override
            void two() {
                for (int i = 0; i < 8; i++) {
                    tables.open(stranger++).close();
                }
            }

            @Override
            void check(int round) {
                assertThat(tables.table.peek(tables.flow(client))).isSameAs(lease.destination());
                lease.close();
            }
        }.run(FEW);
    }
}
