package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.ServiceHandle;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many connections on which nothing happens. Each takes four descriptors of this process, two of them the test's. */
@Tag("size")
class IdleConnectionsTest extends TransportTest {
    private static final int CONNECTIONS = Integer.getInteger("lvs.promise.idle", 2_000);
    private static final long MOST_BYTES = 16 * 1024;
    private static final Duration IDLE = Duration.ofMinutes(10);

    @Test
    void idleConnectionsStayAndCostLittle() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service =
                lab.serve(b -> b.timeouts(ConnectionTimeouts.defaults().withIdle(IDLE)), server);
        List<Socket> clients = new ArrayList<>();
        List<Socket> servers = new ArrayList<>();
        add(20, service, server, clients, servers); // what the first ones cost, all others share
        long before = usedBytes();

        add(CONNECTIONS, service, server, clients, servers);
        long each = (usedBytes() - before) / CONNECTIONS;
        advance(IDLE.minusMillis(1));
        awaitSweep();
        double percent = LoopActivity.busiestPercentDuring(Duration.ofSeconds(2));
        System.out.printf(
                "%d idle connections over %s: %d bytes each with the test's own sockets, busiest loop %.2f %%%n",
                CONNECTIONS, transport, each, percent);

        assertThat(each).as("bytes each, with the test's own sockets").isLessThanOrEqualTo(MOST_BYTES);
        assertThat(percent).as("percent of a core").isLessThan(20);
        assertThat(Lab.counters(service, server).open()).isEqualTo(clients.size());
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).getOutputStream().write(i);
            assertThat(servers.get(i).getInputStream().read()).isEqualTo(i & 0xff);
            servers.get(i).getOutputStream().write(i + 1);
            assertThat(clients.get(i).getInputStream().read()).isEqualTo(i + 1 & 0xff);
        }
    }

    private void add(int count, ServiceHandle service, TestServer server, List<Socket> clients, List<Socket> servers)
            throws Exception {
        for (int i = 0; i < count; i++) {
            clients.add(lab.connect(service));
            servers.add(server.take());
        }
        int all = clients.size();
        await().until(() -> Lab.counters(service, server).active() == all);
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + Resources.directMemory();
    }
}
