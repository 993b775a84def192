package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ServiceHandle;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that end their stream and then reset, which has left other forwarders with dead connections and a loop that spins. */
@Tag("size")
class LeavingClientsTest extends TransportTest {
    private static final int CLIENTS = Integer.getInteger("lvs.promise.leaving", 10_000);

    @Test
    void clientsThatEndAndThenResetLeaveNoDescriptorAndNoLoopThatSpins() throws Exception {
        ServiceHandle service = lab.serve(lab.keep(TestServer.echo()));
        int before = Resources.now().descriptors();

        for (int i = 0; i < CLIENTS; i++) {
            try (Socket client = new Socket()) {
                client.connect(Lab.addressOf(service));
                client.setSoTimeout(Lab.TIMEOUT_MILLIS);
                if (i % 2 == 0) {
                    Lab.ping(client); // the others are gone before they have a server, or after
                }
                client.getOutputStream().write(i);
                client.shutdownOutput();
                Lab.reset(client);
            }
        }

        await().atMost(Duration.ofSeconds(5)).until(() -> Resources.now().descriptors() <= before + 5);
        await().until(() -> service.snapshot().servers().get(0).counters().open() == 0);
        long carried = service.snapshot().servers().get(0).counters().connections();
        assertThat(carried).isGreaterThanOrEqualTo(CLIENTS / 2);
        double percent = LoopActivity.busiestPercentDuring(Duration.ofSeconds(1));
        System.out.printf(
                "end, then reset over %s: %d clients, %d carried, busiest loop then %.2f %%%n",
                transport, CLIENTS, carried, percent);
        assertThat(percent).as("percent of a core").isLessThan(50);
    }
}
