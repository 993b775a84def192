package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTarget;
import io.lvs4j.check.TcpCheck;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpProbeTest {
    private static final TcpCheck CHECK =
            TcpCheck.builder().warmup(Duration.ZERO).build();

    private final NettyHealthMonitor monitor = NettyHealthMonitor.create();

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void aConnectionIsAPass() throws Exception {
        try (Liar server = new Liar((self, client) -> self.noteEnding(client))) {
            assertThat(Asking.found(monitor, server.key(), CHECK)).isEqualTo("connected");
        }
    }

    @Test
    void ipv6Works() throws Exception {
        try (Liar server = new Liar(
                new ServerSocket(0, 50, InetAddress.getByName("::1")), (self, client) -> self.noteEnding(client))) {
            assertThat(Asking.found(monitor, server.key(), CHECK)).isEqualTo("connected");
        }
    }

    @Test
    void aGreetingNamesNobodyInVersion2AndThisConnectionInVersion1() throws Exception {
        try (Liar server = new Liar((self, client) -> {
            byte[] all = client.getInputStream().readAllBytes();
            self.seen.add(new String(all, StandardCharsets.ISO_8859_1).replace(" " + client.getPort() + " ", " port "));
        })) {
            assertThat(Asking.found(monitor, server.key(), CHECK, Optional.of(ProxyProtocol.Version.V2)))
                    .isEqualTo("connected");
            assertThat(server.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("\r\n\r\n\0\r\nQUIT\n \0\0\0");
            assertThat(Asking.found(monitor, server.key(), CHECK, Optional.of(ProxyProtocol.Version.V1)))
                    .isEqualTo("connected");
            assertThat(server.seen.poll(10, TimeUnit.SECONDS))
                    .isEqualTo("PROXY TCP4 127.0.0.1 127.0.0.1 port "
                            + server.key().port() + "\r\n");
        }
    }

    @Test
    void theServerSeesAnOrderlyEnd() throws Exception {
        try (Liar server = new Liar((self, client) -> self.noteEnding(client))) {
            monitor.watch(server.key(), CHECK, (up, cause) -> {});

            assertThat(server.seen.poll(5, TimeUnit.SECONDS)).isEqualTo("FIN");
        }
    }

    @Test
    void aServerThatGreetsFirstSeesAnOrderlyEndToo() throws Exception {
        try (Liar server = new Liar((self, client) -> {
            Liar.send(client, "220 mail.example.org ESMTP\r\n");
            self.noteEnding(client);
            Liar.send(client, "221 bye\r\n");
            self.noteEnding(client);
        })) {
            monitor.watch(server.key(), CHECK, (up, cause) -> {});

            assertThat(server.seen.poll(5, TimeUnit.SECONDS)).isEqualTo("FIN");
            assertThat(server.seen.poll(5, TimeUnit.SECONDS)).isEqualTo("FIN");
        }
    }

    @Test
    void aSocketThatMeetsItselfFoundNoServer() throws Exception {
        Liar gone = new Liar((self, client) -> {});
        gone.close();
        MonitorLoops loops = MonitorLoops.own(new Transport.Nio());
        Sockets sockets = new Sockets(loops.group(), () -> new NioSocketChannel() {
            @Override
            protected boolean doConnect(SocketAddress remote, SocketAddress local) throws Exception {
                return super.doConnect(remote, remote); // from the port that is asked for, as chance may have it
            }
        });
        CompletableFuture<CheckResult> outcome = new CompletableFuture<>();

        new TcpProbe(CheckTarget.server(), sockets, Optional.empty()).begin(gone.key(), outcome::complete);

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(CheckResult.failed("connect", "connection refused"));
        loops.close(sockets.close());
    }
}
