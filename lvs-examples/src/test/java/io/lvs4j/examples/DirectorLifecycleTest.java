package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.Director;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.check.HttpCheck;
import java.io.File;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A director with everything on, as an embedder has it: backend, checks, events, connections. */
class DirectorLifecycleTest {
    private static final int CYCLES = 200;

    /** What the allocator keeps for later and gives to the next cycle. */
    private static final long KEPT_BYTES = 1024 * 1024;

    @Test
    void manyDirectorsInOneJvmLeaveNoThreadNoDescriptorAndNoDirectMemory() throws IOException {
        try (DemoServer server = DemoServer.open("a")) {
            for (int i = 0; i < 10; i++) {
                cycle(server);
            }
            int descriptors = descriptors();
            long directBytes = directBytes();

            for (int i = 0; i < CYCLES; i++) {
                cycle(server);
                assertThat(threads()).isEmpty();
            }

            await().until(() -> descriptors() <= descriptors);
            assertThat(directBytes()).isLessThanOrEqualTo(directBytes + KEPT_BYTES);
            await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("globalEventExecutor")));
        }
    }

    private static void cycle(DemoServer server) throws IOException {
        int port = Ports.free();
        try (Director director = Director.builder().listener(event -> {}).build()) {
            ServiceHandle service = director.add(VirtualService.builder()
                    .listen("127.0.0.1", port)
                    .persistence(Duration.ofSeconds(10))
                    .healthCheck(HttpCheck.httpGet("/").warmup(Duration.ZERO).build())
                    .realServer(RealServer.builder(server.key()).build())
                    .build());
            assertThat(DemoClient.of(1).ask(Ports.address(port))).isEqualTo("a");
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> !service.server(server.key())
                            .snapshot()
                            .latestChecks()
                            .isEmpty());
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("lvs-"))
                .toList();
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        assertThat(open).isNotNull();
        return open.length;
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
