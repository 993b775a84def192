package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not read, servers that send at full speed, and little memory. */
@Tag("size")
class MemoryFamineTest {
    /** The promise is 5,000 with 64 MiB of direct memory; these are a tenth with an eighth. */
    private static final int CLIENTS = Integer.getInteger("lvs.famine.clients", 500);

    private static final String DIRECT_MEMORY = System.getProperty("lvs.famine.direct", "8m");
    private static final long MOST_PER_CLIENT = 512 * 1024;

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void sendersAreStoppedAndMemorySuffices(String transport) throws IOException {
        int port = Ports.free();
        List<SocketChannel> clients = new ArrayList<>();
        try (Sender sender = new Sender();
                ChildProcess lvs = ChildProcess.start(withLittleMemory(
                        "serve",
                        "--listen",
                        "127.0.0.1:" + port,
                        "--servers",
                        sender.key().toString(),
                        "--transport",
                        transport,
                        "--profile",
                        "edge"))) {
            lvs.awaitOut(line -> line.startsWith("serving "));
            for (int i = 0; i < CLIENTS; i++) {
                SocketChannel client = SocketChannel.open();
                clients.add(client);
                client.setOption(StandardSocketOptions.SO_RCVBUF, 32 * 1024);
                client.connect(Ports.address(port));
            }

            AtomicLong last = new AtomicLong();
            await().atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> sender.sent() > 0 && last.getAndSet(sender.sent()) == sender.sent());

            assertThat(sender.most()).as("%s", sender).isLessThanOrEqualTo(MOST_PER_CLIENT);
            for (SocketChannel client : clients) {
                client.close();
            }
            try (Socket reader = new Socket("127.0.0.1", port)) {
                reader.setSoTimeout(20_000);
                assertThat(reader.getInputStream().readNBytes(8 << 20)).hasSize(8 << 20);
            }
            assertThat(lvs.err()).noneMatch(line -> line.contains("OutOf"));
            assertThat(lvs.isAlive()).isTrue();
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    private static List<String> withLittleMemory(String... arguments) {
        List<String> command = new ArrayList<>(ChildProcess.lvsCommand(arguments));
        command.addAll(1, List.of("-Xmx256m", "-XX:MaxDirectMemorySize=" + DIRECT_MEMORY));
        return command;
    }
}
