package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.DnsCheck;
import io.lvs4j.testkit.FreePorts;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DNS servers, a real one and liars. That a verdict was in time shows in its words. */
class DnsProbeTest {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final String SILENCE = "dns: no answer within 1s";

    private final NettyHealthMonitor monitor = NettyHealthMonitor.create();

    @AfterEach
    void close() {
        monitor.close();
    }

    private static DnsCheck.Builder check(Duration timeout) {
        return DnsCheck.builder().connectTimeout(timeout).warmup(Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({
        "who.test, A, NOERROR",
        "who.test., AAAA, NOERROR",
        "nobody.test, A, dns: NXDOMAIN (expected: NOERROR)",
        "., SOA, dns: REFUSED (expected: NOERROR)"
    })
    void aRealServersCodeIsTheVerdict(String name, DnsCheck.Type type, String found) throws Exception {
        try (Dnsmasq server = new Dnsmasq()) {
            assertThat(Asking.found(
                            monitor,
                            server.key,
                            check(LONG).name(name).type(type).build()))
                    .isEqualTo(found);
        }
    }

    @Test
    void aServerThatIsGoneIsFoundOutBeforeTheDeadline() throws Exception {
        DatagramLiar gone = DatagramLiar.silent();
        gone.close();

        assertThat(Asking.found(monitor, gone.key(), check(LONG).build())).isEqualTo("dns: port unreachable");
    }

    @Test
    void ipv6Works() throws Exception {
        try (DatagramLiar server =
                new DatagramLiar("::1", (self, query, from) -> self.send(answer(query, 0x8180), from))) {
            assertThat(Asking.found(monitor, server.key(), check(LONG).build())).isEqualTo("NOERROR");
        }
    }

    @Test
    void silenceFailsAtTheDeadline() throws Exception {
        try (DatagramLiar liar = DatagramLiar.silent()) {
            assertThat(Asking.found(monitor, liar.key(), check(SHORT).build())).isEqualTo(SILENCE);
        }
    }

    @Test
    void anotherIdIsNoAnswer() throws Exception {
        ignored(query -> {
            byte[] answer = answer(query, 0x8180);
            answer[1] ^= 1;
            return answer;
        });
    }

    @Test
    void anotherQuestionIsNoAnswer() throws Exception {
        ignored(query -> {
            byte[] answer = answer(query, 0x8180);
            answer[answer.length - 3] ^= 1;
            return answer;
        });
    }

    @Test
    void aQueryIsNoAnswer() throws Exception {
        ignored(query -> query);
    }

    @Test
    void whatIsCutOffIsNoAnswer() throws Exception {
        ignored(query -> Arrays.copyOf(answer(query, 0x8180), 11));
        ignored(query -> Arrays.copyOf(answer(query, 0x8180), 14));
        ignored(query -> new byte[0]);
    }

    @Test
    void aPointerInPlaceOfTheQuestionIsNotFollowed() throws Exception {
        ignored(query -> {
            byte[] answer = answer(query, 0x8180);
            answer[12] = (byte) 0xc0;
            answer[13] = 12; // to itself
            return answer;
        });
    }

    @Test
    void recordsThatLieAreOfNoInterest() throws Exception {
        try (DatagramLiar server = new DatagramLiar((self, query, from) -> {
            byte[] answer = Arrays.copyOf(answer(query, 0x8180), query.length + 1000);
            answer[6] = answer[7] = (byte) 0xff; // so many answers
            for (int i = query.length; i < answer.length; i += 2) {
                answer[i] = (byte) 0xc0;
                answer[i + 1] = 12;
            }
            self.send(answer, from);
        })) {
            assertThat(Asking.found(
                            monitor, server.key(), check(LONG).name("a.test").build()))
                    .isEqualTo("NOERROR");
        }
    }

    @Test
    void hugeDatagramsAreReadUpToALimit() throws Exception {
        try (DatagramLiar liar = new DatagramLiar((self, query, from) -> {
            for (int i = 0; i < 10_000; i++) {
                self.send(new byte[2000], from);
            }
        })) {
            assertThat(Asking.found(monitor, liar.key(), check(LONG).build())).isEqualTo("dns: more than 64 KiB");
        }
    }

    @Test
    void anAnswerFromElsewhereIsNoAnswer() throws Exception {
        try (DatagramLiar liar =
                new DatagramLiar((self, query, from) -> DatagramLiar.sendFromElsewhere(answer(query, 0x8180), from))) {
            assertThat(Asking.found(monitor, liar.key(), check(SHORT).build())).isEqualTo(SILENCE);
        }
    }

    @Test
    void aGoodAnswerAfterABadOneCounts() throws Exception {
        try (DatagramLiar server = new DatagramLiar((self, query, from) -> {
            byte[] late = answer(query, 0x8183);
            late[0] ^= 1;
            self.send(late, from);
            self.send(answer(query, 0x8180), from);
        })) {
            assertThat(Asking.found(monitor, server.key(), check(LONG).build())).isEqualTo("NOERROR");
        }
    }

    @Test
    void theAnswerIsAwaitedWhereTheQuestionWasAskedFrom() throws Exception {
        int port = FreePorts.on(InetAddress.getByName("127.0.0.7"));
        try (DatagramLiar server = new DatagramLiar((self, query, from) -> self.send(answer(query, 0x8180), from))) {
            DnsCheck check = check(LONG)
                    .connectIp("127.0.0.1")
                    .connectPort(server.key().port())
                    .bindTo("127.0.0.7")
                    .bindPort(port)
                    .build();
            assertThat(Asking.found(monitor, ServerKey.of("192.0.2.1", 53), check))
                    .isEqualTo("NOERROR");
            assertThat(server.seen).extracting(SocketAddress::toString).containsExactly("/127.0.0.7:" + port);
        }
    }

    private void ignored(UnaryOperator<byte[]> lie) throws IOException {
        try (DatagramLiar liar = new DatagramLiar((self, query, from) -> self.send(lie.apply(query), from))) {
            DnsCheck check = check(SHORT).name("a.test").build();
            assertThat(Asking.found(monitor, liar.key(), check)).isEqualTo(SILENCE);
        }
    }

    private static byte[] answer(byte[] query, int flags) {
        byte[] answer = query.clone();
        answer[2] = (byte) (flags >> 8);
        answer[3] = (byte) flags;
        return answer;
    }

    /** A real dnsmasq that knows one name and its zone. */
    private static final class Dnsmasq implements AutoCloseable {
        final ServerKey key = ServerKey.of("127.0.0.1", FreePorts.on(InetAddress.getLoopbackAddress()));
        private final Process process;

        Dnsmasq() throws IOException {
            try {
                process = new ProcessBuilder(
                                "/usr/sbin/dnsmasq",
                                "--keep-in-foreground",
                                "--conf-file=/dev/null",
                                "--no-resolv",
                                "--no-hosts",
                                "--pid-file",
                                "--user=" + System.getProperty("user.name"),
                                "--bind-interfaces",
                                "--listen-address=127.0.0.1",
                                "--port=" + key.port(),
                                "--local=/test/",
                                "--host-record=who.test,192.0.2.1")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                throw new AssertionError(
                        "dnsmasq: not found (expected: apt-get install dnsmasq-base, as ./test does)", e);
            }
            Awaitility.await().until(this::listens);
        }

        private boolean listens() {
            assertThat(process.isAlive()).isTrue();
            try (DatagramSocket probe = new DatagramSocket(key.port(), key.address())) {
                return !probe.isBound();
            } catch (IOException e) {
                return true; // the port is taken
            }
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
