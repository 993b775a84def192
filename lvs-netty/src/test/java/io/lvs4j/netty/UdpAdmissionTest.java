package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ConnectionLimits;
import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.Refusal;
import io.lvs4j.ServiceHandle;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who gets into a UDP service: new flows are admitted, and datagrams of those that are not are dropped and counted. */
class UdpAdmissionTest extends UdpTest {
    private static final String A = "127.0.0.2";
    private static final String B = "127.0.0.3";
    private static final ConnectionLimits NONE = ConnectionLimits.defaults();

    private void isRefused(UdpClient client, ServiceHandle service, Refusal reason) throws Exception {
        long before = service.snapshot().refusals().getOrDefault(reason, 0L);
        client.send((byte) 9);
        await().until(() -> service.snapshot().refusals().getOrDefault(reason, 0L) == before + 1);
    }

    @Test
    void whoIsDeniedGetsNoAnswer() throws Exception {
        UdpServer server = echo();
        ServiceHandle service = serve(b -> b.deny(B), server);
        client(A, service).ask((byte) 1);
        isRefused(client(B, service), service, Refusal.ACCESS_DENIED);
        assertThat(counters(service, server).connections()).isOne();
        assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.ACCESS_DENIED, 1L));
    }

    @Test
    void flowsAreLimitedPerSourceAndForTheService() throws Exception {
        UdpServer server = echo();
        ServiceHandle service = serve(
                b -> b.limits(NONE.withPerService(3).withPerSource(2))
                        .timeouts(ConnectionTimeouts.defaults().withUdp(Duration.ofMinutes(1))),
                server);
        UdpClient first = client(A, service);
        first.ask((byte) 1);
        client(A, service).ask((byte) 2);
        isRefused(client(A, service), service, Refusal.SOURCE_FULL);
        client(B, service).ask((byte) 3);
        isRefused(client("127.0.0.4", service), service, Refusal.SERVICE_FULL);
        first.ask((byte) 4);

        advance(Duration.ofMinutes(1));
        await().until(() -> counters(service, server).open() == 0);
        client(A, service).ask((byte) 5);
        client(A, service).ask((byte) 6);
        isRefused(client(A, service), service, Refusal.SOURCE_FULL);
    }

    @Test
    void newFlowsOfASourceAreLimitedInTime() throws Exception {
        ServiceHandle service = serve(b -> b.limits(NONE.withNewPerSource(2)), echo());
        UdpClient first = client(A, service);
        first.ask((byte) 1);
        client(A, service).ask((byte) 2);
        UdpClient third = client(A, service);
        isRefused(third, service, Refusal.SOURCE_RATE);
        for (int i = 0; i < 10; i++) {
            first.ask((byte) 3); // no new flow
        }
        advance(Duration.ofMillis(500));
        third.ask((byte) 4);
    }

    @Test
    void limitsCountTheFlowsThatThereAre() throws Exception {
        UdpServer server = echo();
        ServiceHandle service = serve(server);
        UdpClient first = client(A, service);
        first.ask((byte) 1);
        client(A, service).ask((byte) 2);
        lab.edit(service, b -> b.limits(NONE.withPerSource(2)));
        isRefused(client(A, service), service, Refusal.SOURCE_FULL);
        first.ask((byte) 3);
        client(B, service).ask((byte) 4);
    }

    @Test
    void datagramsThatAreScheduledAloneAreLimitedOneByOne() throws Exception {
        ServiceHandle service = serve(b -> b.onePacketScheduling().deny(B).limits(NONE.withNewPerSource(3)), echo());
        UdpClient client = client(A, service);
        for (byte i = 0; i < 3; i++) {
            client.ask(i);
        }
        isRefused(client, service, Refusal.SOURCE_RATE);
        isRefused(client(B, service), service, Refusal.ACCESS_DENIED);
        advance(Duration.ofSeconds(1));
        client.ask((byte) 4);
    }
}
