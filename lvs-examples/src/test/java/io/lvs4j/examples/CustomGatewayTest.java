package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.DrainReport;
import io.lvs4j.ServerState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that has its own listener and asks for decisions only. */
class CustomGatewayTest {
    private final DemoServer[] servers = new DemoServer[2];
    private InetSocketAddress address;
    private CustomGateway gateway;

    @BeforeEach
    void start() throws IOException {
        servers[0] = DemoServer.open("one");
        servers[1] = DemoServer.open("two");
        address = Ports.address(Ports.free());
        gateway = new CustomGateway(address, List.of(servers[0].key(), servers[1].key()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        servers[0].close();
        servers[1].close();
    }

    @Test
    void aClientKeepsItsServer() throws IOException {
        String home = DemoClient.of(11).ask(address);

        assertThat(DemoClient.of(11).ask(address)).isEqualTo(home);
        assertThat(gateway.service().server(key(home)).snapshot().counters().connections())
                .isEqualTo(2);
    }

    @Test
    void aDrainedServerGetsNobodyAnyMore() throws Exception {
        String home = DemoClient.of(11).ask(address);

        DrainReport report = gateway.drain(key(home)).get(20, TimeUnit.SECONDS);

        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.DRAINED);
        assertThat(DemoClient.of(11).ask(address)).isNotEqualTo(home);
    }

    @Test
    void aFailedCheckMovesItsClients() throws IOException {
        String home = DemoClient.of(11).ask(address);

        server(home).stop();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.service().server(key(home)).snapshot().state() == ServerState.DOWN);

        assertThat(DemoClient.of(11).ask(address)).isNotEqualTo(home);
    }

    private DemoServer server(String name) {
        return servers[0].name().equals(name) ? servers[0] : servers[1];
    }

    private io.lvs4j.ServerKey key(String name) {
        return server(name).key();
    }
}
