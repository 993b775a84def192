package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lvs4j.ServiceHandle;
import io.lvs4j.spi.Ticker;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What the event loops allocate for an exchange on a connection that is established: we nothing, and Netty (4.2.18) an event and its
 * ops for each of the two events, 64 bytes, because it keeps no ready-made one for "readable and writable".
 */
class RelayAllocationTest {
    private static final int EXCHANGES = 20_000;

    /** For the sweep, which looks at the connections four times a second, and for tasks. */
    private static final long TOLERATED_BYTES = 256 * 1024;

    private static final long NETTYS_BYTES = 64;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Bytes allocated by all event loops so far. */
    private static long allocated() {
        long[] loops = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("lvs-netty-"))
                .mapToLong(java.lang.management.ThreadInfo::getThreadId)
                .toArray();
        assertThat(loops).isNotEmpty();
        return Arrays.stream(THREADS.getThreadAllocatedBytes(loops)).sum();
    }

    private static void exchange(Socket client) throws Exception {
        for (int i = 0; i < EXCHANGES; i++) {
            Lab.ping(client);
        }
    }

    @Test
    void anExchangeCostsNoMoreThanNettysTwoEvents() throws Exception {
        try (Lab lab = new Lab(Transport.EPOLL, Ticker.system())) {
            ServiceHandle service = lab.serve(lab.keep(TestServer.echo()));
            Socket client = lab.connect(service);
            client.setTcpNoDelay(true);
            exchange(client); // compiles it

            long before = allocated();
            exchange(client);

            assertThat(allocated() - before).isLessThan(EXCHANGES * NETTYS_BYTES + TOLERATED_BYTES);
        }
    }
}
