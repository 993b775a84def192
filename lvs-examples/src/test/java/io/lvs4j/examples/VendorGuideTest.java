package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.Director;
import io.lvs4j.ListenAddress;
import io.lvs4j.ServiceHandle;
import io.lvs4j.testkit.ManualTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The vendor guide's service before two gateways: rr, persistence 10 s, TCP check. Time passes by hand. */
class VendorGuideTest {
    private final ManualTime time = new ManualTime();
    private DemoServer gateway1;
    private DemoServer gateway2;
    private Director director;
    private ServiceHandle auth;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws IOException {
        gateway1 = DemoServer.open("gateway1");
        gateway2 = DemoServer.open("gateway2");
        int port = Ports.free();
        address = Ports.address(port);
        director = Director.builder().ticker(time).build();
        auth = director.add(AuthProxyFrontEnd.service(
                ListenAddress.of("127.0.0.1", port), List.of(gateway1.key(), gateway2.key())));
    }

    @AfterEach
    void stop() {
        director.close();
        gateway1.close();
        gateway2.close();
    }

    @Test
    void aClientStaysOnItsGatewayForTenSecondsAfterItsLastConnection() throws IOException {
        DemoClient client = DemoClient.of(11);
        String home = ask(client);

        time.advance(Duration.ofSeconds(9));
        assertThat(ask(client)).isEqualTo(home);
        time.advance(Duration.ofSeconds(9));
        assertThat(ask(client)).as("each connection renews it").isEqualTo(home);
    }

    @Test
    void anotherClientGoesToTheOtherGateway() throws IOException {
        String home = ask(DemoClient.of(11));

        assertThat(ask(DemoClient.of(12))).isNotEqualTo(home);
        assertThat(ask(DemoClient.of(11))).isEqualTo(home);
    }

    @Test
    void afterTenSecondsAClientIsScheduledAgain() throws IOException {
        DemoClient client = DemoClient.of(11);
        String home = ask(client);
        assertThat(ask(DemoClient.of(12))).isNotEqualTo(home);

        time.advance(Duration.ofSeconds(11));
        assertThat(ask(DemoClient.of(13))).as("takes the turn").isEqualTo(home);

        assertThat(ask(client)).isNotEqualTo(home);
    }

    /** Asks and waits until the service has seen the end of the connection, from which the 10 s count. */
    private String ask(DemoClient client) throws IOException {
        String answer = client.ask(address);
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> auth.snapshot().servers().stream()
                        .allMatch(server -> server.counters().open() == 0));
        return answer;
    }
}
